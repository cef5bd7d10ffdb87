import { beforeEach, describe, expect, test } from "bun:test";
import { asObject, asObjects, asString, type JsonObject } from "../../src/lib/json.ts";
import { bindingRoutes } from "../../src/sandbox/resources/action-bindings.ts";
import { versionRoutes } from "../../src/sandbox/resources/action-versions.ts";
import { actionRoutes } from "../../src/sandbox/resources/actions.ts";
import { formRoutes } from "../../src/sandbox/resources/forms.ts";
import { seedActions } from "../../src/sandbox/seed/actions.ts";
import { seedForms } from "../../src/sandbox/seed/forms.ts";
import { type Harness, type Reply, serveRoutes } from "./resource-harness.ts";

const buildTime = 600;
const code = "exports.onExecutePostLogin = async (event, api) => {}";
let tenant: Harness;

const sample = (changes: JsonObject = {}): JsonObject => ({
  name: "Sample",
  supported_triggers: [{ id: "post-login", version: "v3" }],
  code,
  ...changes,
});

const create = (changes: JsonObject = {}) => tenant.call("POST", "/actions/actions", sample(changes));
const read = (id: string) => tenant.call("GET", `/actions/actions/${id}`);
const patch = (id: string, changes: JsonObject) => tenant.call("PATCH", `/actions/actions/${id}`, changes);
const deploy = (id: string) => tenant.call("POST", `/actions/actions/${id}/deploy`);
const idOf = ({ object }: Reply) => asString(object["id"]) ?? "";

async function created(changes: JsonObject = {}): Promise<string> {
  return idOf(await create(changes));
}

async function built(changes: JsonObject = {}): Promise<string> {
  const id = await created(changes);
  tenant.clock.advance(buildTime);
  return id;
}

beforeEach(() => {
  tenant = serveRoutes([...actionRoutes, ...versionRoutes, ...bindingRoutes, ...formRoutes]);
});

describe("create", () => {
  test("answers 201 with a draft whose build is pending", async () => {
    const { status, object } = await create({
      dependencies: [{ name: "lodash", version: "4.0.0", registry_url: "https://packages.example/lodash" }],
      secrets: [{ name: "API_KEY", value: "canary-secret" }],
    });
    const { id, created_at, updated_at, secrets, ...rest } = object;
    expect(status).toBe(201);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(created_at).toBe("2026-05-04T10:00:00.000000000Z");
    expect(updated_at).toBe("2026-05-04T10:00:00.000000000Z");
    expect(secrets).toEqual([{ name: "API_KEY", updated_at: "2026-05-04T10:00:00.000000000Z" }]);
    expect(rest).toEqual({
      name: "Sample",
      supported_triggers: [{ id: "post-login", version: "v3" }],
      code,
      dependencies: [{ name: "lodash", version: "4.0.0", registry_url: "https://packages.example/lodash" }],
      runtime: "node22",
      status: "pending",
      all_changes_deployed: false,
    });
  });

  test("fills in code, runtime and the trigger's current version", async () => {
    const { object } = await tenant.call("POST", "/actions/actions", {
      name: "Bare",
      supported_triggers: [{ id: "pre-user-registration" }],
    });
    expect(object).toMatchObject({
      code: "module.exports = () => {}",
      runtime: "node22",
      supported_triggers: [{ id: "pre-user-registration", version: "v2" }],
      dependencies: [],
      secrets: [],
    });
  });

  test("takes the trigger that the API's document does not list", async () => {
    const { status, object } = await create({ supported_triggers: [{ id: "mcp-tool" }] });
    expect([status, object["supported_triggers"]]).toEqual([201, [{ id: "mcp-tool", version: "v1" }]]);
  });

  test.each<[string, JsonObject, string]>([
    ["an unknown trigger", { supported_triggers: [{ id: "post-logout" }] }, "No enum match for: post-logout"],
    ["no trigger", { supported_triggers: [] }, "Array is too short (0), minimum 1"],
    [
      "two triggers",
      { supported_triggers: [{ id: "post-login" }, { id: "event-stream" }] },
      "Array is too long (2)",
    ],
    [
      "an unknown version",
      { supported_triggers: [{ id: "post-login", version: "v9" }] },
      "has no version v9",
    ],
    ["an unknown runtime", { runtime: "node8" }, "runtime not supported for version v3 of this trigger"],
    [
      "a runtime the version lacks",
      { supported_triggers: [{ id: "post-login", version: "v1" }], runtime: "node22" },
      "supported runtimes: node12",
    ],
    ["an empty name", { name: "" }, "String is too short"],
    ["a name that is no text", { name: 7 }, "Expected type string but found type integer"],
    ["a surplus property", { status: "built" }, "Additional properties not allowed: status"],
    ["a secret without a name", { secrets: [{ value: "x" }] }, "Missing required property: name"],
    ["a secret without a value", { secrets: [{ name: "KEY" }] }, "Missing required property: value"],
    ["a module", { modules: [{ module_id: "m" }] }, "Array is too long (1), maximum 0"],
  ])("refuses %s", async (_what, changes, reason) => {
    const { status, message } = await create(changes);
    expect(status).toBe(400);
    expect(message).toContain(reason);
    expect(tenant.state.actions.size).toBe(0);
  });

  test("refuses a body without the required fields", async () => {
    const { status, object, message } = await tenant.call("POST", "/actions/actions", {});
    expect([status, object["errorCode"]]).toEqual([400, "invalid_body"]);
    expect(message).toContain("Missing required property: name");
    expect(message).toContain("Missing required property: supported_triggers");
  });

  test("refuses a name that is taken", async () => {
    await created();
    const { status, object } = await create();
    expect([status, object["errorCode"]]).toEqual([409, undefined]);
  });

  test("with deploy: true has a deployed version before the build has begun", async () => {
    const reply = await create({ deploy: true });
    expect(reply.object).toMatchObject({
      status: "pending",
      current_version: { status: "PENDING", number: 1 },
      deployed_version: { status: "pending", number: 1, deployed: true },
      all_changes_deployed: true,
    });
    tenant.clock.advance(buildTime);
    expect((await read(idOf(reply))).object).toMatchObject({
      status: "built",
      current_version: { status: "BUILT", build_time: "2026-05-04T10:00:00.600000000Z" },
      deployed_version: { status: "built", built_at: "2026-05-04T10:00:00.600000000Z" },
      all_changes_deployed: true,
    });
  });
});

