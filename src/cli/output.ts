import { writeSync } from "node:fs";
import { AppError } from "../lib/errors.ts";
import type { Json } from "../lib/json.ts";
import { errorCode, systemReason } from "../lib/system-error.ts";
import { isTerminal } from "./terminal.ts";

/** The two ways out: data on stdout, everything for people on stderr. */
export interface Output {
  /** Writes data, with a line end; resolves when the system has taken it. */
  data(text: string): Promise<void>;
  /** Writes a value as JSON, indented when a person reads it on a terminal. */
  json(value: Json): Promise<void>;
  /** Writes one line for people. */
  note(text: string): void;
  /** Shows a step of longer work, on a terminal only. */
  progress(step: string): void;
  readonly stdoutIsTerminal: boolean;
}

/** The process's own output. Colours leave only for a terminal, and never when `NO_COLOR` is set (no-color.org). */
export function processOutput(environment: Readonly<Record<string, string | undefined>>): Output {
  const plain = Boolean(environment["NO_COLOR"]) || environment["TERM"] === "dumb";
  const stdoutIsTerminal = isTerminal(1);
  const stderrIsTerminal = isTerminal(2);
  const stdoutColour = stdoutIsTerminal && !plain;
  const stderrColour = stderrIsTerminal && !plain;
  const data = async (text: string) => {
    try {
      await writeStdout(`${stdoutColour ? text : Bun.stripANSI(text)}\n`);
    } catch (cause) {
      // Whoever closed the pipe wants no more, and no word about it: that is for the entry to know.
      throw errorCode(cause) === "EPIPE" ? cause : unwritable(cause);
    }
  };
  const note = (text: string) => {
    writeStderr(`${stderrColour ? text : Bun.stripANSI(text)}\n`);
  };
  return {
    data,
    note,
    progress: (step) => {
      if (stderrIsTerminal) note(step);
    },
    json: (value) => data(stdoutIsTerminal ? JSON.stringify(value, null, 2) : JSON.stringify(value)),
    stdoutIsTerminal,
  };
}

function unwritable(cause: unknown): AppError {
  const message = `stdout cannot be written: ${systemReason(cause)}.`;
  return new AppError({ code: "output_failed", message, cause });
}

/** Writes words for people. They are on their way before the next step begins, and before the process ends. */
export function writeStderr(text: string): void {
  try {
    writeSync(2, text);
  } catch (error) {
    // Nobody at the other end, a full disk: there is nobody to tell, and the work goes on; the exit code still says how it
    // ended.
    if (errorCode(error) === undefined) throw error;
  }
}

const endOfTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Text that waits for the write under way, and whom to tell when it is out. */
let pending: { text: string; readonly written: Promise<void> } | undefined;
let writing: Promise<unknown> = Promise.resolve();

/**
 * Writes to stdout and waits until the system has taken it, so that a slow reader slows the writer down. What comes in
 * the same turn of the event loop, or while a write is under way, goes out together: every write wakes the reader, and
 * a busy server would spend a quarter of its time on that.
 */
export function writeStdout(text: string): Promise<void> {
  if (pending !== undefined) {
    pending.text += text;
    return pending.written;
  }
  const written = writing.then(endOfTurn).then(async () => {
    const out = pending?.text ?? "";
    pending = undefined;
    await Bun.write(Bun.stdout, out);
  });
  pending = { text, written };
  // A failed write is told to whoever waits for it; the next one is tried all the same.
  writing = written.catch(() => undefined);
  return written;
}
