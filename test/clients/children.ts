import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** What a child process does in a home folder; see `child-edits.ts`. */
export interface ChildTask {
  readonly home: string;
  readonly client: string;
  /** Names of the entries to add, one after the other. */
  readonly names: readonly string[];
  /** Goes on for ever, with other arguments each time. */
  readonly forever?: boolean;
}

const PROGRAM = `${import.meta.dir}/child-edits.ts`;

/** @param before words in front of the command, which set limits or drop rights */
export function startChild(
  task: ChildTask,
  before: readonly string[] = [],
): Bun.Subprocess<"ignore", "pipe", "pipe"> {
  return Bun.spawn([...before, process.execPath, PROGRAM, JSON.stringify(task)], {
    env: { PATH: process.env["PATH"], HOME: task.home },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
}

/** Runs a child to its end. */
export async function runChild(
  task: ChildTask,
  before: readonly string[] = [],
): Promise<{ readonly code: number; readonly stderr: string }> {
  const child = startChild(task, before);
  const [stderr, code] = await Promise.all([new Response(child.stderr).text(), child.exited]);
  return { code, stderr };
}

/** Resolves when the child has said its first word. */
export async function firstWord(child: Bun.Subprocess<"ignore", "pipe", "pipe">): Promise<void> {
  const reader = child.stdout.getReader();
  await reader.read();
  reader.releaseLock();
}

/** A document of about 200 kB, for writes that take a while. */
export function largeDocument(): string {
  const members = Array.from(
    { length: 4_000 },
    (_, index) => `  "setting${index}": "some value that fills the file"`,
  );
  return `{\n${members.join(",\n")}\n}\n`;
}

export function writeAt(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
