import { expect, test } from "bun:test";
import fc from "fast-check";
import { AppError } from "../../src/lib/errors.ts";
import { path } from "../../src/management/path.ts";

const text = (value: string): string => path`/clients/${value}/grants`;

test.each([
  ["abc", "/clients/abc/grants"],
  ["auth0|abc", "/clients/auth0%7Cabc/grants"],
  ["https://api.example/v1?x=1#y", "/clients/https%3A%2F%2Fapi.example%2Fv1%3Fx%3D1%23y/grants"],
  ["a/../b", "/clients/a%2F..%2Fb/grants"],
  ["%2e%2e", "/clients/%252e%252e/grants"],
  ["...", "/clients/.../grants"],
  [" ", "/clients/%20/grants"],
  ["käse", "/clients/k%C3%A4se/grants"],
  ["a\\b;c", "/clients/a%5Cb%3Bc/grants"],
])("%s becomes one segment", (value, expected) => {
  expect(text(value)).toBe(expected);
});

test.each([
  ["empty", ""],
  ["a dot", "."],
  ["two dots", ".."],
  ["a line break", "a\nb"],
  ["a carriage return", "a\rb"],
  ["a NUL", "a\u0000"],
  ["a tab", "\t"],
  ["DEL", "\u007f"],
  ["half a surrogate pair", "a\ud800"],
])("%s is refused", (_, value) => {
  expect(() => text(value)).toThrow(expect.objectContaining({ code: "invalid_arguments" }));
});

test("a path without values is itself, and values may stand side by side with text", () => {
  expect<string>(path`/clients`).toBe("/clients");
  expect<string>(path`/a/${"x"}:${"y"}`).toBe("/a/x:y");
});

test("any text is either refused or exactly one segment that decodes to itself, also for a URL parser", () => {
  const nasty = fc.string({
    unit: fc.constantFrom("/", "\\", ".", "%", "2", "e", "?", "#", ";", ":", "@", "\t", "é", "|"),
  });
  const broken = fc.string({ unit: "binary" });
  fc.assert(
    fc.property(fc.oneof(fc.string(), nasty, broken, fc.webUrl()), (value) => {
      let built: string;
      try {
        built = text(value);
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
        return;
      }
      const url = new URL(`https://acme.auth0.com/api/v2${built}`);
      expect(url.pathname).toBe(`/api/v2${built}`);
      expect(url.search + url.hash).toBe("");
      const segments = url.pathname.split("/");
      expect(segments).toHaveLength(6);
      expect(decodeURIComponent(segments[4] ?? "")).toBe(value);
    }),
    { numRuns: 2_000 },
  );
});
