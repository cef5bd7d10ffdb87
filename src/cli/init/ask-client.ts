import { stripVTControlCharacters } from "node:util";
import { findCommand } from "../../clients/machine.ts";
import type { EntryAddress, Workshop } from "../../clients/plan.ts";
import { options } from "../../config/options.ts";
import { cancelledError } from "../../lib/errors.ts";
import { errorCode, systemReason } from "../../lib/system-error.ts";

/** How long a client may take to list its servers, in milliseconds. It starts each of them for that. */
const PATIENCE = 20_000;

/** Longest line of a client's answer that is repeated, in characters. */
const LONGEST = 160;

/** What a client's own command says of an entry. */
export interface Listing {
  /** The command as a person would type it. */
  readonly command: string;
  /** Its line about the entry; `undefined` when there is none. */
  readonly line: string | undefined;
  /** Whether that line says that the server did not work. */
  readonly failing: boolean;
  /** Why it could not be asked. */
  readonly problem: string | undefined;
}

/**
 * Asks a client for its servers, with its own command.
 *
 * @returns `undefined` when the client has no such command, or it is not on the PATH
 * @throws AppError (exit 130) when the signal aborts
 */
export async function askClient(
  { client, scope, project, name }: EntryAddress,
  { machine, clock, signal }: Workshop,
): Promise<Listing | undefined> {
  const [program, ...words] = client.listing ?? [];
  const path = program === undefined ? undefined : findCommand(machine, program);
  if (program === undefined || path === undefined) return undefined;
  const command = [program, ...words].join(" ");
  let child: Bun.Subprocess<"ignore", "pipe", "pipe">;
  try {
    child = Bun.spawn([path, ...words], {
      // The secret was given for this sign-in, and the client would hand it on to every server it starts.
      env: { ...machine.environment, NO_COLOR: "1", [options.clientSecret.variable]: undefined },
      ...(scope === "project" ? { cwd: project } : {}),
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return { command, line: undefined, failing: false, problem: systemReason(error) };
  }
  const answered = new AbortController();
  const either = signal === undefined ? answered.signal : AbortSignal.any([signal, answered.signal]);
  const late = clock.sleep(PATIENCE, either).then(
    () => "late" as const,
    () => "late" as const,
  );
  try {
    const answer = await Promise.race([answerOf(child), late]);
    if (signal?.aborted) throw cancelledError();
    if (answer === "late") {
      return {
        command,
        line: undefined,
        failing: false,
        problem: `it did not answer within ${PATIENCE / 1000} s`,
      };
    }
    const line = lineAbout(name, answer.text);
    const failed = answer.code !== 0 && line === undefined;
    const failing = line !== undefined && saysFailure(name, line);
    return { command, line, failing, problem: failed ? `it ended with exit code ${answer.code}` : undefined };
  } finally {
    answered.abort();
    child.kill("SIGKILL");
  }
}

/** Some clients list on stdout and some on stderr. */
async function answerOf(
  child: Bun.Subprocess<"ignore", "pipe", "pipe">,
): Promise<{ text: string; code: number }> {
  const [stdout, stderr, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { text: `${stdout}\n${stderr}`, code };
}

/** Whether what a client says behind an entry's name is of a failure. The command it repeats may hold any word. */
export function saysFailure(name: string, line: string): boolean {
  const said =
    line
      .slice(name.length)
      .split(/\s-\s|(?=[✗✘×❌])/u)
      .at(-1) ?? "";
  return /[✗✘×❌]|\b(?:fail(?:ed|s|ure|ing)?|errors?|errored|disconnected)\b|\bnot connected\b/iu.test(said);
}

/** The line of a list that begins with a name, whatever signs stand in front of it. */
export function lineAbout(name: string, list: string): string | undefined {
  const beginning = new RegExp(`^[^\\p{L}\\p{N}]*(${name}(?![\\w-]).*)$`, "u");
  const lines = stripVTControlCharacters(list).split(/\r?\n/);
  const found = lines.map((line) => beginning.exec(line)?.[1]).find((line) => line !== undefined);
  const text = found?.replace(/\s+/g, " ").trim();
  return text === undefined || text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}
