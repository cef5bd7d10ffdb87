import type { Inline } from "./inline.ts";
import {
  type Assignment,
  type InlineTable,
  type Key,
  startsWith,
  type TomlTable,
  type TomlTree,
} from "./toml-tree.ts";

/** The assignments that are an entry, or in it. */
export function partsOf({ assignments }: TomlTree, entry: readonly Key[]): Assignment[] {
  return assignments.filter(({ path }) => startsWith(path, entry));
}

/** The tables that are an entry, or in it. */
export function tablesOf({ tables }: TomlTree, entry: readonly Key[]): TomlTable[] {
  return tables.filter(({ resolvedKey }) => startsWith(resolvedKey, entry));
}

/** An inline table as brackets and members. */
export function membersOf({ range, body }: InlineTable): Inline {
  return { open: range[0], close: range[1] - 1, members: body.map((member) => member.range) };
}
