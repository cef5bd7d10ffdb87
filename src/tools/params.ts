import { z } from "zod";
import { isSegment } from "../management/path.ts";
import { LONGEST_NAME } from "./members.ts";

/** Parameters that several tools share, in one wording. */

export const page = z.int().min(0).max(100_000).optional().describe("From 0");
/** Items on a page when the call does not say. */
export const USUAL_PAGE = 50;
export const perPage = z.int().min(1).max(100).optional().describe(`1 to 100; default ${USUAL_PAGE}`);

/** Members of an answer a list shows in place of its summary. */
export const fields = z.array(z.string().min(1).max(64)).min(1).max(50).optional().describe("Fields to show");

/** Members of one object, at whatever depth; with a single one, `offset` reads on in it. */
export const itemFields = z
  .array(z.string().min(1).max(LONGEST_NAME))
  .min(1)
  .max(50)
  .optional()
  .describe("Only these; a.0.b for inner ones");
export const offset = z.int().min(0).optional().describe("Skip into one field");

/** What names one resource in a path. */
export const identifier = (most: number, what: string) =>
  z
    .string()
    .min(1, "must not be empty")
    .max(most, `must have at most ${most} characters`)
    .refine(
      (value) => value === "" || isSegment(value),
      "cannot be an id; give it exactly as a list shows it",
    )
    .describe(what);

export const clientId = identifier(64, "Client id");
export const trimmedName = (most: number, what: string) =>
  z
    .string()
    .trim()
    .min(1, "must not be empty")
    .max(most, `must have at most ${most} characters`)
    .describe(what);

/** A free-form map: the tenant decides what may stand in it. */
export const freeForm = z.record(z.string(), z.json());
