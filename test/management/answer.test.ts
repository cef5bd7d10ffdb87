import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { nextLink, readBody } from "../../src/management/answer.ts";

import { rejection } from "../support/rejection.ts";

describe("readBody", () => {
  test.each([
    ["an object", '{"a":1}', { a: 1 }],
    ["an array", "[]", []],
    ["null", "null", null],
    ["an empty body", "", null],
    ["blanks", " \n", null],
    ["a byte order mark", "\ufeff{}", {}],
    ["HTML", "<html>502</html>", undefined],
    ["half an object", '{"a":', undefined],
    ["plain text", "Unauthorized", undefined],
    ["what is nested too deep to walk over", `${"[".repeat(9_999)}${"]".repeat(9_999)}`, undefined],
  ])("%s", async (_, text, expected) => {
    expect(await readBody(new Response(text))).toEqual(expected);
  });

  test("no body at all", async () => {
    expect(await readBody(new Response(null, { status: 204 }))).toBeNull();
  });

  test("characters that are split between chunks", async () => {
    const bytes = new TextEncoder().encode('{"name":"käse 👩‍👩‍👧"}');
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), async (step) => {
        const stream = new ReadableStream<Uint8Array>({
          start(controller) {
            for (let at = 0; at < bytes.length; at += step) controller.enqueue(bytes.slice(at, at + step));
            controller.close();
          },
        });
        expect(await readBody(new Response(stream))).toEqual({ name: "käse 👩‍👩‍👧" });
      }),
    );
  });

  test("an endless answer is cut off after 10 MB", async () => {
    let pulled = 0;
    let cancelled = false;
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled++;
        controller.enqueue(new Uint8Array(1024 * 1024).fill(32));
      },
      cancel() {
        cancelled = true;
      },
    });
    expect(await rejection(readBody(new Response(stream)))).toMatchObject({ code: "answer_too_large" });
    expect(cancelled).toBe(true);
    expect(pulled).toBeLessThan(15);
  });
});

describe("nextLink", () => {
  const next = (link: string) => nextLink(new Headers({ link }))?.toString();

  test.each([
    ["one link", '<https://acme.auth0.com/api/v2/logs?from=900&take=50>; rel="next"', "from=900&take=50"],
    [
      "http, as Auth0 sends it",
      '<http://acme.auth0.com/api/v2/clients?page=1&per_page=2>; rel="next"',
      "page=1&per_page=2",
    ],
    [
      "behind others",
      '<https://a/?page=0>; rel="first", <https://a/?page=3>; rel="last", <https://a/?page=2>; rel="next"',
      "page=2",
    ],
    ["before others", '<https://a/?page=2>; rel="next", <https://a/?page=0>; rel="first"', "page=2"],
    ["without quotes", "<https://a/?page=2>; rel=next", "page=2"],
    ["no blanks", "<https://a/?page=2>;rel=next,<https://a/?page=3>;rel=last", "page=2"],
    ["capitals", '<https://a/?page=2>; REL="Next"', "page=2"],
    ["several relations", '<https://a/?page=2>; rel="last next"', "page=2"],
    ["other parameters first, with a comma", '<https://a/?page=2>; title="a, b"; rel="next"', "page=2"],
    ["a relative address", '</api/v2/logs?from=9>; rel="next"', "from=9"],
    ["a comma in the address", '<https://a/?fields=a,b&page=2>; rel="next"', "fields=a%2Cb&page=2"],
    ["no query", '<https://a/x>; rel="next"', ""],
  ])("%s", (_, header, expected) => {
    expect(next(header)).toBe(expected);
  });

  test.each([
    ["no next", '<https://a/?page=0>; rel="first"'],
    ["a relation that only begins so", '<https://a/?page=2>; rel="nextpage"'],
    ["a relation in a title", '<https://a/?page=2>; title="rel=next"; rel="last"'],
    ["nothing", ""],
    ["no address", 'rel="next"'],
  ])("%s", (_, header) => {
    expect(next(header)).toBeUndefined();
  });

  test("no header", () => {
    expect(nextLink(new Headers())).toBeUndefined();
  });
});