describe("build", () => {
  test("goes from pending over building to built as time passes", async () => {
    const id = await created();
    const seen: unknown[] = [];
    for (const wait of [0, 99, 1, 499, 1]) {
      tenant.clock.advance(wait);
      seen.push((await read(id)).object["status"]);
    }
    expect(seen).toEqual(["pending", "pending", "building", "building", "built"]);
  });

  test("drops the registry of a dependency once it is built in", async () => {
    const dependencies = [{ name: "lodash", version: "4.0.0", registry_url: "https://packages.example/" }];
    const id = await created({ dependencies });
    expect((await read(id)).object["dependencies"]).toEqual(dependencies);
    tenant.clock.advance(buildTime);
    expect((await read(id)).object["dependencies"]).toEqual([{ name: "lodash", version: "4.0.0" }]);
  });

  test.each<[string, JsonObject, string]>([
    [
      "code that does not parse",
      { code: "exports.onExecutePostLogin = async (event, api) => {" },
      "SyntaxError: Unexpected end of file (1:52)",
    ],
    [
      "a dependency that cannot exist",
      { dependencies: [{ name: "Not A Package", version: "1.0.0" }] },
      "Not A Package@1.0.0",
    ],
    ["a version that cannot exist", { dependencies: [{ name: "axios", version: "newest" }] }, "axios@newest"],
  ])("fails on %s, when it is over", async (_what, changes, reason) => {
    const id = await created(changes);
    expect((await read(id)).object["errors"]).toBeUndefined();
    tenant.clock.advance(buildTime);
    const { object } = await read(id);
    expect(object["status"]).toBe("failed");
    const [error = {}] = asObjects(object["errors"]);
    expect(Object.keys(error)).toEqual(["id", "msg", "url"]);
    expect(asString(error["msg"])).toContain(reason);
    expect((await deploy(id)).status).toBe(400);
    expect((await patch(id, { code, dependencies: [] })).object["status"]).toBe("pending");
    tenant.clock.advance(buildTime);
    const repaired = (await read(id)).object;
    expect([repaired["status"], repaired["errors"]]).toEqual(["built", undefined]);
  });
});

