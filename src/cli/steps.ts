import { styleText } from "node:util";
import type { ConsolaInstance, LogType } from "consola/core";
import { visible } from "../policy/untrusted.ts";
import type { Output } from "./output.ts";

const plainly = { validateStream: false } as const;

/** What stands before a line, by what it tells. The output takes colours away where nobody wants them. */
const SIGNS: Partial<Record<LogType, string>> = {
  success: styleText("green", "✔", plainly),
  info: styleText("cyan", "→", plainly),
  warn: styleText("yellow", "!", plainly),
};

/** How far the loudest and the quietest line are from being left out: consola's level for everything but debugging. */
const LEVEL = 3;

/**
 * Tells a person of longer work, a line for each step. Whatever it is told goes to stderr, stdout being for data.
 * What other programs said may stand in a line: characters that would steer a terminal are taken out.
 */
export async function openSteps(output: Output): Promise<ConsolaInstance> {
  const { createConsola } = await import("consola/core");
  return createConsola({
    stdout: process.stderr,
    stderr: process.stderr,
    level: LEVEL,
    // Two steps may say the same of two clients; none is to be left out.
    throttle: 0,
    reporters: [
      {
        log({ type, args }) {
          const text = visible(args.map(String).join(" "));
          const sign = SIGNS[type];
          output.note(sign === undefined ? text : `${sign} ${text}`);
        },
      },
    ],
  });
}
