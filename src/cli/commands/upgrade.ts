import { BUILD } from "../../config/build-facts.ts";
import { options } from "../../config/options.ts";
import { PRODUCT } from "../../config/product.ts";
import { Exit, usageError } from "../../lib/errors.ts";
import { Redactor } from "../../policy/redaction.ts";
import type { Standing } from "../../upgrade/upgrade.ts";
import { defineCommand } from "../command.ts";
import { debugLogger } from "../debug.ts";

/**
 * With `--json` prints `{"current", "latest", "newer", "owner", "command", "upgraded"}`: `latest` is the newest version
 * or the one that was named, `newer` whether it comes after this one, `owner` is null where nobody but this program may
 * replace the file, and `command` what the owner is told to do with.
 */
export const upgrade = defineCommand({
  meta: {
    name: "upgrade",
    description: "Replace this executable by the newest release, or fail and name its package manager",
  },
  args: {
    check: {
      type: "boolean",
      description: "Only say whether there is a newer version; ends with 0 either way, scripts read --json",
    },
    version: {
      type: "string",
      description: "Take this version, an older one as well (default: the newest)",
      valueHint: "version",
    },
    json: { type: "boolean", description: "Print JSON: current, latest, newer, owner, command, upgraded" },
  },
  examples: [
    { does: "Install the newest version, or learn which package manager does", type: "upgrade" },
    { does: "Is there a newer one? For a script", type: "upgrade --check --json" },
    { does: "Go back to an older version", type: "upgrade --version 1.2.3" },
  ],
  variables: [options.downloadUrl],
  async run(args, invocation) {
    const { environment, output, interrupt } = invocation;
    const { adviceOf, findStanding, install, ownedError } = await import("../../upgrade/upgrade.ts");
    const { ownershipOf } = await import("../../upgrade/owner.ts");
    const { runningExecutable } = await import("../../upgrade/program.ts");
    const { readVersion } = await import("../../upgrade/version.ts");

    const named = args.version === undefined ? undefined : readVersion(args.version);
    if (args.version !== undefined && named === undefined)
      throw usageError(`"${args.version}" is no version.`, "Write it like --version 1.2.3");
    if (args.check === true && named !== undefined)
      throw usageError("--check looks for the newest version, and --version names another.");

    const upgrading = {
      file: runningExecutable(),
      build: BUILD,
      environment,
      fetch,
      signal: interrupt,
      log: debugLogger(invocation, new Redactor()),
      progress: output.progress,
    };
    const { owner } = ownershipOf(upgrading);
    if (owner !== undefined && args.check !== true) throw ownedError(owner);

    output.progress("Looking for the newest version …");
    const standing = await findStanding(upgrading, named);
    const other = named === undefined ? standing.newer : named !== standing.current;
    const upgraded = other && args.check !== true;
    if (upgraded) await install(upgrading, standing.latest);

    if (args.json === true) await output.json(toJson(standing, upgraded));
    else if (upgraded) {
      await output.data(`Replaced ${PRODUCT} ${standing.current} by ${standing.latest}: ${upgrading.file}`);
    } else if (standing.newer) {
      const then = owner === undefined ? `Install it with: ${PRODUCT} upgrade` : adviceOf(owner);
      await output.data(`There is ${PRODUCT} ${standing.latest}; this is ${standing.current}.\n${then}`);
    } else if (named === undefined) {
      await output.data(noNewer(standing));
    } else {
      await output.data(`This is ${PRODUCT} ${named} already.`);
    }
    return Exit.done;
  },
});

function noNewer({ current, latest }: Standing): string {
  return latest === current
    ? `This is ${PRODUCT} ${current}, and there is nothing newer.`
    : `${PRODUCT} ${current} is newer than the newest release, ${latest}.`;
}

function toJson({ current, latest, newer, owner }: Standing, upgraded: boolean) {
  return { current, latest, newer, owner: owner?.id ?? null, command: owner?.command ?? null, upgraded };
}
