import type { z } from "zod";
import { AppError } from "../lib/errors.ts";
import { didYouMean } from "../lib/suggest.ts";

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

/** What is counted in a value of each kind. */
const COUNTED: Readonly<Record<string, string>> = { string: "character", array: "item" };

/** What is wrong with an argument, in words that go behind its name, where its schema has no words of its own. */
export function issueWords(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "is required" : `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case "too_small":
      return limitWords(issue.origin, issue.minimum, issue.inclusive ?? true, "least");
    case "too_big":
      return limitWords(issue.origin, issue.maximum, issue.inclusive ?? true, "most");
    case "invalid_value":
      return `must be one of ${issue.values.map(String).join(", ")}`;
    case "unrecognized_keys":
      return `has unknown members: ${issue.keys.join(", ")}`;
    case "invalid_key":
      return "has a name that is not allowed";
    case "invalid_union":
      return "must be a JSON value";
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}`;
    default:
      return "has a form that is not allowed";
  }
}

function limitWords(origin: string, limit: number | bigint, inclusive: boolean, bound: "least" | "most") {
  const counted = COUNTED[origin];
  if (counted === undefined) {
    if (inclusive) return `must be at ${bound} ${limit}`;
    return bound === "least" ? `must be greater than ${limit}` : `must be less than ${limit}`;
  }
  if (bound === "least" && Number(limit) === 1) return "must not be empty";
  return `must have at ${bound} ${limit} ${counted}${Number(limit) === 1 ? "" : "s"}`;
}

/** The error that names every argument that is wrong, and a name that was perhaps meant. */
export function invalidArguments(tool: string, error: z.ZodError, known: readonly string[]): AppError {
  const unknown = error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys" && issue.path.length === 0 ? issue.keys : [],
  );
  const advice = unknown.map((key) => didYouMean(key, known)).find((text) => text !== undefined);
  return new AppError({
    code: "invalid_arguments",
    message: error.issues.map(describeIssue).join("; "),
    hint: advice ?? `${tool} takes: ${known.join(", ")}.`,
  });
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const field = issue.path.reduce<string>(
    (path, part) =>
      typeof part === "number" ? `${path}[${part}]` : path === "" ? String(part) : `${path}.${String(part)}`,
    "",
  );
  if (issue.code === "unrecognized_keys") {
    const where = field === "" ? "" : ` in ${field}`;
    return `unknown argument${where}: ${issue.keys.join(", ")}`;
  }
  return field === "" ? issue.message : `${field}: ${issue.message}`;
}
