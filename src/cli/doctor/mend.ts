import { AppError, Exit } from "../../lib/errors.ts";
import type { Output } from "../output.ts";
import type { Result } from "./examine.ts";

/**
 * Puts right what can be put right without anybody's decision, and tells of each on stderr. What cannot be mended does
 * not keep the rest from it.
 *
 * @throws AppError (exit 130) when interrupted
 */
export async function mendAll(results: readonly Result[], output: Output): Promise<void> {
  const mendable = results.flatMap(({ title, mend }) => (mend === undefined ? [] : [{ title, mend }]));
  for (const { title, mend } of mendable) {
    try {
      output.note(`Mended: ${await mend()}`);
    } catch (error) {
      if (!(error instanceof AppError) || error.exit === Exit.interrupted) throw error;
      output.note(`Not mended: ${title}: ${error.message}`);
    }
  }
  if (mendable.length === 0) output.note("There is nothing that can be mended without a decision of yours.");
}
