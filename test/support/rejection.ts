import { AppError } from "../../src/lib/errors.ts";

/** The AppError that work fails with. Throws when it does not fail, or with something else. */
export async function rejection(work: Promise<unknown>): Promise<AppError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}
