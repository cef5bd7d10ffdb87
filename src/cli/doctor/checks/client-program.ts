import { existsSync, realpathSync } from "node:fs";
import { isAbsolute } from "node:path";
import { launchOf } from "../../../clients/entry.ts";
import { ownCommand } from "../../../clients/launcher.ts";
import { findCommand } from "../../../clients/machine.ts";
import { VERSION } from "../../../config/product.ts";
import type { JsonObject } from "../../../lib/json.ts";
import { errorCode } from "../../../lib/system-error.ts";
import type { Examination } from "../check.ts";

/** Milliseconds that a program has to tell its version. */
const TIMEOUT = 5_000;

/**
 * Whether an entry starts an install that stands elsewhere and is of this very version: it fails for a reason that this
 * executable would fail for too.
 */
export async function isTwin(
  entry: JsonObject,
  { machine, clock, invocation }: Examination,
): Promise<boolean> {
  const { command = "", args = [] } = launchOf(entry) ?? {};
  const path = isAbsolute(command) ? command : findCommand(machine, command);
  if (path === undefined || !existsSync(path)) return false;
  const [own, ...words] = ownCommand(machine);
  const ownWords = words.every((word, index) => args[index] === word);
  if (ownWords && realpathSync(path) === realpathSync(own)) return false;
  const before = args.slice(0, Math.max(0, args.indexOf("run")));
  let child: Bun.Subprocess<"ignore", "pipe", "ignore">;
  try {
    child = Bun.spawn([path, ...before, "--version"], {
      env: { ...invocation.environment },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "ignore",
    });
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return false;
  }
  const answered = new AbortController();
  const late = clock.sleep(TIMEOUT, AbortSignal.any([answered.signal, invocation.interrupt])).then(
    () => "",
    () => "",
  );
  try {
    const told = await Promise.race([new Response(child.stdout).text(), late]);
    return told.trim().split(/\s+/).includes(VERSION);
  } finally {
    answered.abort();
    child.kill("SIGKILL");
  }
}
