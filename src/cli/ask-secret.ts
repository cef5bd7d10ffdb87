import { once } from "node:events";
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { cancelledError } from "../lib/errors.ts";
import { writeStderr } from "./output.ts";

/**
 * Asks for a secret on the terminal, on stderr. What is typed or pasted is not shown; Enter ends it, and the usual keys
 * edit it.
 *
 * @throws AppError `cancelled` (exit 130) for Ctrl+C, for the end of the input, and when the signal aborts
 */
export async function askSecret(question: string, signal: AbortSignal): Promise<string> {
  if (signal.aborted) throw cancelledError();
  // The line editor switches echo off for as long as it is open, and shows what is typed only to its own output.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const editor = createInterface({ input: process.stdin, output: nowhere, terminal: true, historySize: 0 });
  // Only now: what is typed at once would be shown before, or lost.
  writeStderr(question);
  const close = () => editor.close();
  process.once("exit", close);
  signal.addEventListener("abort", close, { once: true });
  editor.once("SIGINT", close);
  try {
    const typed = once(editor, "line");
    const ended = once(editor, "close").then(() => undefined);
    const line = await Promise.race([typed, ended]);
    if (line === undefined) throw cancelledError();
    return String(line[0]);
  } finally {
    process.off("exit", close);
    signal.removeEventListener("abort", close);
    close();
    writeStderr("\n");
  }
}
