import { existsSync } from "node:fs";
import { AppError } from "../lib/errors.ts";
import { replacingRemedy } from "../lib/system-error.ts";
import { DocumentError, ForeignEntryError } from "./document.ts";
import { type AdditionRequest, withEntry } from "./edit.ts";
import { editorFor } from "./editors/index.ts";
import { DEFAULT_NAME } from "./entry.ts";

/**
 * What to put into a client's file by hand: its document, if it held nothing else.
 *
 * @param isNew whether the file is to be made: what the client wants beside entries comes along then
 */
export async function snippet(request: AdditionRequest, isNew: boolean): Promise<string> {
  const { preamble, ...bare } = request.client;
  const client = isNew ? request.client : bare;
  const editor = await editorFor(client.format);
  return withEntry(editor, "", { ...request, client }).text.trimEnd();
}

/**
 * Runs work on a client's file and turns its refusal into words for people.
 *
 * @param request what was to be added, for the snippet; `undefined` when an entry was to be taken out
 * @throws AppError `client_file` (exit 1) naming the file and line, or the entry that is not ours
 */
export async function explained<T>(
  file: string,
  request: AdditionRequest | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    const where = error.line === undefined ? file : `${file}:${error.line}`;
    const mending = replacingRemedy(error.cause) ?? "Mend the file";
    const remedy =
      error instanceof ForeignEntryError ? otherName(request) : await byHand(mending, request, file);
    throw new AppError({
      code: "client_file",
      message: `${where} ${error.reason}.`,
      hint: `Nothing was written to it. ${remedy}`,
      cause: error,
    });
  }
}

async function byHand(mending: string, request: AdditionRequest | undefined, file: string): Promise<string> {
  return request === undefined
    ? `${mending}, or take the entry out by hand.`
    : `${mending}, or add this by hand:\n\n${await snippet(request, !existsSync(file))}`;
}

function otherName(request: AdditionRequest | undefined): string {
  if (request === undefined) return "Take the entry out by hand, if nobody needs it.";
  const free = request.name === DEFAULT_NAME ? `${DEFAULT_NAME}-mcp` : DEFAULT_NAME;
  return `Let the entry be called otherwise, for example: --name ${free}`;
}