describe("update", () => {
  test("makes a new draft with its own build and leaves the deployed version alone", async () => {
    const id = await built({ secrets: [{ name: "A", value: "1" }] });
    await deploy(id);
    tenant.clock.advance(buildTime);
    const { status, object } = await patch(id, { code: "exports.x = 1" });
    expect(status).toBe(200);
    expect(object).toMatchObject({
      name: "Sample",
      code: "exports.x = 1",
      status: "pending",
      runtime: "node22",
      updated_at: "2026-05-04T10:00:01.200000000Z",
      deployed_version: { code, number: 1 },
      all_changes_deployed: false,
    });
    expect(asObjects(object["secrets"])).toHaveLength(1);
  });

  test("replaces the list of secrets; one that is sent without a value keeps its own", async () => {
    const id = await created({
      secrets: [
        { name: "A", value: "1" },
        { name: "B", value: "2" },
      ],
    });
    tenant.clock.advance(1000);
    const { object } = await patch(id, {
      secrets: [
        { name: "B", updated_at: "2026-05-04T10:00:00.000Z" },
        { name: "C", value: "3" },
      ],
    });
    expect(object["secrets"]).toEqual([
      { name: "B", updated_at: "2026-05-04T10:00:00.000000000Z" },
      { name: "C", updated_at: "2026-05-04T10:00:01.000000000Z" },
    ]);
    const kept = tenant.state.actions.get(id)?.draft.content.secrets.map(({ name, value }) => [name, value]);
    expect(kept).toEqual([
      ["B", "2"],
      ["C", "3"],
    ]);
    expect((await patch(id, { secrets: [{ name: "A" }] })).status).toBe(400);
  });

  test("moves to a compatible version of the trigger only", async () => {
    const id = await created({ supported_triggers: [{ id: "post-login", version: "v2" }] });
    const upgraded = await patch(id, { supported_triggers: [{ id: "post-login", version: "v3" }] });
    expect(upgraded.object["supported_triggers"]).toEqual([{ id: "post-login", version: "v3" }]);
    for (const trigger of [
      { id: "post-login", version: "v2" },
      { id: "credentials-exchange", version: "v2" },
    ]) {
      const { status, message } = await patch(id, { supported_triggers: [trigger] });
      expect([status, message]).toEqual([400, "can't upgrade to this trigger."]);
    }
  });

  test("refuses deploy, a taken name and an unknown action", async () => {
    const id = await created();
    await create({ name: "Other" });
    expect((await patch(id, { deploy: true })).message).toContain(
      "Additional properties not allowed: deploy",
    );
    expect((await patch(id, { name: "Other" })).status).toBe(409);
    expect((await patch(id, { name: "Sample" })).status).toBe(200);
    expect((await patch("nobody", {})).status).toBe(404);
  });
});

