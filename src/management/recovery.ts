import { AppError } from "../lib/errors.ts";
import { sentence } from "../lib/sentence.ts";

/**
 * The answer of a read that a call is better with but can do without: `undefined` when the token lacks its scope.
 * Every other failure is thrown.
 */
export async function readIfAllowed<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof AppError && error.code === "insufficient_scope") return undefined;
    throw error;
  }
}

/**
 * The result of a write. When the tenant refuses it because of something that exists already, the error says what
 * that is and what to do about it.
 *
 * @param find looks for what is in the way and describes it in a sentence; whatever becomes of it, the error stays
 *   the conflict
 * @throws AppError what the write threw
 */
export async function explainConflict<T>(
  write: Promise<T>,
  hint: string,
  find?: () => Promise<string | undefined>,
): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "conflict") throw error;
    const existing = find === undefined ? undefined : await unlessFailed(find());
    const message = existing === undefined ? error.message : `${sentence(error.message)} ${existing}`;
    throw error.with({ message, hint });
  }
}

async function unlessFailed<T>(search: Promise<T>): Promise<T | undefined> {
  try {
    return await search;
  } catch (error) {
    // A withdrawn call ends as such, and a defect is not hidden.
    if (error instanceof AppError && error.code !== "cancelled") return undefined;
    throw error;
  }
}
