import { beforeEach, describe, expect, test } from "bun:test";
import { asStrings, type JsonObject } from "../../src/lib/json.ts";
import { type StartedTenant, startTenant } from "../support/tenant.ts";
import { CODE, createAction, POST_LOGIN } from "./actions-harness.ts";
import { watch } from "./interrupted.ts";

let tenant: StartedTenant;
beforeEach(async () => {
  tenant = await startTenant();
});

const created = (settings: JsonObject = {}) => createAction(tenant, settings);

describe("auth0_deploy_action", () => {
  test("waits for the build, deploys, and waits until the version runs", async () => {
    const id = await created();
    const { outcome, progress, sent } = await watch(tenant, "auth0_deploy_action", { id });
    expect(outcome).toMatchObject({ ok: true, data: { number: 1, status: "built", deployed: true } });
    expect(progress).toContain("Waiting for the build of the action");
    expect(progress).toContain("Deploying the action");
    expect(progress).toContain("Waiting for the deployment of version 1");
    expect(sent.filter((request) => request.startsWith("POST"))).toEqual([
      `POST /actions/actions/${id}/deploy`,
    ]);
    expect(await tenant.data("auth0_get_action", { id })).toMatchObject({ all_changes_deployed: true });
  });

  test.each([429, 503, 404, 403])(
    "that the tenant took stands, whatever looking at it then meets: %d",
    async (status) => {
      const failing = await startTenant({
        intercept: ({ path }) =>
          path.includes("/versions/") ? Response.json({ message: "no" }, { status }) : undefined,
      });
      const id = await createAction(failing);
      const error = await failing.error("auth0_deploy_action", { id });
      expect(error).toMatchObject({ status, message: expect.stringContaining("Version 1 was accepted.") });
      expect(error["hint"]).toContain("deployed_version of auth0_get_action before deploying again");
      expect(error["retry_after"]).toBeUndefined();
    },
  );

  test("a failed build is an error with the reasons of the build, and nothing is deployed", async () => {
    const id = await created({ dependencies: [{ name: "axios", version: "no such version" }] });
    const error = await tenant.error("auth0_deploy_action", { id });
    expect(error["code"]).toBe("build_failed");
    expect(error["message"]).toContain("No matching version found for axios@no such version");
    expect(tenant.requests.some(({ path }) => path.endsWith("/deploy"))).toBe(false);
  });

  test("says when no trigger runs the action, and nothing when one does", async () => {
    const unbound = await tenant.data("auth0_deploy_action", { id: await created() });
    expect(asStrings(unbound["notices"]).join()).toContain("must be bound to post-login");
    const shop = await startTenant({ seed: "demo" });
    const [binding] = shop.sandbox.state.bindings.get("post-login") ?? [];
    const bound = await shop.data("auth0_deploy_action", { id: binding?.actionId ?? "" });
    expect(bound["notices"]).toBeUndefined();
  });

  test("says nothing of bindings where the tenant itself binds", async () => {
    const id = await created({ supported_triggers: [{ id: "custom-email-provider" }] });
    const answer = await tenant.data("auth0_deploy_action", { id });
    expect(answer).toMatchObject({ deployed: true });
    expect(answer["notices"]).toBeUndefined();
  });

  test("stays a success when the bindings cannot be read afterwards", async () => {
    const failing = await startTenant({
      intercept: ({ path }) =>
        path.endsWith("/bindings")
          ? Response.json({ message: "No bindings today" }, { status: 500 })
          : undefined,
    });
    const body = { name: "Enrich", supported_triggers: POST_LOGIN };
    const { id } = await failing.data("auth0_create_action", body);
    const answer = await failing.data("auth0_deploy_action", { id: String(id) });
    expect(answer).toMatchObject({ deployed: true });
    expect(asStrings(answer["notices"]).join()).toContain("could not be read: No bindings today");
  });

  test("a build that does not end is a timeout that says so", async () => {
    const id = await created();
    const stuck = await startTenant({
      intercept: ({ method }) =>
        method === "GET" ? Response.json({ id, name: "Enrich", status: "building" }) : undefined,
    });
    const { code, message } = await stuck.error("auth0_deploy_action", { id });
    expect(code).toBe("timeout");
    expect(message).toContain("the build of the action");
  });

  test("a deployment that does not end is a timeout that keeps one from deploying again", async () => {
    const stuck = await startTenant({
      intercept: ({ path }) =>
        path.includes("/versions/")
          ? Response.json({ id: "v", number: 1, status: "built", deployed: false })
          : undefined,
    });
    const body = { name: "Enrich", supported_triggers: POST_LOGIN, code: CODE };
    const { id } = await stuck.data("auth0_create_action", body);
    const { code, message, hint } = await stuck.error("auth0_deploy_action", { id: String(id) });
    expect(code).toBe("timeout");
    expect(message).toContain("the deployment of version 1");
    expect(hint).toContain("before deploying again");
  });

  test("a dry run shows the deployment and sends nothing that changes anything", async () => {
    const id = await created();
    tenant.requests.length = 0;
    const { requests } = await tenant.data("auth0_deploy_action", { id, dry_run: true });
    expect(requests).toEqual([{ method: "POST", path: `/api/v2/actions/actions/${id}/deploy` }]);
    expect(tenant.requests.every(({ method }) => method === "GET")).toBe(true);
    expect(tenant.sandbox.state.actions.get(id)?.versions).toEqual([]);
  });

  test("needs the scope that reads as well, and says so before the first step", async () => {
    const limited = await startTenant({ scopes: ["create:actions"] });
    const { code, message } = await limited.error("auth0_deploy_action", { id: "any" });
    expect(code).toBe("insufficient_scope");
    expect(message).toContain("read:actions");
    expect(limited.requests).toEqual([]);
  });

  test.each([
    ["while the build runs", (_: readonly string[], pausing: boolean) => pausing],
    ["while the first answer is under way", (sent: readonly string[]) => sent.length === 1],
  ])("withdrawn %s stops at once and deploys nothing", async (_, withdrawAt) => {
    const id = await created();
    const { outcome, sent } = await watch(tenant, "auth0_deploy_action", { id }, withdrawAt);
    expect(outcome).toBe("cancelled");
    expect(sent).toEqual([`GET /actions/actions/${id}`]);
  });

  test("withdrawn behind the deployment sends nothing further", async () => {
    const id = await created();
    const deployed = (sent: readonly string[]) => sent.at(-1)?.endsWith("/deploy") === true;
    const { outcome, sent } = await watch(tenant, "auth0_deploy_action", { id }, deployed);
    expect(outcome).toBe("cancelled");
    expect(sent.at(-1)).toBe(`POST /actions/actions/${id}/deploy`);
  });
});
