import { PRODUCT } from "../config/product.ts";
import { usageError } from "../lib/errors.ts";
import { didYouMean } from "../lib/suggest.ts";
import type { Command } from "./command.ts";

/** A command, the words that lead to it and the words behind it. */
export interface Resolved {
  readonly command: Command;
  readonly path: readonly string[];
  readonly rest: readonly string[];
}

/**
 * Walks from the root down to the command that the words name.
 *
 * @throws AppError (exit 2) when a group is given a word that names none of its commands
 */
export async function resolveCommand(root: Command, words: readonly string[]): Promise<Resolved> {
  let command = root;
  const path: string[] = [];
  for (;;) {
    const { children } = command;
    const word = words[path.length];
    if (children === undefined || word === undefined || word.startsWith("-")) {
      return { command, path, rest: words.slice(path.length) };
    }
    const load = Object.hasOwn(children, word) ? children[word] : undefined;
    if (load === undefined) {
      const full = [PRODUCT, ...path].join(" ");
      throw usageError(
        `Unknown command "${word}".`,
        didYouMean(word, Object.keys(children)) ?? `See: ${full} --help`,
      );
    }
    command = await load();
    path.push(word);
  }
}
