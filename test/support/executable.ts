import { existsSync } from "node:fs";
import { compile, EXECUTABLE, ROOT } from "../../scripts/build.ts";
import { type Finished, finishedOf } from "../../scripts/support/finished.ts";

export type { Finished } from "../../scripts/support/finished.ts";

/** The compiled executable. Built here when a test file is run by itself; the gate builds it first. */
export async function executable(): Promise<string> {
  if (!existsSync(EXECUTABLE)) await compile(`${ROOT}/src/main.ts`, EXECUTABLE);
  return EXECUTABLE;
}

export interface RunOptions {
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  readonly stdin?: string;
  /** A program and its arguments that run it, such as `nsenter`. */
  readonly through?: readonly string[];
}

/** The environment of a test: only what a program needs to start, so that nothing of the machine leaks in. */
export function bareEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  return { PATH: "/usr/bin:/bin", HOME: "/nonexistent", ...extra };
}

/** Runs the executable to its end. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const child = Bun.spawn([...(options.through ?? []), await executable(), ...args], {
    env: bareEnvironment(options.env),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdin: Buffer.from(options.stdin ?? ""),
    stdout: "pipe",
    stderr: "pipe",
  });
  return finishedOf(child);
}
