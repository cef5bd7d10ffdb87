import { beforeEach, describe, expect, test } from "bun:test";
import { asObjects, asStrings, type JsonObject } from "../../src/lib/json.ts";
import { unmarked } from "../support/cut-text.ts";
import { type StartedTenant, startTenant } from "../support/tenant.ts";
import { CANARY, CODE, createAction, POST_LOGIN } from "./actions-harness.ts";
import { walk } from "./walk.ts";

let tenant: StartedTenant;
beforeEach(async () => {
  tenant = await startTenant();
});

const created = (settings: JsonObject = {}) => createAction(tenant, settings);

describe("auth0_list_actions", () => {
  test("of a tenant without actions tells that there are none", async () => {
    expect(await tenant.data("auth0_list_actions")).toEqual({ actions: [], total: 0, next: null });
  });

  test("shows a summary without code, and the page it asked for", async () => {
    const id = await created();
    const { actions, total, next } = await tenant.data("auth0_list_actions");
    expect([total, next]).toEqual([1, null]);
    expect(asObjects(actions)[0]).toEqual({
      id,
      name: "Enrich",
      supported_triggers: POST_LOGIN,
      runtime: "node22",
      status: "pending",
      all_changes_deployed: false,
      updated_at: "2026-05-04T10:00:00.000000000Z",
    });
    expect(tenant.requests.slice(1).map(({ query }) => query)).toEqual([{ page: "0", per_page: "20" }]);
  });

  test("filters by trigger, name and deployment, and fields replace the summary beside the id", async () => {
    const id = await created();
    await created({ name: "Other", supported_triggers: [{ id: "credentials-exchange" }] });
    const args = { trigger_id: "post-login", deployed: false, action_name: "Enrich", fields: ["code"] };
    const { actions } = await tenant.data("auth0_list_actions", args);
    expect(actions).toEqual([{ id, code: CODE }]);
    expect(tenant.requests.at(-1)?.query).toMatchObject({
      triggerId: "post-login",
      deployed: "false",
      actionName: "Enrich",
    });
    expect((await tenant.data("auth0_list_actions", { deployed: true }))["total"]).toBe(0);
  });

  test.each([1, 2, 3, 7, 100])("a walk at %d a page gives every action once", async (per_page) => {
    for (let number = 0; number < 7; number++) await created({ name: `Action ${number}` });
    const { items, answers } = await walk(tenant, "auth0_list_actions", "actions", { per_page });
    expect(items.map((item) => item["name"]).sort()).toEqual(
      Array.from({ length: 7 }, (_, number) => `Action ${number}`),
    );
    expect(answers.length).toBeLessThanOrEqual(Math.ceil(7 / per_page));
    expect((await tenant.data("auth0_list_actions", { per_page, page: 50 }))["next"]).toBeNull();
  });

  test.each([
    [{ page: -1 }, "page"],
    [{ per_page: 0 }, "per_page"],
    [{ per_page: 101 }, "per_page"],
    [{ per_page: "x" }, "per_page"],
    [{ trigger_id: "Post Login" }, "trigger_id"],
    [{ deployed: "yes" }, "deployed"],
    [{ action_name: "" }, "action_name"],
    [{ installed: true }, "unknown argument: installed"],
  ])("refuses %j before anything is sent", async (args, named) => {
    const { code, message } = await tenant.error("auth0_list_actions", args);
    expect(code).toBe("invalid_arguments");
    expect(message).toContain(named);
    expect(tenant.requests).toEqual([]);
  });
});

describe("auth0_get_action", () => {
  test("gives the action as the API does, or single fields of it", async () => {
    const id = await created();
    const whole = await tenant.data("auth0_get_action", { id });
    expect(whole).toMatchObject({ id, name: "Enrich", code: CODE, status: "pending" });
    const args = { id, fields: ["code"], offset: 10 };
    expect(await tenant.data("auth0_get_action", args)).toEqual({ code: CODE.slice(10) });
  });

  test("long code is cut with the call that reads on, and reads on to its end", async () => {
    const code = `${CODE}\n// ${"long ".repeat(15_000)}end`;
    const id = await created({ code });
    const first = await tenant.data("auth0_get_action", { id, fields: ["code"] });
    let read = unmarked(first["code"]);
    expect(first["truncated"]).toBe(true);
    expect(asStrings(first["notices"]).join()).toContain(`offset: ${read.length}`);
    for (let calls = 0; read.length < code.length && calls < 10; calls++) {
      const more = await tenant.data("auth0_get_action", { id, fields: ["code"], offset: read.length });
      read += unmarked(more["code"]);
    }
    expect(read).toBe(code);
  });

  test("an unknown id is the API's 404, and an empty one is never sent", async () => {
    expect(await tenant.error("auth0_get_action", { id: "none" })).toMatchObject({
      code: "not_found",
      status: 404,
      message: "That action does not exist.",
    });
    tenant.requests.length = 0;
    expect((await tenant.error("auth0_get_action", { id: "" }))["code"]).toBe("invalid_arguments");
    expect(tenant.requests).toEqual([]);
  });
});

