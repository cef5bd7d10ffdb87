import { beforeEach, describe, expect, test } from "bun:test";
import { asObject, asString, asStrings, type Json, type JsonObject } from "../../src/lib/json.ts";
import { WITHHELD } from "../../src/policy/withholding.ts";
import { findMember, membersOnly, merged } from "../../src/tools/members.ts";
import { unmarked } from "../support/cut-text.ts";
import { type StartedTenant, startTenant } from "../support/tenant.ts";

describe("findMember", () => {
  const value: JsonObject = {
    a: { b: 1, "b.c": 2, list: [{ d: 3 }, "e"] },
    "a.b": 4,
    "x.y": { z: 5 },
    empty: [],
  };
  test.each<[string, (string | number)[] | undefined]>([
    ["a", ["a"]],
    ["a.b", ["a.b"]],
    ["a.b.c", ["a", "b.c"]],
    ["a.list.0.d", ["a", "list", 0, "d"]],
    ["a.list.1", ["a", "list", 1]],
    ["x.y.z", ["x.y", "z"]],
    ["a.list.2", undefined],
    ["a.list.-1", undefined],
    ["a.list.01", undefined],
    ["a.list.length", undefined],
    ["a.list.1.0", undefined],
    ["a.b.c.d", undefined],
    ["a.", undefined],
    [".a", undefined],
    ["empty.0", undefined],
    ["constructor", undefined],
    ["a.toString", undefined],
  ])("%s", (name, path) => {
    expect(findMember(value, name)).toEqual(path);
  });
});

test("membersOnly keeps the way to one member, and merged puts several together", () => {
  const value: Json = {
    a: {
      b: 1,
      c: [
        { d: 2, e: 3 },
        { d: 4, e: 5 },
      ],
    },
    f: 6,
  };
  const parts = [
    ["a", "c", 1, "d"],
    ["a", "b"],
    ["a", "c", 0, "e"],
  ].map((path) => membersOnly(value, path));
  expect(parts[0]).toEqual({ a: { c: [null, { d: 4 }] } });
  expect(parts.reduce(merged)).toEqual({ a: { b: 1, c: [{ e: 3 }, { d: 4 }] } });
});

describe("a get tool", () => {
  const CANARY = "canary-0a1b2c3d4e5f";
  const action: JsonObject = {
    id: "a",
    name: "Long",
    code: "short",
    deployed_version: { number: 2, code: `// ${"long ".repeat(19_000)}end` },
    secrets: [{ name: "KEY", value: CANARY }],
    signing_keys: [{ cert: "public", key: CANARY }],
    options: { configuration: { anything: CANARY } },
    nested: { note: `was ${CANARY}` },
  };
  let tenant: StartedTenant;
  beforeEach(async () => {
    tenant = await startTenant({ intercept: () => Response.json(action) });
  });
  const get = (fields: string[], offset?: number) =>
    tenant.data("auth0_get_action", { id: "a", fields, ...(offset === undefined ? {} : { offset }) });

  test("shows members at any depth, each with the way to it", async () => {
    expect(await get(["deployed_version.number", "name"])).toEqual({
      deployed_version: { number: 2 },
      name: "Long",
    });
  });

  test("reads the code of a deployed version to its end, by the calls it advises itself", async () => {
    const { deployed_version: version } = action;
    const whole = asString(asObject(version)?.["code"]) ?? "";
    const first = await tenant.data("auth0_get_action", { id: "a" });
    let read = unmarked(asObject(first["deployed_version"])?.["code"]);
    for (let calls = 0, { notices } = first; read.length < whole.length && calls < 10; calls++) {
      const advice = `fields: ["deployed_version.code"], offset: ${read.length}.`;
      expect(asStrings(notices).join()).toContain(advice);
      const more = await get(["deployed_version.code"], read.length);
      read += unmarked(asObject(more["deployed_version"])?.["code"]);
      ({ notices } = more);
    }
    expect(read).toBe(whole);
  });

  test.each([
    ["secrets.0.value", "value"],
    ["signing_keys.0.key", "key"],
    ["options.configuration.anything", "anything"],
  ])("withholds %s, with an offset as well", async (name, member) => {
    for (const offset of [undefined, 0, 3]) {
      const data = await get([name], offset);
      expect(JSON.stringify(data)).not.toContain("ary-0a1b");
      expect(JSON.stringify(data)).toContain(WITHHELD);
      expect(asStrings(data["notices"])).toEqual([`Secret values were withheld: ${member}.`]);
    }
    expect(JSON.stringify(await get(["nested.note"], 4))).not.toContain("ary-0a1b");
  });

  test.each([
    ["deployed_version.kode", "Present in deployed_version are: number, code."],
    ["secrets.1.value", "Present in secrets are: 0."],
    ["name.first", "Present are: id, name, code, deployed_version"],
  ])("refuses %s and says what there is", async (name, present) => {
    const { code, message, hint } = await tenant.error("auth0_get_action", { id: "a", fields: [name] });
    expect({ code, message }).toEqual({
      code: "invalid_arguments",
      message: `fields: there is no "${name}" here.`,
    });
    expect(hint).toStartWith(present);
  });

  test.each([
    [["deployed_version"], 1],
    [["deployed_version.number"], 1],
    [["code", "deployed_version.code"], 1],
  ])("refuses an offset into %j", async (fields, offset) => {
    const { message } = await tenant.error("auth0_get_action", { id: "a", fields, offset });
    expect(message).toBe("offset: needs a single field that is a text or a list.");
  });
});

describe.each([
  ["auth0_list_applications", "name"],
  ["auth0_list_resource_servers", "name"],
  ["auth0_list_application_grants", "audience"],
  ["auth0_list_actions", "name"],
  ["auth0_list_logs", "date"],
  ["auth0_list_forms", "name"],
])("%s", (tool, known) => {
  test("names the fields that nothing listed has", async () => {
    const tenant = await startTenant({ seed: "demo" });
    const { notices } = await tenant.data(tool, { fields: [known, "no_such_field"], per_page: 2 });
    expect(asStrings(notices)).toContain(
      "fields: no item of this list has no_such_field: not set, no such field, or shown by the get tool only.",
    );
    const right = await tenant.data(tool, { fields: [known], per_page: 2 });
    expect(asStrings(right["notices"]).join()).not.toContain("fields:");
  });

  test("says nothing of an empty list, nor of its own summary", async () => {
    const tenant = await startTenant({ seed: "demo" });
    for (const args of [{ fields: ["no_such_field"], page: 9 }, {}]) {
      expect(asStrings((await tenant.data(tool, args))["notices"]).join()).not.toContain("fields:");
    }
  });
});
