import { z } from "zod";
import { freeForm, identifier, trimmedName } from "../params.ts";
import { asTaken, withoutNulls } from "./answered.ts";

/** What a form consists of, for the tools that create and change one. Each setting is sent as a whole. */

export const formId = identifier(30, "Form id");
export const formName = trimmedName(150, "Name");

const limited = (most: number) =>
  z.string().min(1, "must not be empty").max(most, `must have at most ${most} characters`);

/** The id of a node, or `$ending`. */
const pointer = z.string().min(1, "must not be empty");
const place = z.int().min(-999_999).max(999_999);
const coordinates = z.strictObject({ x: place, y: place }).optional();
const hiddenField = z.strictObject({ key: pointer, value: limited(500).optional() });
const redirection = z.strictObject({ target: limited(1024), delay: z.int().min(0).max(10).optional() });
const flow = z.strictObject({ flow_id: limited(30).optional() });

/** A part of a form, shown as a free-form object, as its nodes are, and checked strictly. */
const part = (
  schema: z.ZodType<unknown, Record<string, unknown>>,
  words: string,
  prepare: (answered: unknown) => unknown,
) => z.record(z.string(), z.unknown()).transform(prepare).pipe(schema).optional().describe(words);

/** A part whose members are shown. */
const shownPart = (schema: z.ZodObject, words: string) =>
  z.preprocess(withoutNulls, schema).optional().describe(words);

const start = z.strictObject({
  hidden_fields: z.array(hiddenField).optional(),
  next_node: pointer.optional(),
  coordinates,
});

const ending = z.strictObject({
  redirection: redirection.optional(),
  after_submit: flow.optional(),
  coordinates,
  resume_flow: z
    .boolean()
    .refine((value) => value, "can only be true; leave it out otherwise")
    .optional(),
});

/** The API takes version and theme, and gives them back, although its document knows `css` only. */
const style = z.strictObject({
  css: limited(5000).optional(),
  version: limited(55).optional(),
  theme: limited(55).optional(),
});

const languages = z.strictObject({
  primary: limited(55).optional().describe("Primary"),
  default: limited(55).optional().describe("Fallback"),
});
const texts = z.record(z.string(), limited(255)).optional().describe("By key");
const messages = z.strictObject({ errors: texts, custom: texts });

export const formSettings = {
  description: z.string().optional().describe("Description"),
  nodes: z.array(freeForm).optional().describe("{id, type, config}"),
  start: part(start, "{next_node, hidden_fields, coordinates}", asTaken),
  ending: part(ending, "{redirection, after_submit, resume_flow}", asTaken),
  style: part(style, "{css, version, theme}", withoutNulls),
  languages: shownPart(languages, "Languages"),
  translations: freeForm.optional().describe("Texts by language"),
  messages: shownPart(messages, "Texts"),
};
