import { asObject, asObjects, type JsonObject } from "../../lib/json.ts";
import { nullable, type Schema } from "../validation.ts";
import { checkAlternatives, noneMatched, problemOf } from "./alternatives.ts";

const text = (maxLength: number): Schema => ({ type: "string", minLength: 1, maxLength });
const object = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema => ({
  type: "object",
  properties,
  required,
});

const place: Schema = { type: "integer", minimum: -999_999, maximum: 999_999 };
const coordinates = object({ x: place, y: place }, ["x", "y"]);
const flowId: Schema = { type: "string", maxLength: 30 };
/** The id of a node, or `$ending`. */
const pointer: Schema = { type: "string", minLength: 1 };
const messageTexts: Schema = { type: "object", additionalProperties: text(255) };

const name: Schema = { ...text(150), description: "The name of a form." };

const settings = {
  messages: object({ errors: messageTexts, custom: messageTexts }),
  languages: object({ primary: text(55), default: text(55) }),
  translations: { type: "object", additionalProperties: { type: "object" } },
  nodes: { type: "array", items: { type: "object" } },
  start: object({
    hidden_fields: { type: "array", items: object({ key: pointer, value: text(500) }, ["key"]) },
    next_node: pointer,
    coordinates,
  }),
  ending: object({
    redirection: object({ delay: { type: "integer", minimum: 0, maximum: 10 }, target: text(1024) }, [
      "target",
    ]),
    after_submit: object({ flow_id: flowId }),
    coordinates,
    resume_flow: { type: "boolean", enum: [true] },
  }),
  // Its document knows `css` only, but recorded requests with the other two were taken.
  style: object({ css: text(5000), version: text(55), theme: text(55) }),
} as const satisfies Record<string, Schema>;

// The API takes a description and gives it back, although its document knows none.
const description: Schema = { type: ["string", "null"] };

/** Body of `POST /forms`. Nodes are checked by {@link checkNodes}. */
export const createFormSchema: Schema = object({ name, description, ...settings }, ["name"]);

/** Body of `PATCH /forms/{id}`; `null` clears a setting. */
export const updateFormSchema: Schema = object({
  name,
  description,
  ...Object.fromEntries(Object.entries(settings).map(([key, schema]) => [key, nullable(schema)])),
});

function node(type: string, config: Schema, required: readonly string[] = []): Schema {
  const kind: Schema = { type: "string", enum: [type] };
  return object({ id: pointer, type: kind, coordinates, alias: text(150), config }, [
    "id",
    "type",
    ...required,
  ]);
}

const routerRule = object({ id: pointer, alias: text(150), condition: {}, next_node: pointer }, [
  "id",
  "condition",
]);

const nodeSchemas: readonly Schema[] = [
  node("FLOW", object({ flow_id: flowId, next_node: pointer }, ["flow_id"]), ["config"]),
  node("ROUTER", object({ rules: { type: "array", items: routerRule }, fallback: pointer })),
  node("STEP", object({ components: { type: "array", items: { type: "object" } }, next_node: pointer })),
];

const fieldSettings = {
  label: { type: "string", minLength: 1 },
  hint: text(500),
  required: { type: "boolean" },
  sensitive: { type: "boolean" },
} as const satisfies Record<string, Schema>;

/** What a component is, as far as its outside goes: the configuration of each of the 27 types is not checked. */
function component(category: string, types: readonly string[], configured: boolean): Schema {
  const own = category === "BLOCK" ? {} : fieldSettings;
  return object(
    {
      id: pointer,
      category: { type: "string", enum: [category] },
      type: { type: "string", enum: [...types] },
      config: { type: "object" },
      ...own,
    },
    ["id", "category", "type", ...(configured ? ["config"] : [])],
  );
}

const componentSchemas: readonly Schema[] = [
  component("BLOCK", ["DIVIDER", "HTML", "IMAGE", "RICH_TEXT"], false),
  component("BLOCK", ["JUMP_BUTTON", "RESEND_BUTTON", "NEXT_BUTTON", "PREVIOUS_BUTTON"], true),
  component("WIDGET", ["AUTH0_VERIFIABLE_CREDENTIALS", "GMAPS_ADDRESS", "RECAPTCHA"], true),
  component("FIELD", ["BOOLEAN", "CUSTOM", "DATE", "PASSWORD", "PAYMENT"], true),
  component(
    "FIELD",
    ["CARDS", "CHOICE", "DROPDOWN", "EMAIL", "FILE", "LEGAL", "NUMBER", "SOCIAL", "TEL", "TEXT", "URL"],
    false,
  ),
];

/** Throws a 400 for a node that is neither a flow nor a router nor a step with known components. */
export function checkNodes(body: JsonObject): void {
  for (const [index, item] of asObjects(body["nodes"]).entries()) {
    checkAlternatives(nodeSchemas, item, `nodes[${index}]`);
    const components = asObjects(asObject(item["config"])?.["components"]);
    for (const [position, part] of components.entries()) {
      const problem = problemOf(() =>
        checkAlternatives(componentSchemas, part, `config.components[${position}]`),
      );
      if (problem !== undefined) throw noneMatched(`nodes[${index}]`, [problem]);
    }
  }
}
