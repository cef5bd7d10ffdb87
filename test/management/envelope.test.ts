import { describe, expect, test } from "bun:test";
import type { Json } from "../../src/lib/json.ts";
import { readList, readObject } from "../../src/management/envelope.ts";

const a = { client_id: "a" };
const b = { client_id: "b" };

describe("readList reads every envelope the API sends", () => {
  test.each([
    ["a bare array", [a, b], "clients", { items: [a, b] }],
    ["an empty array", [], "clients", { items: [] }],
    ["totals", { start: 0, limit: 50, total: 2, clients: [a, b] }, "clients", { items: [a, b], total: 2 }],
    [
      "totals of a page past the end",
      { start: 50, limit: 50, total: 2, clients: [] },
      "clients",
      { items: [], total: 2 },
    ],
    [
      "totals with length (users)",
      { start: 0, limit: 50, length: 1, total: 9, users: [a] },
      "users",
      { items: [a], total: 9 },
    ],
    [
      "an underscored name",
      { start: 0, limit: 50, total: 1, client_grants: [a] },
      "client_grants",
      { items: [a], total: 1 },
    ],
    ["a checkpoint", { clients: [a], next: "Fe26" }, "clients", { items: [a], next: "Fe26" }],
    ["the last checkpoint page", { clients: [a] }, "clients", { items: [a] }],
    ["an empty next", { clients: [a], next: "" }, "clients", { items: [a] }],
    ["next null", { clients: [a], next: null }, "clients", { items: [a] }],
    ["actions on page 0", { actions: [a], per_page: 20, total: 1 }, "actions", { items: [a], total: 1 }],
    ["no actions, zeros left out", { actions: [], per_page: 20 }, "actions", { items: [] }],
    ["no actions, the list left out as well", { per_page: 20 }, "actions", { items: [] }],
    ["the list null", { actions: null, per_page: 20 }, "actions", { items: [] }],
    ["bindings", { bindings: [b], per_page: 20, total: 1 }, "bindings", { items: [b], total: 1 }],
    ["bindings after a PATCH", { bindings: [b] }, "bindings", { items: [b] }],
    [
      "modules with zeros",
      { modules: [], total: 0, page: 0, per_page: 50 },
      "modules",
      { items: [], total: 0 },
    ],
    ["tokens", { tokens: [a], next: "x", total: 3 }, "tokens", { items: [a], total: 3, next: "x" }],
    ["a camel-case name", { eventStreams: [a] }, "eventStreams", { items: [a] }],
    ["a total that is no number", { clients: [a], total: "2" }, "clients", { items: [a] }],
  ] satisfies [string, Json, string, object][])("%s", (_, body, key, expected) => {
    expect(readList(body, key)).toEqual({ total: undefined, next: undefined, ...expected });
  });

  test.each([
    ["nothing", null],
    ["a text", "maintenance"],
    ["a number", 3],
    ["another thing under the name", { clients: "none" }],
  ] satisfies [string, Json][])("%s is no list", (_, body) => {
    expect(() => readList(body, "clients")).toThrow(expect.objectContaining({ code: "unexpected_answer" }));
  });
});

test("readObject takes an object and nothing else", () => {
  expect(readObject(a)).toEqual(a);
  for (const body of [null, [], [a], "x", 1, true]) {
    expect(() => readObject(body)).toThrow(expect.objectContaining({ code: "unexpected_answer" }));
  }
});