describe("deploy", () => {
  test("is refused until the draft is built", async () => {
    const id = await created();
    const { status, object } = await deploy(id);
    expect([status, object]).toEqual([
      400,
      {
        statusCode: 400,
        error: "Bad Request",
        message: "A draft must be in the 'built' state before it can be deployed.",
      },
    ]);
    expect((await read(id)).object["current_version"]).toBeUndefined();
  });

  test("answers 200 with a version that is not deployed yet, and is a moment later", async () => {
    const id = await built();
    const { status, object } = await deploy(id);
    expect(status).toBe(200);
    expect(object).toMatchObject({
      deployed: false,
      number: 1,
      status: "built",
      code,
      action: { id, all_changes_deployed: false },
    });
    expect(object["built_at"]).toBeUndefined();
    expect((await read(id)).object["deployed_version"]).toBeUndefined();
    tenant.clock.advance(60);
    const { object: action } = await read(id);
    expect(action["deployed_version"]).toMatchObject({ id: object["id"], deployed: true, number: 1 });
    expect(asObject(action["deployed_version"])?.["action"]).toBeUndefined();
    expect(action["current_version"]).toMatchObject({ id: object["id"], status: "BUILT", number: 1 });
    expect(action["all_changes_deployed"]).toBe(true);
  });

  test("counts versions up and keeps all of them, newest first", async () => {
    const id = await built();
    await deploy(id);
    await patch(id, { code: "exports.x = 2" });
    tenant.clock.advance(buildTime);
    expect((await deploy(id)).object["number"]).toBe(2);
    tenant.clock.advance(60);
    const { object } = await tenant.call("GET", `/actions/actions/${id}/versions`);
    expect(Object.keys(object)).toEqual(["versions", "total", "per_page"]);
    const versions = asObjects(object["versions"]).map(({ number, deployed, code: text }) => ({
      number,
      deployed,
      text,
    }));
    expect(versions).toEqual([
      { number: 2, deployed: true, text: "exports.x = 2" },
      { number: 1, deployed: false, text: code },
    ]);
  });

  test("of an earlier version makes a new one, and the draft follows when asked", async () => {
    const id = await built();
    const first = idOf(await deploy(id));
    await patch(id, { code: "exports.x = 2" });
    tenant.clock.advance(buildTime);
    await deploy(id);
    const path = `/actions/actions/${id}/versions/${first}/deploy`;
    const back = await tenant.call("POST", path);
    expect(back.object).toMatchObject({ number: 3, code, deployed: false });
    expect(idOf(back)).not.toBe(first);
    tenant.clock.advance(60);
    expect((await read(id)).object).toMatchObject({ code: "exports.x = 2", all_changes_deployed: false });
    expect((await tenant.call("POST", path, { update_draft: true })).object["number"]).toBe(4);
    tenant.clock.advance(60);
    expect((await read(id)).object).toMatchObject({ code, status: "pending", all_changes_deployed: true });
    expect((await tenant.call("POST", path, { draft: true })).status).toBe(400);
  });

  test("versions and actions that do not exist are 404 without an error code", async () => {
    const id = await built();
    expect((await read("nobody")).object).toEqual({
      statusCode: 404,
      error: "Not Found",
      message: "That action does not exist.",
    });
    for (const path of [`/actions/actions/${id}/versions/none`, "/actions/actions/none/versions/none"]) {
      const { status, object } = await tenant.call("GET", path);
      expect([status, object["errorCode"]]).toEqual([404, undefined]);
    }
    expect((await deploy("nobody")).status).toBe(404);
    expect((await tenant.call("DELETE", "/actions/actions/nobody")).status).toBe(404);
  });
});

describe("list", () => {
  const list = (query = "") => tenant.call("GET", `/actions/actions${query}`);
  const names = ({ object }: Reply) => asObjects(object["actions"]).map((action) => action["name"]);

  test("leaves zeros out", async () => {
    expect((await list()).body).toEqual({ actions: [], per_page: 20 });
    await create({ name: "A" });
    await create({ name: "B" });
    await create({ name: "C" });
    const first = await list("?per_page=2");
    expect([names(first), first.object["total"], first.object["page"]]).toEqual([["A", "B"], 3, undefined]);
    const second = await list("?per_page=2&page=1");
    expect([names(second), second.object["total"], second.object["page"]]).toEqual([["C"], 3, 1]);
    const past = await list("?per_page=2&page=7");
    expect([names(past), past.object["page"], past.object["per_page"]]).toEqual([[], 7, 2]);
  });

  test("filters by trigger, name, deployment and origin", async () => {
    const id = await built({ name: "A" });
    await deploy(id);
    tenant.clock.advance(60);
    await create({ name: "B", supported_triggers: [{ id: "credentials-exchange" }] });
    expect(names(await list("?triggerId=post-login"))).toEqual(["A"]);
    expect(names(await list("?triggerId=mcp-tool"))).toEqual([]);
    expect(names(await list("?actionName=B"))).toEqual(["B"]);
    expect(names(await list("?deployed=true"))).toEqual(["A"]);
    expect(names(await list("?deployed=false"))).toEqual(["B"]);
    expect(names(await list("?installed=true"))).toEqual([]);
    expect(names(await list("?installed=false"))).toEqual(["A", "B"]);
    for (const query of [
      "?triggerId=nothing",
      "?deployed=maybe",
      "?per_page=0",
      "?page=-1",
      "?include_totals=true",
    ]) {
      const { status, object } = await list(query);
      expect([status, object["errorCode"]]).toEqual([400, "invalid_query_string"]);
    }
  });
});

