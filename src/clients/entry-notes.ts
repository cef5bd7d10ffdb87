import { PRODUCT } from "../config/product.ts";
import type { Machine } from "./machine.ts";
import type { Plan } from "./plan.ts";
import { withheldBy } from "./withheld.ts";

/** Folders that are cleared at any time or whose names hold a version, and what to do where an entry names one. */
const PASSING: readonly (readonly [folder: RegExp, note: string])[] = [
  [
    /[\\/]_npx[\\/]/,
    `That path is in npm's cache and may vanish. Install it with npm install --global ${PRODUCT}, then do this again.`,
  ],
  [
    /[\\/]\.pnpm[\\/]/,
    "That path names a version and vanishes with an update. Do this again after each one, or install it with install.sh first.",
  ],
  [
    /[\\/]versions[\\/]node[\\/]/,
    "That path belongs to one version of Node and vanishes with it. Do this again when you change to another one.",
  ],
  [
    /\/Cellar\//,
    "That path names a version and vanishes with an update. Put Homebrew's bin folder on the PATH, then do this again.",
  ],
];

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
  const words = [command, ...request.launch.args];
  const passing = PASSING.filter(([folder]) => words.some((word) => folder.test(word)));
  return [...notes, ...passing.map(([, note]) => note)];
}
