import { z } from "zod";
import { identifier } from "../params.ts";

/** What an action consists of, for the tools that create and change one. */

export const actionId = identifier(64, "Action id");

/** The API adds triggers over time, so any name passes and the API judges it. */
export const triggerId = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'must be the id of a trigger, such as "post-login"');

const triggers = z
  .array(
    z.strictObject({
      id: triggerId.describe("post-login …"),
      version: z
        .string()
        .regex(/^v\d+$/, 'must be "v" and a number')
        .optional()
        .describe("v3 …"),
    }),
  )
  .refine((items) => items.length === 1, "must name exactly one trigger");

const dependencies = z.array(
  z.strictObject({
    name: z.string().min(1, "must not be empty").describe("Package"),
    version: z.string().min(1, "must not be empty").describe("Version"),
    registry_url: z.string().refine(isHttpUrl, "must be an http or https URL").optional().describe("URL"),
  }),
);

const secretName = z.string().min(1, "must not be empty").describe("Name");
const secretValue = z.string().min(1, "must not be empty");

const newSecrets = z
  .array(z.strictObject({ name: secretName, value: secretValue.describe("Value") }))
  .refine(namesAreUnique, "must not name a secret twice");

const changedSecrets = z
  .array(
    z.strictObject({
      name: secretName,
      value: secretValue.optional().describe("Kept if absent"),
    }),
  )
  .refine(namesAreUnique, "must not name a secret twice");

const runtime = z
  .string()
  .regex(/^node\d+(-actions)?$/, 'must be a runtime, such as "node22"')
  .optional()
  .describe("node22 …");

export const actionName = z.string().trim().min(1, "must not be empty").describe("Name");

export const createdSettings = {
  supported_triggers: triggers.describe("One"),
  code: z.string().optional().describe("JavaScript"),
  runtime,
  dependencies: dependencies.optional().describe("npm packages"),
  secrets: newSecrets.optional().describe("Write-only"),
};

export const changedSettings = {
  name: actionName.optional(),
  supported_triggers: triggers.optional().describe("Its trigger"),
  code: z.string().optional().describe("JavaScript"),
  runtime,
  dependencies: dependencies.optional().describe("All npm packages"),
  secrets: changedSecrets.optional().describe("All; others are removed"),
};

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function namesAreUnique(items: readonly { readonly name: string }[]): boolean {
  return new Set(items.map(({ name }) => name)).size === items.length;
}