describe("auth0_create_action", () => {
  test("sends what was given and nothing more: the runtime is the API's own default", async () => {
    const answer = await tenant.data("auth0_create_action", {
      name: "Enrich",
      supported_triggers: [{ id: "post-login" }],
    });
    expect(tenant.requests).toEqual([
      {
        method: "POST",
        path: "/actions/actions",
        query: {},
        body: { name: "Enrich", supported_triggers: [{ id: "post-login" }] },
      },
    ]);
    expect(answer).toMatchObject({ name: "Enrich", runtime: "node22", status: "pending" });
  });

  test("takes every setting, and a runtime is never overwritten", async () => {
    const settings = {
      name: "Enrich",
      supported_triggers: POST_LOGIN,
      code: CODE,
      runtime: "node18-actions",
      dependencies: [{ name: "axios", version: "1.7.9", registry_url: "https://npm.example.com" }],
      secrets: [{ name: "KEY", value: CANARY }],
    };
    const answer = await tenant.data("auth0_create_action", settings);
    expect(tenant.requests[0]?.body).toEqual(settings);
    expect(answer["runtime"]).toBe("node18-actions");
  });

  test.each([
    [{ name: " " }, "name"],
    [{ supported_triggers: [] }, "supported_triggers: must name exactly one trigger"],
    [{ supported_triggers: [...POST_LOGIN, ...POST_LOGIN] }, "must name exactly one trigger"],
    [{ supported_triggers: [{ id: "post-login", version: "3" }] }, "supported_triggers[0].version"],
    [{ supported_triggers: [{ id: "post-login", status: "x" }] }, "supported_triggers[0]: status"],
    [{ runtime: "node" }, "runtime"],
    [{ dependencies: [{ name: "axios" }] }, "dependencies[0].version"],
    [
      { dependencies: [{ name: "a", version: "1", registry_url: "file:///x" }] },
      "dependencies[0].registry_url",
    ],
    [{ secrets: [{ name: "KEY" }] }, "secrets[0].value"],
    [{ secrets: [{ name: "KEY", value: "v", note: "x" }] }, "unknown argument in secrets[0]: note"],
    [
      { secrets: ["a", "b"].map((value) => ({ name: "KEY", value })) },
      "secrets: must not name a secret twice",
    ],
    [{ code: 1 }, "code"],
    [{ deploy: true }, "unknown argument: deploy"],
  ])("refuses %j before anything is sent", async (args, named) => {
    const whole = { name: "Enrich", supported_triggers: POST_LOGIN, ...args };
    const { code, message } = await tenant.error("auth0_create_action", whole);
    expect(code).toBe("invalid_arguments");
    expect(message).toContain(named);
    expect(tenant.requests).toEqual([]);
  });

  test("a name that is taken is the API's conflict", async () => {
    await created();
    const error = await tenant.error("auth0_create_action", {
      name: "Enrich",
      supported_triggers: POST_LOGIN,
    });
    expect(error).toMatchObject({ code: "conflict", status: 409 });
  });

  test("a token without the scope is told which one is missing, before anything is sent", async () => {
    const limited = await startTenant({ scopes: ["read:actions"] });
    const args = { name: "Enrich", supported_triggers: POST_LOGIN };
    const { code, message } = await limited.error("auth0_create_action", args);
    expect(code).toBe("insufficient_scope");
    expect(message).toContain("create:actions");
    expect(limited.requests).toEqual([]);
  });
});

describe("auth0_update_action", () => {
  test("sends only what changes", async () => {
    const id = await created();
    const answer = await tenant.data("auth0_update_action", { id, name: "Renamed" });
    expect(tenant.requests.at(-1)).toMatchObject({
      method: "PATCH",
      path: `/actions/actions/${id}`,
      body: { name: "Renamed" },
    });
    expect(answer).toMatchObject({ id, name: "Renamed", code: CODE });
  });

  test("a secret without a value keeps the one it has, and one that is not named is gone", async () => {
    const secrets = ["KEPT", "GONE"].map((name) => ({ name, value: CANARY }));
    const id = await created({ secrets });
    const kept = { id, secrets: [{ name: "KEPT" }, { name: "NEW", value: CANARY }] };
    const answer = await tenant.data("auth0_update_action", kept);
    expect(asObjects(answer["secrets"]).map((secret) => secret["name"])).toEqual(["KEPT", "NEW"]);
    const stored = tenant.sandbox.state.actions.get(id)?.draft.content.secrets;
    expect(stored?.map(({ value }) => value)).toEqual([CANARY, CANARY]);
  });

  test("with nothing to change is refused with the settings there are", async () => {
    const id = await created();
    tenant.requests.length = 0;
    const { code, message } = await tenant.error("auth0_update_action", { id });
    expect(code).toBe("invalid_arguments");
    expect(message).toContain("name, supported_triggers, code, runtime, dependencies, secrets");
    expect(tenant.requests).toEqual([]);
  });

  test("a dry run shows old and new value and changes nothing", async () => {
    const id = await created();
    tenant.requests.length = 0;
    const answer = await tenant.data("auth0_update_action", {
      id,
      name: "Renamed",
      code: CODE,
      dry_run: true,
    });
    expect(answer["requests"]).toEqual([
      {
        method: "PATCH",
        path: `/api/v2/actions/actions/${id}`,
        body: { name: "Renamed", code: CODE },
        changes: { name: { from: "Enrich", to: "Renamed" } },
      },
    ]);
    expect(tenant.requests.map(({ method }) => method)).toEqual(["GET"]);
    expect(tenant.sandbox.state.actions.get(id)?.name).toBe("Enrich");
  });

  test("of an unknown action is the API's 404", async () => {
    expect(await tenant.error("auth0_update_action", { id: "none", name: "x" })).toMatchObject({
      status: 404,
    });
  });
});
