import { PRODUCT } from "../config/product.ts";
import type { Machine } from "./machine.ts";
import type { Plan } from "./plan.ts";
import { withheldBy } from "./withheld.ts";

/** The folder in which npm keeps what `npx` started. */
const NPX_CACHE = /[\\/]_npx[\\/]/;

/** What a person has to know of an entry that was written, beside that it was; one sentence or two each. */
export function entryNotes({ address, request }: Plan, machine: Machine): string[] {
  if (request === undefined) return [];
  const { client, scope } = address;
  const { command } = request.launch;
  const notes: string[] = [];
  if (scope === "project") {
    notes.push(
      `It names this machine's ${command}: others of the project need the program there, or an entry of their own.`,
    );
    const own = Object.keys(withheldBy(client, machine).set);
    if (own.length > 0) {
      notes.push(
        `It sets ${own.join(" and ")} as you have it, since ${client.name} does not pass that on: it is yours alone, so leave the file out of version control.`,
      );
    }
  }
  if ([command, ...request.launch.args].some((word) => NPX_CACHE.test(word))) {
    notes.push(
      `That path is in npm's cache and may vanish. Install it with npm install --global ${PRODUCT}, then do this again.`,
    );
  }
  return notes;
}
