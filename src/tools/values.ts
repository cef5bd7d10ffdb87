import { z } from "zod";

/** Simple kinds of settings, in one wording. */

/** A switch that may be left out. */
export const flag = (what: string) => z.boolean().optional().describe(what);

/** One of a few texts. The description names them, so that the schema need not list them a second time. */
export function oneOf(...values: readonly [string, ...string[]]) {
  const last = values.at(-1);
  const words = values.length === 1 ? values[0] : `${values.slice(0, -1).join(", ")} or ${last}`;
  return z
    .string()
    .refine((value) => values.includes(value), `must be ${words}`)
    .describe(words);
}
