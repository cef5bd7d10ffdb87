import { options } from "../config/options.ts";
import { PRODUCT } from "../config/product.ts";
import { AppError } from "../lib/errors.ts";
import type { JsonObject } from "../lib/json.ts";
import { clip } from "./cut.ts";
import type { Redactor } from "./redaction.ts";

/** Characters of an error's texts; with these no error outgrows the budget of an answer. */
const LONGEST = { message: 4_000, hint: 1_000, requestId: 128 } as const;

/**
 * What a model or a script reads of a failure: `{code, message, status?, hint?, retry_after?, request_id?}`.
 * A defect of the program is named as one, without its text or its stack.
 */
export function errorAnswer(error: unknown, redactor: Redactor): JsonObject {
  if (!(error instanceof AppError)) {
    return {
      code: "internal_error",
      message: `The tool failed for a reason that is a defect of ${PRODUCT}.`,
      hint: `Repeat with ${options.debug.variable}=${PRODUCT} to see the steps, and report it.`,
    };
  }
  const { code, message, status, hint, retryAfter, requestId } = error;
  const words = (text: string, most: number) => clip(redactor.text(text), most);
  return {
    code,
    message: words(message, LONGEST.message),
    ...(status === undefined ? {} : { status }),
    ...(hint === undefined ? {} : { hint: words(hint, LONGEST.hint) }),
    ...(retryAfter === undefined ? {} : { retry_after: retryAfter }),
    ...(requestId === undefined ? {} : { request_id: words(requestId, LONGEST.requestId) }),
  };
}
