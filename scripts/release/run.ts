export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string | undefined>;
  readonly stdin?: string;
}

/**
 * Runs a program to its end.
 *
 * @returns what it wrote on stdout
 * @throws Error with its own words when it fails
 */
export function finished(command: readonly string[], options: RunOptions = {}): string {
  const done = Bun.spawnSync([...command], {
    env: { ...process.env, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdin: options.stdin === undefined ? "ignore" : Buffer.from(options.stdin),
  });
  if (!done.success) {
    const words = `${done.stderr.toString()}${done.stdout.toString()}`.trim().slice(0, 4_000);
    throw new Error(`${command.slice(0, 3).join(" ")} … failed with ${done.exitCode}:\n${words}`);
  }
  return done.stdout.toString();
}
