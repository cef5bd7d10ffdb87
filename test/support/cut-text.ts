import { CUT } from "../../src/policy/cut.ts";

/** What is shown of a text, without the mark where it is cut. */
export function unmarked(text: unknown): string {
  const shown = String(text);
  return shown.endsWith(CUT) ? shown.slice(0, -CUT.length) : shown;
}
