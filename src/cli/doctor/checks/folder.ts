import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { errorCode, systemReason } from "../../../lib/system-error.ts";
import type { Check } from "../check.ts";

const ENV_FILES = [".env", ".env.local", ".env.development", ".env.production"];
/** The name of a variable of Auth0's at the beginning of a line. */
const ASSIGNMENT = /^\s*(?:export\s+)?(AUTH0_[A-Z0-9_]+)\s*=/gm;

/** What in the working folder looks as if it steered this program. */
export const folder: Check = {
  id: "folder",
  title: "Working folder",
  async run({ folder: place }) {
    const found = [...ENV_FILES.flatMap((file) => envHazard(place, file)), ...bunfigHazard(place)];
    if (found.length === 0)
      return { status: "pass", message: "Nothing in it looks as if it steered this program." };
    const harmless = Bun.isStandaloneExecutable
      ? "None of it is read by this program."
      : "Bun reads it, since this is run from source; the executable does not.";
    return {
      status: "warn",
      message: [...found, harmless].join(" "),
      remedy: "Export variables that are meant for this program, and keep secrets out of version control.",
    };
  },
};

function envHazard(place: string, file: string): string[] {
  const text = readIfFile(join(place, file));
  if (text === undefined) return [];
  if (typeof text !== "string") return [`${file} cannot be read (${text.reason}).`];
  const names = [...new Set([...text.matchAll(ASSIGNMENT)].map(([, name = ""]) => name))];
  return names.length === 0 ? [] : [`${file} sets ${names.join(", ")}.`];
}

function bunfigHazard(place: string): string[] {
  return statSync(join(place, "bunfig.toml"), { throwIfNoEntry: false })?.isFile() === true
    ? ["bunfig.toml is there."]
    : [];
}

/** `undefined` unless it is a regular file: reading a pipe would wait for good. */
function readIfFile(file: string): string | { readonly reason: string } | undefined {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return { reason: systemReason(error) };
  }
}
