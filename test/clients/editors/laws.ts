import { expect } from "bun:test";
import fc from "fast-check";
import { DocumentError } from "../../../src/clients/document.ts";
import {
  type Editor,
  entryAt,
  inheritedFootprint,
  type Place,
  sameElsewhere,
} from "../../../src/clients/editors/editor.ts";
import { yamlEditor } from "../../../src/clients/editors/yaml.ts";
import { asObject, isObject, type Json, type JsonObject } from "../../../src/lib/json.ts";
import { Draw } from "./random-text.ts";

const fields: JsonObject = { command: "/opt/auth0 mcp/auth0-mcp", args: ["run", "--tools", 'a"b,{c,d}'] };
const changed: JsonObject = { ...fields, args: ["run", "--read-only"] };

/** Runs the laws of editing on documents that `write` makes up. */
export function checkLaws(editor: Editor, place: Place, write: (draw: Draw) => string, runs: number): void {
  const documents = fc
    .array(fc.nat(1_000), { minLength: 250, maxLength: 250 })
    .map((numbers) => write(new Draw(numbers)));
  const property = fc.property(documents, (text) => checkDocument(editor, place, text));
  fc.assert(property, { numRuns: runs });
}

export function checkDocument(editor: Editor, place: Place, before: string): void {
  const data = editor.parse(before);
  const existing = entryAt(data, place);
  if (isBlocked(data, place, editor === yamlEditor)) {
    expect(() => editor.set(before, place, fields)).toThrow(DocumentError);
    return;
  }

  const { text, footprint } = editor.set(before, place, fields);
  const added = editor.parse(text);
  expect(entryAt(added, place)).toEqual({
    ...asObject(existing),
    ...fields,
    ...(place.list ? { name: place.name } : {}),
  });
  expect({ before, same: sameElsewhere(data, added, place) }).toEqual({ before, same: true });
  expect(editor.set(text, place, fields).text).toBe(text);

  const updated = editor.set(text, place, changed);
  expect(entryAt(editor.parse(updated.text), place)).toMatchObject(changed);
  expect(editor.set(updated.text, place, fields).text.length).toBe(text.length);

  // The parts that are the entry hold all of it, and nothing of anybody else's.
  expect(editor.ranges(before, place).length > 0).toBe(existing !== undefined);
  expect(withoutEntry(editor, place, updated.text)).toBe(withoutEntry(editor, place, text));
  const rest = withoutEntry(editor, place, text);
  const kept =
    existing === undefined ? isSubsequence(before, rest) : isSubsequence(rest.replace(/\s/g, ""), before);
  expect({ before, text, kept }).toEqual({ before, text, kept: true });

  const removed = editor.remove(text, place);
  expect(entryAt(editor.parse(removed), place)).toBeUndefined();
  expect({ text, same: sameElsewhere(data, editor.parse(removed), place) }).toEqual({ text, same: true });

  if (existing !== undefined) {
    expect(footprint).toBeUndefined();
    return;
  }
  expect({ before, after: text, kept: isSubsequence(before, text) }).toEqual({
    before,
    after: text,
    kept: true,
  });
  expect(editor.remove(text, place, footprint)).toBe(before);
  expect(editor.remove(updated.text, place, footprint)).toBe(before);

  // Two of ours go in either order, and the last one takes along what was made for the first.
  const second = { ...place, name: "second" };
  const two = editor.set(text, second, changed);
  if (footprint !== undefined && two.footprint !== undefined) {
    const one = editor.remove(two.text, place, footprint);
    const rest = editor.remove(one, second, inheritedFootprint(two.footprint, footprint));
    // In a collection that was there, and empty, a blank may stay.
    const exact = footprint.made > 0 || footprint.bare === true;
    const essence = (all: string) => (exact ? all : all.replace(/\s/g, ""));
    expect({ text, one, rest: essence(rest) }).toEqual({ text, one, rest: essence(before) });
    const first = editor.remove(two.text, second, two.footprint);
    expect(editor.remove(first, place, footprint)).toBe(before);
  }

  // Somebody else's entry that came in between stays, whole and alone.
  const other = { ...place, name: "other" };
  const both = editor.set(text, other, changed).text;
  const left = editor.parse(editor.remove(both, place, footprint));
  expect(entryAt(left, place)).toBeUndefined();
  expect(entryAt(left, other)).toMatchObject(changed);
  expect(sameElsewhere(left, data, other)).toBe(true);
}

/** A text without the parts that are the entry. */
function withoutEntry(editor: Editor, place: Place, text: string): string {
  let rest = "";
  let from = 0;
  for (const [start, end] of editor.ranges(text, place)) {
    expect({ text, start, end, apart: from <= start && start < end }).toMatchObject({ apart: true });
    rest += text.slice(from, start);
    from = end;
  }
  return rest + text.slice(from);
}

/** Whether something else stands where the entry or what holds it must be. */
function isBlocked(data: Json | undefined, { path, name, list }: Place, mayLackValue: boolean): boolean {
  let current = data;
  for (const key of path) {
    if (current !== undefined && !isObject(current)) return true;
    current = current?.[key];
    if (current === null && mayLackValue) return false;
  }
  if (list) return current !== undefined && !Array.isArray(current);
  if (current !== undefined && !isObject(current)) return true;
  const entry = current?.[name];
  return entry !== undefined && !isObject(entry);
}

function isSubsequence(part: string, whole: string): boolean {
  let at = 0;
  for (const character of whole) if (part.startsWith(character, at)) at += character.length;
  return at === part.length;
}
