import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../build.ts";

/** `install.sh` with what only a release knows: where it will be published, and the key it is signed with. */
export function installerOf(repository: string | undefined, publicKey: string | undefined): string {
  let text = readFileSync(join(ROOT, "install.sh"), "utf8");
  for (const [name, value] of [
    ["REPOSITORY", repository],
    ["PUBLIC_KEY", publicKey],
  ] as const) {
    const line = `\n${name}=''\n`;
    if (!text.includes(line)) throw new Error(`install.sh has no line ${name}=''`);
    if (value === undefined) continue;
    if (!/^[\w:/.+=-]+$/.test(value)) throw new Error(`${value} cannot stand in install.sh`);
    text = text.replace(line, `\n${name}='${value}'\n`);
  }
  return text;
}
