import { AppError } from "../lib/errors.ts";
import { asObject, isObject, type Json, type JsonObject } from "../lib/json.ts";
import { FieldsAnswer, type Member } from "./answers.ts";
import { findMember, memberAt, membersOnly, valueAt } from "./members.ts";

/**
 * The part of one object that was asked for: the whole, some members at whatever depth, or one member from an offset
 * on.
 *
 * @param names as in `code`, `deployed_version.code`, `nodes.3.config`
 * @throws AppError `invalid_arguments` when a field does not exist, or an offset has no single field to count in
 */
export function selectFields(
  item: JsonObject,
  names: readonly string[] | undefined,
  offset: number | undefined,
): JsonObject | FieldsAnswer {
  const members = names?.map((name) => findNamed(item, name));
  if (offset !== undefined && (members?.length !== 1 || !members.every(canBeReadOn))) {
    throw invalid(
      "offset: needs a single field that is a text or a list.",
      'Give fields: ["code"] and the offset.',
    );
  }
  return members === undefined ? item : new FieldsAnswer(members, offset ?? 0);
}

function findNamed(item: JsonObject, name: string): Member {
  const path = findMember(item, name) ?? missing(item, name);
  return { name, around: asObject(membersOnly(item, path)) ?? {}, depth: path.length };
}

function canBeReadOn({ around, depth }: Member): boolean {
  const value = memberAt(around, depth);
  return typeof value === "string" || Array.isArray(value);
}

/** Says what there is as far as the name leads. */
function missing(item: JsonObject, name: string): never {
  let [where, reached]: [string, JsonObject | Json[]] = ["", item];
  for (let dot = name.indexOf("."); dot > 0; dot = name.indexOf(".", dot + 1)) {
    const path = findMember(item, name.slice(0, dot));
    const value = path === undefined ? undefined : valueAt(item, path);
    if (isObject(value) || Array.isArray(value)) [where, reached] = [` in ${name.slice(0, dot)}`, value];
  }
  const present = Object.keys(reached).join(", ") || "none";
  throw invalid(`fields: there is no "${name}" here.`, `Present${where} are: ${present}.`);
}

function invalid(message: string, hint: string): AppError {
  return new AppError({ code: "invalid_arguments", message, hint });
}
