import { asObject, asObjects, type JsonObject } from "../../src/lib/json.ts";
import type { StartedTenant } from "../support/tenant.ts";

export interface Walked {
  readonly items: readonly JsonObject[];
  /** The answers, in order. */
  readonly answers: readonly JsonObject[];
}

/** Every item of a list, by merging `next` into the arguments until it is null. */
export async function walk(
  tenant: StartedTenant,
  name: string,
  key: string,
  args: JsonObject,
): Promise<Walked> {
  const items: JsonObject[] = [];
  const answers: JsonObject[] = [];
  let given: JsonObject | undefined = args;
  while (given !== undefined) {
    if (answers.length > 2_000) throw new Error(`${name} does not end`);
    const answer: JsonObject = await tenant.data(name, given);
    answers.push(answer);
    items.push(...asObjects(answer[key]));
    const next: JsonObject | undefined = asObject(answer["next"]);
    given = next === undefined ? undefined : { ...given, ...next };
  }
  return { items, answers };
}
