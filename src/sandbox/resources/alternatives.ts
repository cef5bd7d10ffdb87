import type { JsonObject } from "../../lib/json.ts";
import { ApiFault } from "../fault.ts";
import { checkBody, type Schema } from "../validation.ts";

/**
 * Throws the API's 400 for a value that fits none of several schemas: the property, then what each schema
 * found, with properties counted from the value itself.
 */
export function checkAlternatives(schemas: readonly Schema[], value: JsonObject, property: string): void {
  const problems: string[] = [];
  for (const schema of schemas) {
    const problem = problemOf(() => checkBody(schema, value));
    if (problem === undefined) return;
    problems.push(problem);
  }
  throw noneMatched(property, problems);
}

/** The fault of a value that met none of its schemas, each of which gave one of these reasons. */
export function noneMatched(property: string, problems: readonly string[]): ApiFault {
  const inner = problems.map((problem) => problem.replace(/\.$/, "")).join(". (also) ");
  return new ApiFault(
    400,
    `Payload validation error: 'None of the valid schemas were met' on property ${property}. Inner errors: [ ${inner}. ].`,
    "invalid_body",
  );
}

/** What a check has against a value, or `undefined`. Anything but an API fault is thrown on. */
export function problemOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof ApiFault) return error.message;
    throw error;
  }
}
