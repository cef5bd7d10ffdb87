import { expect, test } from "bun:test";
import fc from "fast-check";
import { path } from "../../src/management/path.ts";
import { requestQuery } from "../../src/management/query.ts";

const query = (parameters: Record<string, string | number | boolean | readonly string[] | undefined>) =>
  requestQuery({ method: "GET", path: path`/clients`, query: parameters });

test("what is set is sent, lists by commas, what is undefined is left out", () => {
  expect(query({ page: 0, include_totals: false, app_type: ["spa", "native"], name: undefined })).toBe(
    "?page=0&include_totals=false&app_type=spa%2Cnative",
  );
  expect(query({})).toBe("");
  expect(query({ name: undefined })).toBe("");
  expect(requestQuery({ method: "GET", path: path`/clients` })).toBe("");
});

test("no value can add a parameter or leave the query", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (first, second) => {
      const url = new URL(`https://acme.auth0.com/api/v2/logs${query({ q: first, sort: second })}`);
      expect(url.hash).toBe("");
      expect([...url.searchParams.keys()]).toEqual(["q", "sort"]);
      expect(url.searchParams.get("q")).toBe(first);
    }),
  );
});
