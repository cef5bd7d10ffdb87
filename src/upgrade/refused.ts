import { AppError } from "../lib/errors.ts";

/** What was downloaded is not what it should be, and is not used. */
export function refused(message: string, cause?: unknown): AppError {
  return new AppError({
    code: "download_refused",
    message: `${message} Nothing was changed.`,
    hint: "Try again later; if it stays that way, tell those who publish the release.",
    cause,
  });
}
