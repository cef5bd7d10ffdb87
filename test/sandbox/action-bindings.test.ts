import { beforeEach, describe, expect, test } from "bun:test";
import { asObject, asObjects, asString, type JsonObject } from "../../src/lib/json.ts";
import { bindingRoutes } from "../../src/sandbox/resources/action-bindings.ts";
import { versionRoutes } from "../../src/sandbox/resources/action-versions.ts";
import { actionRoutes } from "../../src/sandbox/resources/actions.ts";
import { type Harness, type Reply, serveRoutes } from "./resource-harness.ts";

let tenant: Harness;

const path = (trigger = "post-login") => `/actions/triggers/${trigger}/bindings`;
const list = (query = "", trigger = "post-login") => tenant.call("GET", `${path(trigger)}${query}`);
const bind = (refs: readonly JsonObject[], trigger = "post-login") =>
  tenant.call("PATCH", path(trigger), { bindings: refs.map((ref) => ({ ref })) });
const byId = (value: string): JsonObject => ({ type: "action_id", value });
const names = ({ object }: Reply) => asObjects(object["bindings"]).map((binding) => binding["display_name"]);

async function add(name: string, trigger = "post-login"): Promise<string> {
  const { object } = await tenant.call("POST", "/actions/actions", {
    name,
    supported_triggers: [{ id: trigger }],
  });
  return asString(object["id"]) ?? "";
}

async function addDeployed(name: string, trigger = "post-login"): Promise<string> {
  const id = await add(name, trigger);
  tenant.clock.advance(600);
  expect((await tenant.call("POST", `/actions/actions/${id}/deploy`)).status).toBe(200);
  tenant.clock.advance(60);
  return id;
}

beforeEach(() => {
  tenant = serveRoutes([...actionRoutes, ...versionRoutes, ...bindingRoutes]);
});

describe("triggers", () => {
  test("are listed with versions, runtimes and what they are compatible with", async () => {
    const { object } = await tenant.call("GET", "/actions/triggers");
    const triggers = asObjects(object["triggers"]);
    expect(triggers).toContainEqual({
      id: "post-login",
      version: "v3",
      status: "CURRENT",
      runtimes: ["node12", "node16", "node18", "node18-actions", "node22"],
      default_runtime: "node22",
      compatible_triggers: [{ id: "post-login", version: "v2" }],
      binding_policy: "trigger-bound",
    });
    expect(triggers.some((trigger) => trigger["id"] === "mcp-tool")).toBe(true);
    const first = triggers.find(
      (trigger) => trigger["id"] === "send-phone-message" && trigger["version"] === "v1",
    );
    expect(first).toMatchObject({ status: "DEPRECATED", runtimes: ["node12"] });
    expect(first && "default_runtime" in first).toBe(false);
    const current = triggers
      .filter((trigger) => trigger["status"] === "CURRENT")
      .map((trigger) => trigger["id"]);
    expect(new Set(current).size).toBe(current.length);
  });

  test("that do not exist are a 400", async () => {
    const { status, object } = await list("", "post-logout");
    expect([status, object["errorCode"]]).toEqual([400, "invalid_uri"]);
  });

  test("whose bindings belong to another resource cannot be listed or bound", async () => {
    const { status, message } = await list("", "custom-token-exchange");
    expect([status, message]).toEqual([400, "cannot list action bindings for an entity-bound trigger"]);
    const id = await addDeployed("Exchange", "custom-token-exchange");
    expect((await bind([byId(id)], "custom-token-exchange")).status).toBe(400);
  });
});

describe("list", () => {
  test("leaves zeros out", async () => {
    expect((await list()).body).toEqual({ bindings: [], per_page: 20 });
    await bind([byId(await addDeployed("A")), byId(await addDeployed("B"))]);
    const first = await list("?per_page=1");
    expect([names(first), first.object["total"], "page" in first.object]).toEqual([["A"], 2, false]);
    const second = await list("?per_page=1&page=1");
    expect([names(second), second.object["total"], second.object["page"]]).toEqual([["B"], 2, 1]);
  });
});

