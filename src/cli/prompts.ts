import { stripVTControlCharacters } from "node:util";
import { cancelledError } from "../lib/errors.ts";
import { writeStderr } from "./output.ts";
import { type Choice, initialPicker, type PickerState, pressKey, renderPicker } from "./picker.ts";

/** Whether a person can be asked: both what they type and what they are shown go through a terminal. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Waits for the Enter key. Rejects as soon as the signal aborts. */
export async function waitForEnter(signal: AbortSignal): Promise<void> {
  await readLine(signal);
}

/** Asks a yes-no question; everything but a plain yes is no. */
export async function confirm(question: string, signal: AbortSignal): Promise<boolean> {
  writeStderr(`${stripVTControlCharacters(question)} [y/N] `);
  return /^(y|yes)$/i.test((await readLine(signal)).trim());
}

/** Lets a person pick any number of things with arrows and space. Ctrl+C and Escape give up (exit 130). */
export async function pick(
  title: string,
  choices: readonly Choice[],
  signal: AbortSignal,
): Promise<string[]> {
  let state: PickerState = initialPicker(choices);
  let drawn: readonly string[] = [];
  const draw = () => {
    // A terminal whose size nobody has set says 0.
    const rows = process.stderr.rows || 24;
    const columns = process.stderr.columns || 80;
    const room = { height: Math.max(1, rows - 4), width: Math.max(2, columns - 1) };
    const lines = renderPicker(title, state, room);
    // In a terminal that has become narrower since, a line takes several.
    const up = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(Bun.stringWidth(line) / columns)), 0);
    writeStderr(`${up === 0 ? "" : `\x1b[${up}A`}\x1b[J${lines.join("\n")}\n`);
    drawn = lines;
  };
  const restore = () => {
    process.stdin.setRawMode(false);
    writeStderr("\x1b[?25h");
  };
  process.stdin.setRawMode(true);
  process.once("exit", restore);
  writeStderr("\x1b[?25l");
  draw();
  try {
    for (;;) {
      for (const key of keysOf(await readChunk(signal))) {
        if (key === "\x03" || key === "\x1b") throw cancelledError();
        const next = pressKey(state, key);
        if (next === "done") return [...state.picked];
        state = next;
      }
      draw();
    }
  } finally {
    process.off("exit", restore);
    restore();
  }
}

const ESCAPE = "\u001b";
const KEY = new RegExp(`${ESCAPE}\\[[0-9;]*[A-Za-z~]|${ESCAPE}O[A-Z]|[\\s\\S]`, "g");

/** Splits what a terminal sent at once into keys: escape sequences stay whole. */
function keysOf(chunk: string): string[] {
  return chunk.match(KEY) ?? [];
}

async function readLine(signal: AbortSignal): Promise<string> {
  let text = "";
  while (!/[\r\n]/.test(text)) {
    const chunk = await readChunk(signal);
    if (chunk === "") break;
    text += chunk;
  }
  return text.split(/[\r\n]/)[0] ?? "";
}

/** The next thing that is typed; empty when the input has ended. */
function readChunk(signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const { stdin } = process;
    const settle = (finish: () => void) => {
      stdin.off("data", onData);
      stdin.off("end", onEnd);
      signal.removeEventListener("abort", onAbort);
      stdin.pause();
      finish();
    };
    const onData = (chunk: Buffer | string) => settle(() => resolve(String(chunk)));
    const onEnd = () => settle(() => resolve(""));
    const onAbort = () => settle(() => reject(cancelledError()));
    if (signal.aborted) return reject(cancelledError());
    stdin.on("data", onData);
    stdin.on("end", onEnd);
    signal.addEventListener("abort", onAbort, { once: true });
    stdin.resume();
  });
}
