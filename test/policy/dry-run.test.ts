import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/lib/errors.ts";
import type { Json } from "../../src/lib/json.ts";
import { type ApiRequest, type Forecast, writeApi } from "../../src/management/api.ts";
import { path } from "../../src/management/path.ts";
import { createDryRun, dryRunNotices } from "../../src/policy/dry-run.ts";
import { memoryTenant } from "./harness.ts";

function startDryRun(answer?: (request: ApiRequest) => Json) {
  const { sent, send } = memoryTenant(answer);
  const dryRun = createDryRun(send);
  return { sent, dryRun, api: writeApi(dryRun.send, new AbortController().signal) };
}

const lacking = () => {
  throw new AppError({ code: "insufficient_scope", message: "no", status: 403 });
};

describe("nothing is changed", () => {
  test("only reads leave, whatever is done", async () => {
    const { sent, dryRun, api } = startDryRun();
    await api.get(path`/clients`);
    await api.post(path`/clients`, { name: "a" });
    await api.patch(path`/clients/${"c1"}`, { name: "b" });
    await api.put(path`/prompts`, { a: 1 });
    await api.delete(path`/clients/${"c1"}`);
    await api.get(path`/clients/${"c2"}`);
    expect(new Set(sent.map(({ method }) => method))).toEqual(new Set(["GET"]));
    expect(dryRun.writes.map(({ method }) => method)).toEqual(["POST", "PATCH", "PUT", "DELETE"]);
    expect(dryRunNotices(dryRun)).toEqual(["Nothing was changed: these requests were not sent."]);
  });

  test("a call without writes says that nothing would change", () => {
    expect(dryRunNotices(startDryRun().dryRun)).toEqual(["Nothing would be changed."]);
  });
});

describe("the requests that would be sent", () => {
  test("are told with method, path, query and body", async () => {
    const { dryRun, api } = startDryRun();
    await api.post(path`/clients`, { name: "Shop" });
    await api.post(path`/actions/actions/${"a 1"}/deploy`);
    await api.delete(path`/actions/actions/${"a1"}`, { force: true });
    expect(dryRun.writes).toEqual([
      { method: "POST", path: "/api/v2/clients", body: { name: "Shop" } },
      { method: "POST", path: "/api/v2/actions/actions/a%201/deploy" },
      { method: "DELETE", path: "/api/v2/actions/actions/a1?force=true" },
    ]);
  });
});

describe("old and new values", () => {
  const present = { name: "Old", callbacks: ["a"], jwt: { alg: "RS256", lifetime: 1 }, untouched: 1 };

  test.each(["patch", "put"] as const)(
    "a %s tells both for what changes, and nothing else",
    async (method) => {
      const { dryRun, api } = startDryRun(() => present);
      const body = {
        name: "New",
        callbacks: ["a"],
        jwt: { lifetime: 1, alg: "RS256" },
        added: true,
        cleared: null,
      };
      await api[method](path`/clients/${"c"}`, body);
      expect(dryRun.writes[0]?.["changes"]).toEqual({
        name: { from: "Old", to: "New" },
        added: { from: null, to: true },
      });
    },
  );

  test("what the call has read already is not read again", async () => {
    const { sent, dryRun, api } = startDryRun(() => present);
    await api.get(path`/clients/${"c"}`);
    await api.patch(path`/clients/${"c"}`, { name: "New" });
    expect(sent).toHaveLength(1);
    expect(dryRun.writes[0]).toMatchObject({ changes: { name: { from: "Old" } } });
  });

  test("what a query has cut down is no base for comparison", async () => {
    const { sent, dryRun, api } = startDryRun(({ query }) =>
      query?.["fields"] === undefined ? present : { jwt: {} },
    );
    await api.get(path`/clients/${"c"}`, { fields: "jwt" });
    await api.patch(path`/clients/${"c"}`, { name: "New" });
    expect(sent).toHaveLength(2);
    expect(dryRun.writes[0]).toMatchObject({ changes: { name: { from: "Old", to: "New" } } });
  });

  test("without the scope to read, only new values are told, with the reason", async () => {
    const { dryRun, api } = startDryRun(lacking);
    const answer = await api.patch(path`/clients/${"c"}`, { name: "New" });
    expect(answer).toEqual({ name: "New" });
    expect(dryRun.writes[0]?.["changes"]).toEqual({ name: { to: "New" } });
    expect(dryRunNotices(dryRun)[1]).toContain("lacks the scope");
  });

  test("any other failure of reading is the call's failure", async () => {
    const { dryRun, api } = startDryRun(() => {
      throw new AppError({ code: "not_found", message: "gone", status: 404 });
    });
    await expect(api.patch(path`/clients/${"c"}`, { name: "x" })).rejects.toMatchObject({
      code: "not_found",
    });
    expect(dryRun.writes).toEqual([]);
  });
});

