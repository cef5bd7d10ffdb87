import { expect, test } from "bun:test";
import { describeDuration, parseDuration } from "../../src/lib/duration.ts";

test("reads seconds, minutes and hours", () => {
  for (const [text, milliseconds] of [
    ["90", 90_000],
    ["90s", 90_000],
    ["10m", 600_000],
    ["24h", 86_400_000],
  ] as const) {
    expect(parseDuration(text, "--min-ttl")).toBe(milliseconds);
  }
});

test("refuses everything else, naming where it stood", () => {
  for (const text of ["", "0", "0s", "-1", "1d", "1.5h", "10 m", "soon", "9999999"]) {
    expect(() => parseDuration(text, "--min-ttl")).toThrow("--min-ttl");
  }
});

test("is told in the unit that says it well", () => {
  for (const [milliseconds, words] of [
    [-5, "0 seconds"],
    [1_000, "1 second"],
    [59_999, "59 seconds"],
    [60_000, "1 minute"],
    [42 * 60_000, "42 minutes"],
    [119 * 60_000, "119 minutes"],
    [2 * 3_600_000, "2 hours"],
    [47 * 3_600_000, "47 hours"],
    [48 * 3_600_000, "2 days"],
  ] as const) {
    expect(describeDuration(milliseconds)).toBe(words);
  }
});
