import { realpathSync } from "node:fs";
import { dirname } from "node:path";
import { findCommand } from "../../../clients/machine.ts";
import { shortPath } from "../../../config/paths.ts";
import { PRODUCT } from "../../../config/product.ts";
import type { Check } from "../check.ts";

export const executable: Check = {
  id: "executable",
  title: "Executable",
  async run({ machine }) {
    if (!Bun.isStandaloneExecutable) {
      return {
        status: "warn",
        message: "Run from its source by Bun; its sessions are kept apart from those of the executable.",
        remedy: "Build the executable with npm run build, and use dist/auth0-mcp.",
      };
    }
    const own = process.execPath;
    const path = shortPath(own, machine);
    const found = findCommand(machine, PRODUCT);
    if (found === undefined) {
      return {
        status: "warn",
        message: `${path} is not on the PATH.`,
        remedy: `Add ${shortPath(dirname(own), machine)} to PATH to type ${PRODUCT} alone.`,
      };
    }
    if (realpathSync(found) !== realpathSync(own)) {
      return {
        status: "warn",
        message: `This is ${path}, but the PATH leads to ${shortPath(found, machine)}.`,
        remedy: `Remove one of the two, or put ${shortPath(dirname(own), machine)} first on PATH.`,
      };
    }
    return { status: "pass", message: `${shortPath(found, machine)}, found on the PATH` };
  },
};
