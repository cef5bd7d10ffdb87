import { isObject, type Json, type JsonObject, sameJson } from "../lib/json.ts";
import type { McpClient } from "./client.ts";
import { DocumentError, ForeignEntryError, lineEnd } from "./document.ts";
import { type Editor, entryAt, type Footprint, type Place, sameElsewhere } from "./editors/editor.ts";
import { entryFields, type Launch, ownerOf } from "./entry.ts";

/** What we brought into a file, so that exactly this can be taken out again. */
export interface Trace {
  readonly footprint: Footprint;
  /** Text we put in front of the entry for the client to take the file. */
  readonly preamble?: string;
  /** The file was made by us. */
  readonly madeFile?: true;
}

/** A document with our entry in it, and what that took. */
export interface Addition {
  readonly text: string;
  readonly place: Place;
  readonly entry: JsonObject;
  /** The entry that stood there before. */
  readonly previous: JsonObject | undefined;
  /** Present when there was no entry before. */
  readonly trace: Trace | undefined;
}

/** What is asked of a client's document. */
export interface AdditionRequest {
  readonly client: McpClient;
  readonly name: string;
  readonly launch: Launch;
  /** Names of variables that the client would withhold. */
  readonly passOn: readonly string[];
}

/**
 * A client's document with our entry in it. What comes out is parsed again and compared: the entry is there, and
 * everything else says what it said.
 *
 * @param text the document; `undefined` when there is no file
 * @throws DocumentError when the document cannot be edited; ForeignEntryError when the entry there is not ours
 */
export function withEntry(editor: Editor, text: string | undefined, request: AdditionRequest): Addition {
  const { client, name, launch, passOn } = request;
  const place = client.layout(editor.parse(text ?? ""), name);
  const preamble = preambleFor(editor, text ?? "", client);
  const before = (text ?? "") + preamble;
  const data = editor.parse(before);
  const previous = ownEntry(data, place);
  const fields = entryFields(client.shape, name, launch, previous, passOn);
  const entry = { ...previous, ...(place.list ? { name } : {}), ...fields };
  const edited = editor.set(before, place, fields);
  if (!saysOnly(editor, edited.text, data, place, entry)) throw notEditable();
  const { footprint } = edited;
  const trace = footprint && {
    footprint,
    ...(preamble === "" ? {} : { preamble }),
    ...(text === undefined ? { madeFile: true as const } : {}),
  };
  return { text: edited.text, place, entry, previous, trace };
}

function preambleFor(editor: Editor, text: string, { preamble = "" }: McpClient): string {
  if (preamble === "" || editor.parse(text) !== undefined) return "";
  const eol = lineEnd(text);
  return (text === "" || text.endsWith("\n") ? "" : eol) + preamble.replaceAll("\n", eol);
}

/**
 * The entry under our name: one that starts this program, whoever wrote it, or the Node.js server in whose place it
 * comes.
 *
 * @throws ForeignEntryError for anything else
 */
function ownEntry(data: Json | undefined, place: Place): JsonObject | undefined {
  const entry = entryAt(data, place);
  if (entry === undefined) return undefined;
  if (!isObject(entry)) throw new ForeignEntryError(place.name, "that is no map of settings");
  const owner = ownerOf(entry);
  if (owner === "other") throw new ForeignEntryError(place.name, "that starts another program");
  if (owner === "remote") {
    throw new ForeignEntryError(place.name, "that starts nothing, such as that of a remote server");
  }
  return entry;
}

/** A document without our entry. */
export interface Removal {
  /** As it was when the entry is not there; `undefined` when the file goes with the entry. */
  readonly text: string | undefined;
  readonly place: Place;
  readonly previous: JsonObject | undefined;
}

/**
 * A client's document without our entry.
 *
 * @param traceOf what we remember of having added it; without that the entry goes, and nothing around it
 * @throws DocumentError when the document cannot be edited; ForeignEntryError when the entry there is not ours
 */
export function withoutEntry(
  editor: Editor,
  text: string,
  client: McpClient,
  name: string,
  traceOf: (place: Place) => Trace | undefined,
): Removal {
  const data = editor.parse(text);
  const place = client.layout(data, name);
  const previous = ownEntry(data, place);
  if (previous === undefined) return { text, place, previous };
  const trace = traceOf(place);
  const footprints = trace === undefined ? [undefined] : [trace.footprint, undefined];
  const rest = footprints
    .map((footprint) => editor.remove(text, place, footprint))
    .find((candidate) => saysOnly(editor, candidate, data, place, undefined));
  if (rest === undefined) throw notEditable();
  const left = withoutPreamble(editor, rest, trace?.preamble);
  const goes = trace?.madeFile === true && /^[\s{}]*$/.test(left);
  return { text: goes ? undefined : left, place, previous };
}

function withoutPreamble(editor: Editor, text: string, preamble: string | undefined): string {
  if (preamble === undefined || !text.endsWith(preamble)) return text;
  const rest = text.slice(0, -preamble.length);
  return editor.parse(rest) === undefined ? rest : text;
}

function saysOnly(
  editor: Editor,
  text: string,
  before: Json | undefined,
  place: Place,
  entry: Json | undefined,
): boolean {
  const after = parsed(editor, text);
  return (
    after !== undefined &&
    sameJson(entryAt(after.data, place), entry) &&
    sameElsewhere(before, after.data, place)
  );
}

function parsed(editor: Editor, text: string): { data: Json | undefined } | undefined {
  try {
    return { data: editor.parse(text) };
  } catch (error) {
    if (error instanceof DocumentError) return undefined;
    throw error;
  }
}

function notEditable(): DocumentError {
  return new DocumentError("is written in a way that cannot be edited without touching other settings");
}