describe("replace", () => {
  test("answers the bindings and nothing else, with the action as it runs", async () => {
    const id = await addDeployed("A");
    const { status, object } = await tenant.call("PATCH", path(), {
      bindings: [{ ref: byId(id), display_name: "First step" }],
    });
    expect(status).toBe(200);
    expect(Object.keys(object)).toEqual(["bindings"]);
    const [binding = {}] = asObjects(object["bindings"]);
    expect(binding).toMatchObject({ trigger_id: "post-login", display_name: "First step" });
    expect(asObject(binding["action"])).toMatchObject({
      id,
      name: "A",
      current_version: { status: "BUILT", number: 1 },
      deployed_version: { deployed: true, number: 1 },
      all_changes_deployed: false,
    });
  });

  test("is the whole list in its order; what is left out is unbound", async () => {
    const [a, b, c] = [await addDeployed("A"), await addDeployed("B"), await addDeployed("C")];
    await bind([byId(a), byId(b)]);
    expect(names(await bind([byId(c), byId(a)]))).toEqual(["C", "A"]);
    expect(names(await list())).toEqual(["C", "A"]);
    expect((await bind([])).body).toEqual({ bindings: [] });
    expect((await list()).body).toEqual({ bindings: [], per_page: 20 });
  });

  test("refers to an action by name, and to a binding by its own id", async () => {
    await addDeployed("A");
    const b = await addDeployed("B");
    const [first = {}] = asObjects((await bind([{ type: "action_name", value: "A" }])).object["bindings"]);
    tenant.clock.advance(1000);
    const kept = await bind([byId(b), { type: "binding_id", value: asString(first["id"]) ?? "" }]);
    expect(names(kept)).toEqual(["B", "A"]);
    const [, second = {}] = asObjects(kept.object["bindings"]);
    expect([second["id"], second["created_at"]]).toEqual([first["id"] ?? "", first["created_at"] ?? ""]);
    expect(second["updated_at"]).not.toBe(first["updated_at"] ?? "");
  });

  test("refuses an action that is not deployed, also right after its deploy", async () => {
    const id = await add("A");
    const refused = await bind([byId(id)]);
    expect([refused.status, refused.message]).toEqual([
      400,
      "Trying to create a binding for an action that has not been deployed yet",
    ]);
    tenant.clock.advance(600);
    await tenant.call("POST", `/actions/actions/${id}/deploy`);
    expect((await bind([byId(id)])).status).toBe(400);
    tenant.clock.advance(60);
    expect((await bind([byId(id)])).status).toBe(200);
  });

  test("refuses an action of another trigger and what does not exist, and then changes nothing", async () => {
    const a = await addDeployed("A");
    await bind([byId(a)]);
    const other = await addDeployed("Other", "pre-user-registration");
    const { status, message } = await bind([byId(a), byId(other)]);
    expect(status).toBe(400);
    expect(message).toContain("does not support the trigger post-login");
    for (const type of ["action_id", "action_name", "binding_id"]) {
      expect((await bind([{ type, value: "none" }])).status).toBe(404);
    }
    expect(names(await list())).toEqual(["A"]);
  });

  test("refuses items of another shape in the API's words", async () => {
    for (const item of [
      { id_type: "action_id" },
      { ref: { type: "id", value: "x" } },
      { ref: {}, order: 1 },
    ]) {
      const { status, object, message } = await tenant.call("PATCH", path(), { bindings: [item] });
      expect([status, object["errorCode"]]).toEqual([400, "invalid_body"]);
      expect(message).toContain(
        "'None of the valid schemas were met' on property bindings[0]. Inner errors: [ ",
      );
    }
  });
});

describe("a bound action", () => {
  test("runs its deployed version until the next deploy", async () => {
    const id = await addDeployed("A");
    await bind([byId(id)]);
    await tenant.call("PATCH", `/actions/actions/${id}`, { code: "exports.x = 2" });
    tenant.clock.advance(600);
    const running = async () => {
      const [binding = {}] = asObjects((await list()).object["bindings"]);
      return asObject(asObject(binding["action"])?.["deployed_version"])?.["code"];
    };
    expect(await running()).toBe("module.exports = () => {}");
    await tenant.call("POST", `/actions/actions/${id}/deploy`);
    tenant.clock.advance(60);
    expect(await running()).toBe("exports.x = 2");
  });

  test("is deleted only with force, which unbinds it", async () => {
    const [a, b] = [await addDeployed("A"), await addDeployed("B")];
    await bind([byId(a), byId(b)]);
    const { status, message } = await tenant.call("DELETE", `/actions/actions/${a}`);
    expect([status, message]).toEqual([409, "Unable to delete an action bound to a trigger."]);
    expect((await tenant.call("DELETE", `/actions/actions/${a}?force=false`)).status).toBe(409);
    const forced = await tenant.call("DELETE", `/actions/actions/${a}?force=true`);
    expect([forced.status, forced.body]).toEqual([204, undefined]);
    expect(names(await list())).toEqual(["B"]);
    expect((await tenant.call("GET", `/actions/actions/${a}`)).status).toBe(404);
  });

  test("an unbound one needs no force", async () => {
    const id = await addDeployed("A");
    expect((await tenant.call("DELETE", `/actions/actions/${id}`)).status).toBe(204);
  });
});

test("reading and binding ask for their scopes", async () => {
  const reader = serveRoutes(bindingRoutes, ["read:actions"]);
  expect((await reader.call("GET", path())).status).toBe(200);
  const refused = await reader.call("PATCH", path(), { bindings: [] });
  expect([refused.status, refused.object["errorCode"]]).toEqual([403, "insufficient_scope"]);
});

test("a change of bindings is in the tenant's log", async () => {
  await bind([]);
  expect(tenant.state.logs.map((entry) => entry["description"])).toEqual(["Update trigger bindings"]);
});
