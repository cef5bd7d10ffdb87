import { asObjects, asString, type Json, type JsonObject } from "../../lib/json.ts";
import { ApiFault } from "../fault.ts";
import type { Schema } from "../validation.ts";
import type { ActionContent, ActionSecret } from "./action-records.ts";
import { checkUpgrade, readRuntime, readTrigger, triggerIds } from "./action-triggers.ts";

const defaultCode = "module.exports = () => {}";

const properties = {
  name: { type: "string", minLength: 1, description: "The name of an action." },
  supported_triggers: {
    type: "array",
    minItems: 1,
    maxItems: 1,
    description: "The trigger that this action supports.",
    items: {
      type: "object",
      required: ["id"],
      properties: {
        id: { type: "string", enum: [...triggerIds], description: "An actions extensibility point." },
        version: { type: "string", description: "The version of a trigger." },
        // What GET /actions/triggers says about a trigger may be sent back with it and changes nothing.
        status: { type: "string" },
        runtimes: { type: "array", items: { type: "string" } },
        default_runtime: { type: "string" },
        compatible_triggers: { type: "array", items: { type: "object", required: ["id", "version"] } },
        binding_policy: { type: "string", enum: ["trigger-bound", "entity-bound"] },
      },
    },
  },
  code: { type: "string", description: "The source code of the action." },
  dependencies: {
    type: "array",
    description: "The npm modules that this action depends on.",
    items: {
      type: "object",
      properties: {
        name: { type: "string", description: "The name of the npm module." },
        version: { type: "string", description: "The version of the npm module." },
        registry_url: { type: "string", description: "A private npm registry." },
      },
    },
  },
  runtime: { type: "string", description: "The Node runtime." },
  secrets: {
    type: "array",
    description: "The secrets of an action.",
    items: {
      type: "object",
      additionalProperties: true,
      properties: {
        name: { type: "string", description: "The name of the secret." },
        value: { type: "string", description: "The value of the secret." },
      },
    },
  },
  // There are no action modules in this tenant that could be referred to.
  modules: { type: "array", maxItems: 0, description: "The action modules used by this action." },
} as const satisfies Record<string, Schema>;

/** Body of `POST /actions/actions`. */
export const createSchema: Schema = {
  type: "object",
  required: ["name", "supported_triggers"],
  properties: {
    ...properties,
    deploy: { type: "boolean", description: "Deploy the action after creation." },
  },
};

/** Body of `PATCH /actions/actions/{id}`. */
export const updateSchema: Schema = { type: "object", properties };

/** The first draft, with the API's defaults for what the body leaves out. */
export function createContent(body: JsonObject, now: number): ActionContent {
  const trigger = readTrigger(asObjects(body["supported_triggers"])[0]);
  return {
    code: asString(body["code"]) ?? defaultCode,
    dependencies: asObjects(body["dependencies"]),
    runtime: readRuntime(asString(body["runtime"]), trigger),
    secrets: readSecrets(body["secrets"], [], now),
    trigger,
  };
}

/** The next draft: what the body gives replaces, as a whole, what the last draft had. */
export function updateContent(last: ActionContent, body: JsonObject, now: number): ActionContent {
  const { supported_triggers: triggers, dependencies, secrets } = body;
  const trigger = triggers === undefined ? last.trigger : readTrigger(asObjects(triggers)[0]);
  checkUpgrade(last.trigger, trigger);
  return {
    code: asString(body["code"]) ?? last.code,
    dependencies: dependencies === undefined ? last.dependencies : asObjects(dependencies),
    runtime: readRuntime(asString(body["runtime"]) ?? last.runtime, trigger),
    secrets: secrets === undefined ? last.secrets : readSecrets(secrets, last.secrets, now),
    trigger,
  };
}

/**
 * The list replaces the one before. A secret that is sent without a value, as it was read, keeps the value it
 * had; one that never had a value is refused (both are assumed: the API's document requires neither field).
 */
function readSecrets(value: Json | undefined, last: readonly ActionSecret[], now: number): ActionSecret[] {
  return asObjects(value).map((item, index) => {
    const name = asString(item["name"]) ?? "";
    const given = asString(item["value"]);
    const kept = last.find((secret) => secret.name === name);
    if (name === "") throw secretFault("name", index);
    if (given !== undefined) return { name, value: given, updatedAt: now };
    if (!kept) throw secretFault("value", index);
    return kept;
  });
}

function secretFault(property: string, index: number): ApiFault {
  const message = `Payload validation error: 'Missing required property: ${property}' on property secrets[${index}].`;
  return new ApiFault(400, message, "invalid_body");
}
