import { isObject, type Json, type JsonObject, sameJson } from "../lib/json.ts";
import { lineDiff } from "./diff.ts";
import { DocumentError } from "./document.ts";
import { type Editor, entryAt, type Place, type Range } from "./editors/editor.ts";
import { editorFor } from "./editors/index.ts";
import { entryFields, environmentKey, shownFields } from "./entry.ts";
import type { Plan } from "./plan.ts";

/** What stands in place of what others wrote. */
const WITHHELD = "…";

/**
 * What a planned change makes of our entry, line by line: removed lines behind `-`, new ones behind `+`. What others wrote
 * may hold secrets, so none of it is shown, not even where it stands on one line with the entry. Of the entry itself values
 * are shown that we write; of the Node.js server's, in whose place it comes, what that was started with, without secrets.
 */
export async function entryDiff(plan: Plan): Promise<string[]> {
  const { address, before, after } = plan;
  const editor = await editorFor(address.client.format);
  const shown = (text: string | undefined) => withoutOthers(editor, text ?? "", plan);
  return lineDiff(shown(before), shown(after)).filter((line) => line.slice(1).trim() !== WITHHELD);
}

/** A document with its entry alone, the brackets and keys that lead to it, and what we put in front for the client. */
function withoutOthers(editor: Editor, document: string, plan: Plan): string {
  const { client, name } = plan.address;
  const place = client.layout(editor.parse(document), name);
  const known = [...(client.preamble ?? "").split("\n"), ...place.path].filter((word) => word !== "");
  const veiled = withVeiledEntry(editor, document, place, plan);
  const text = veiled ?? document;
  let result = "";
  let from = 0;
  for (const [start, end] of [...editor.ranges(text, place), [text.length, text.length] satisfies Range]) {
    result += text
      .slice(from, start)
      .split("\n")
      .map((line) => withoutWords(line, known))
      .join("\n");
    result += veiled === undefined && start < end ? WITHHELD : text.slice(start, end);
    from = end;
  }
  return result;
}

/** A line, or a part of one, if it has no other words than the known ones. */
function withoutWords(line: string, known: readonly string[]): string {
  const unknown = known.reduce((rest, word) => rest.replaceAll(word, ""), line);
  if (/^[\s{}[\],:="'-]*$/.test(unknown)) return line;
  return `${/^\s*/.exec(line)?.[0] ?? ""}${WITHHELD}`;
}

/**
 * A document in which no value of the entry can be read that the person wrote; `undefined` where its text cannot be changed
 * so.
 */
function withVeiledEntry(editor: Editor, text: string, place: Place, plan: Plan): string | undefined {
  const entry = entryAt(editor.parse(text), place);
  if (!isObject(entry)) return text;
  const changed = veiledFields(entry, plan);
  try {
    const result = editor.set(text, place, changed).text;
    return sameJson(entryAt(editor.parse(result), place), { ...entry, ...changed }) ? result : undefined;
  } catch (error) {
    if (error instanceof DocumentError) return undefined;
    throw error;
  }
}

/** Those fields of an entry that are shown otherwise than they are. */
function veiledFields(entry: JsonObject, { address: { client, name }, request }: Plan): JsonObject {
  const written =
    request === undefined ? {} : entryFields(client.shape, name, request.launch, undefined, request.passOn);
  const own = Object.entries(entry).filter(([key]) => !(key in written) && key !== "name");
  const variables = environmentKey(client.shape);
  const set = entry[variables];
  return {
    ...Object.fromEntries(own.map(([key, value]) => [key, veil(value)])),
    ...(isObject(set) ? { [variables]: veiledBut(set, request?.launch.env ?? {}) } : {}),
    ...shownFields(entry),
  };
}

/** Values under the names that are kept as they are, and no other. */
function veiledBut(values: JsonObject, kept: Readonly<Record<string, string>>): JsonObject {
  const pairs = Object.entries(values).map(([key, value]) => [key, key in kept ? value : veil(value)]);
  return Object.fromEntries(pairs);
}

/** A value of the same shape that tells nothing but whether something is on or off. */
function veil(value: Json): Json {
  if (Array.isArray(value)) return value.map(veil);
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, veil(inner)]));
  return typeof value === "boolean" || value === null ? value : WITHHELD;
}