describe("an update of which the tool tells what it brings about", () => {
  const body = () => ({ metadata: { owner: "me" }, name: "New" });
  const merging = (showsSettings: boolean): Forecast => ({
    showsSettings: () => showsSettings,
    after: (present) => ({ ...body(), metadata: { ...Object(present["metadata"]), ...body().metadata } }),
  });
  const present = { name: "Old", metadata: { team: "web" } };

  test("shows that as the new value, sends what is sent, and reads so from then on", async () => {
    const { dryRun, api } = startDryRun(() => present);
    const answer = await api.patch(path`/clients/${"c"}`, body(), merging(true));
    const merged = { team: "web", owner: "me" };
    expect(dryRun.writes[0]).toMatchObject({
      body: body(),
      changes: {
        metadata: { from: { team: "web" }, to: merged },
        name: { from: "Old", to: "New" },
      },
    });
    expect(answer).toEqual({ name: "New", metadata: merged });
    expect(await api.get(path`/clients/${"c"}`)).toEqual(answer);
  });

  test("of a resource that was read as a summary shows new values only, with the reason", async () => {
    const { dryRun, api } = startDryRun(() => ({ name: "Old" }));
    await api.patch(path`/clients/${"c"}`, body(), merging(false));
    expect(dryRun.writes[0]?.["changes"]).toEqual({
      metadata: { to: { owner: "me" } },
      name: { to: "New" },
    });
    expect(dryRunNotices(dryRun)[1]).toContain("lacks the scope");
  });
});

describe("later steps see what earlier ones would have done", () => {
  test("what would be created can be read, updated and used under its stand-in id", async () => {
    const { sent, dryRun, api } = startDryRun();
    const created = Object(await api.post(path`/actions/actions`, { name: "a" }));
    expect(created).toEqual({ name: "a", id: "<new 1>" });
    expect(await api.get(path`/actions/actions/${created.id}`)).toEqual(created);
    await api.patch(path`/actions/actions/${created.id}`, { name: "b" });
    expect(await api.get(path`/actions/actions/${created.id}`)).toEqual({ name: "b", id: "<new 1>" });
    await api.post(path`/actions/actions/${created.id}/deploy`);
    expect(sent).toEqual([]);
    expect(dryRun.writes.map((write) => write["path"])).toEqual([
      "/api/v2/actions/actions",
      "/api/v2/actions/actions/<new 1>",
      "/api/v2/actions/actions/<new 1>/deploy",
    ]);
    expect(dryRun.writes[1]?.["changes"]).toEqual({ name: { from: "a", to: "b" } });
  });

  test("what would be changed reads as changed", async () => {
    const { api } = startDryRun(() => ({ bindings: [], total: 0 }));
    await api.patch(path`/actions/triggers/${"post-login"}/bindings`, { bindings: [{ id: "b" }] });
    expect(await api.get(path`/actions/triggers/${"post-login"}/bindings`)).toMatchObject({
      bindings: [{ id: "b" }],
    });
  });

  test("two things of one kind do not mix", async () => {
    const { api } = startDryRun();
    const first = Object(await api.post(path`/clients`, { name: "a" }));
    const second = Object(await api.post(path`/clients`, { name: "b" }));
    expect(first.id).not.toBe(second.id);
    expect(await api.get(path`/clients/${second.id}`)).toMatchObject({ name: "b" });
  });
});
