import { existsSync, realpathSync } from "node:fs";
import { dirname } from "node:path";
import type { Environment } from "../config/environment.ts";
import { AppError, cancelledError } from "../lib/errors.ts";
import { errorCode, systemReason } from "../lib/system-error.ts";
import { readVersion } from "./version.ts";

/** Milliseconds an executable has to tell its version: a virus scanner may read all of it first. */
const PATIENCE = 30_000;
/** How much of what a failed one says is repeated, in characters. */
const REPEATED = 300;

/**
 * The real path of the running executable.
 *
 * @param path as the process knows it; Linux marks it once the file was replaced, by another upgrade perhaps
 * @throws AppError `no_executable` (exit 1) when there is no file any more
 */
export function runningExecutable(path: string = process.execPath): string {
  const file = existsSync(path) ? path : path.replace(/ \(deleted\)$/, "");
  if (existsSync(file)) return realpathSync(file);
  throw new AppError({
    code: "no_executable",
    message: `${file} is no longer there.`,
    hint: "Install it again with install.sh.",
  });
}

export interface Trial {
  readonly environment: Environment;
  readonly signal: AbortSignal;
}

export type Told =
  | { readonly version: string }
  /** Why it told none, in words that follow a name. */
  | { readonly reason: string };

/**
 * Starts an executable with `--version`.
 *
 * @throws AppError `cancelled` when the signal aborts
 */
export async function askVersion(file: string, { environment, signal }: Trial): Promise<Told> {
  if (signal.aborted) throw cancelledError();
  let child: Bun.Subprocess<"ignore", "pipe", "pipe">;
  try {
    child = Bun.spawn([file, "--version"], {
      cwd: dirname(file),
      env: { ...environment },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
      signal,
      timeout: PATIENCE,
      killSignal: "SIGKILL",
    });
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return { reason: `does not start on this machine: ${systemReason(error)}` };
  }
  const stdout = new Response(child.stdout).text();
  const stderr = new Response(child.stderr).text();
  const code = await child.exited;
  if (signal.aborted) throw cancelledError();
  // Something it started itself may hold its streams open, so they are read to their end only when it ended well.
  if (child.signalCode === "SIGKILL") return { reason: "did not tell its version in time" };
  if (code !== 0) {
    const [said = ""] = (await stderr).trim().split("\n");
    const more = said === "" ? "" : `: ${said.slice(0, REPEATED)}`;
    return { reason: `does not start on this machine (exit code ${code})${more}` };
  }
  const told = (await stdout).trim();
  const version = readVersion(told);
  return version === undefined || version !== told ? { reason: "tells no version of its own" } : { version };
}
