import { Exit, type ExitCode, usageError } from "../../lib/errors.ts";
import type { Command, Invocation } from "../command.ts";
import { completionsFor } from "./candidates.ts";

/**
 * Answers a completion script: `complete -- <words>`, where the last word is the one being typed. Prints one candidate a
 * line, its description behind a tab; or `:files` or `:folders` alone, where the shell shall look for paths itself.
 *
 * @throws AppError (exit 2) without `--`, which keeps a half-typed flag from being taken for one of ours
 */
export async function complete(
  root: Command,
  words: readonly string[],
  { environment, output }: Invocation,
): Promise<ExitCode> {
  const [mark, ...typed] = words;
  if (mark !== "--") throw usageError("complete is for completion scripts, and takes -- before the words.");
  // PowerShell drops an argument that is empty, so its script writes the quotes.
  const line = typed.at(-1) === '""' ? [...typed.slice(0, -1), ""] : typed;
  const found = await completionsFor(root, line, environment);
  if (typeof found === "string") await output.data(`:${found}`);
  else if (found.length > 0) {
    const lines = found.map(({ value, description }) =>
      description === undefined ? value : `${value}\t${description}`,
    );
    await output.data(lines.join("\n"));
  }
  return Exit.done;
}
