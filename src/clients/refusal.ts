import { AppError } from "../lib/errors.ts";
import { DocumentError } from "./document.ts";
import { type AdditionRequest, withEntry } from "./edit.ts";
import { editorFor } from "./editors/index.ts";

/** What to paste into a client's file by hand: its document, if it held nothing else. */
export async function snippet(request: AdditionRequest): Promise<string> {
  const { preamble: _, ...client } = request.client;
  const editor = await editorFor(client.format);
  return withEntry(editor, "", { ...request, client }).text.trimEnd();
}

/**
 * Runs work on a client's file and turns its refusal into words for people.
 *
 * @param request what was to be added, for the snippet; `undefined` when an entry was to be taken out
 * @throws AppError `client_file` (exit 1) naming the file and line
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
    const remedy =
      request === undefined
        ? "Mend the file, or take the entry out by hand."
        : `Mend the file, or add this by hand:\n\n${await snippet(request)}`;
    throw new AppError({
      code: "client_file",
      message: `${where} ${error.reason}.`,
      hint: `Nothing was written to it. ${remedy}`,
      cause: error,
    });
  }
}
