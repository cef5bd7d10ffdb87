import { AppError } from "../lib/errors.ts";
import type { JsonObject } from "../lib/json.ts";
import { MemberAnswer } from "./answers.ts";
import { pick } from "./params.ts";

/**
 * The part of one object that was asked for: the whole, some members, or one member from an offset on.
 *
 * @throws AppError `invalid_arguments` when a field does not exist, or an offset has no single field to count in
 */
export function selectFields(
  item: JsonObject,
  names: readonly string[] | undefined,
  offset: number | undefined,
): JsonObject | MemberAnswer {
  const unknown = names?.find((name) => !Object.hasOwn(item, name));
  if (unknown !== undefined) {
    throw invalid(`fields: there is no "${unknown}" here.`, `Present are: ${Object.keys(item).join(", ")}.`);
  }
  const shown = names === undefined ? item : pick(item, names);
  if (offset === undefined) return shown;
  const [name, ...others] = names ?? [];
  const value = name === undefined ? undefined : shown[name];
  if (name === undefined || others.length > 0 || !(typeof value === "string" || Array.isArray(value))) {
    throw invalid(
      "offset: needs a single field that is a text or a list.",
      'Give fields: ["code"] and the offset.',
    );
  }
  return new MemberAnswer(name, value, offset);
}

function invalid(message: string, hint: string): AppError {
  return new AppError({ code: "invalid_arguments", message, hint });
}
