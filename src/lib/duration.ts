import { usageError } from "./errors.ts";

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * Milliseconds of `90`, `90s`, `10m` or `24h`.
 *
 * @param source the flag the text came from, for the error
 * @throws AppError (exit 2) for anything else, zero included
 */
export function parseDuration(text: string, source: string): number {
  const [, digits, unit = "s"] = /^(\d{1,6})([smh])?$/.exec(text) ?? [];
  const milliseconds = Number(digits ?? 0) * (UNITS[unit] ?? 0);
  if (milliseconds > 0) return milliseconds;
  throw usageError(`${source} must be a time such as 90s, 10m or 24h, not "${text}".`);
}

/** A length of time in the largest unit that says it well: `45 seconds`, `10 minutes`, `23 hours`, `3 days`. */
export function describeDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return counted(seconds, "second");
  if (seconds < 2 * 3600) return counted(Math.floor(seconds / 60), "minute");
  if (seconds < 48 * 3600) return counted(Math.floor(seconds / 3600), "hour");
  return counted(Math.floor(seconds / 86_400), "day");
}

function counted(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? "" : "s"}`;
}