test("a secret's value comes out nowhere", async () => {
  const secrets = [{ name: "KEY", value: "canary-7f3a91" }];
  const id = await built({ secrets });
  await deploy(id);
  tenant.clock.advance(60);
  await patch(id, { secrets });
  await tenant.call("PATCH", "/actions/triggers/post-login/bindings", {
    bindings: [{ ref: { type: "action_id", value: id } }],
  });
  const replies = await Promise.all(
    ["", `/${id}`, `/${id}/versions`].map((path) => tenant.call("GET", `/actions/actions${path}`)),
  );
  const bindings = await tenant.call("GET", "/actions/triggers/post-login/bindings");
  const out = JSON.stringify([...replies, bindings].map(({ body }) => body));
  expect(out).toContain('"KEY"');
  expect(out + JSON.stringify(tenant.state.logs)).not.toContain("canary-7f3a91");
});

test("every change is in the tenant's log", async () => {
  const id = await built();
  await deploy(id);
  await patch(id, { name: "Renamed" });
  await tenant.call("DELETE", `/actions/actions/${id}`);
  expect(tenant.state.logs.map((entry) => [entry["type"], entry["description"]])).toEqual([
    ["sapi", "Create an action"],
    ["sapi", "Deploy an action"],
    ["sapi", "Update an action"],
    ["sapi", "Delete an action"],
  ]);
});

test("each operation asks for its scope", async () => {
  const scopes = [...actionRoutes, ...versionRoutes].map(({ method, pattern, scopes: needed }) => [
    method,
    pattern,
    needed.join(),
  ]);
  expect(scopes).toEqual([
    ["GET", "/actions/actions", "read:actions"],
    ["POST", "/actions/actions", "create:actions"],
    ["GET", "/actions/actions/:id", "read:actions"],
    ["PATCH", "/actions/actions/:id", "update:actions"],
    ["DELETE", "/actions/actions/:id", "delete:actions"],
    ["GET", "/actions/executions/:id", "read:actions"],
    ["POST", "/actions/actions/:id/deploy", "create:actions"],
    ["GET", "/actions/actions/:actionId/versions", "read:actions"],
    ["GET", "/actions/actions/:actionId/versions/:id", "read:actions"],
    ["POST", "/actions/actions/:actionId/versions/:id/deploy", "create:actions"],
  ]);
});

test("a missing scope is told in the words of the service of actions", async () => {
  const { status, object } = await serveRoutes(actionRoutes, ["read:clients"]).call(
    "GET",
    "/actions/actions",
  );
  expect([status, object["errorCode"]]).toEqual([403, "insufficient_scope"]);
  expect(object["message"]).toBe("Insufficient scope, expected: read:actions.");
});

test("nothing is ever executed", async () => {
  const { status, object } = await tenant.call("GET", "/actions/executions/some-execution");
  expect([status, object]).toEqual([
    404,
    { statusCode: 404, error: "Not Found", message: "That execution does not exist." },
  ]);
});

describe("demo", () => {
  test("has three actions; the one that is bound renders a form", async () => {
    seedActions(tenant.state);
    seedForms(tenant.state);
    const { object } = await tenant.call("GET", "/actions/actions");
    const actions = asObjects(object["actions"]).map((action) => ({
      trigger: asObjects(action["supported_triggers"])[0]?.["id"],
      status: action["status"],
      deployed: "deployed_version" in action,
      all: action["all_changes_deployed"],
    }));
    expect(actions).toEqual([
      { trigger: "post-login", status: "built", deployed: true, all: true },
      { trigger: "post-login", status: "built", deployed: false, all: false },
      { trigger: "pre-user-registration", status: "built", deployed: true, all: true },
    ]);
    const third = asObjects(object["actions"])[2] ?? {};
    expect([asObjects(third["dependencies"]).length, asObjects(third["secrets"]).length]).toEqual([1, 1]);
    const bindings = asObjects(
      (await tenant.call("GET", "/actions/triggers/post-login/bindings")).object["bindings"],
    );
    const rendered = bindings.map((binding) => {
      const version = asObject(asObject(binding["action"])?.["deployed_version"]);
      return /render\("(ap_\w+)"\)/.exec(asString(version?.["code"]) ?? "")?.[1];
    });
    expect(rendered).toHaveLength(1);
    expect((await tenant.call("GET", `/forms/${rendered[0]}`)).status).toBe(200);
  });
});
