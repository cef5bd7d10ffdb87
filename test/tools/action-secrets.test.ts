import { beforeEach, describe, expect, test } from "bun:test";
import { asObjects, type JsonObject } from "../../src/lib/json.ts";
import { WITHHELD } from "../../src/policy/withholding.ts";
import { type StartedTenant, startTenant } from "../support/tenant.ts";
import { CANARY, CODE, createAction, POST_LOGIN } from "./actions-harness.ts";

let tenant: StartedTenant;
beforeEach(async () => {
  tenant = await startTenant();
});

const created = (settings: JsonObject = {}) => createAction(tenant, settings);

describe("secret values", () => {
  const secrets = [{ name: "KEY", value: CANARY }];
  const args = { name: "Enrich", supported_triggers: POST_LOGIN, code: CODE, secrets };

  test("reach the tenant and no answer", async () => {
    const id = await created({ secrets });
    const answers = [
      await tenant.data("auth0_update_action", { id, secrets }),
      await tenant.data("auth0_deploy_action", { id }),
      await tenant.data("auth0_get_action", { id }),
      await tenant.data("auth0_list_actions", { fields: ["secrets", "code", "deployed_version"] }),
      await tenant.data("auth0_create_action", { ...args, name: "Other", dry_run: true }),
      await tenant.data("auth0_update_action", { id, secrets, dry_run: true }),
      await tenant.error("auth0_create_action", args),
    ];
    expect(tenant.requests[0]?.body?.["secrets"]).toEqual(secrets);
    expect(JSON.stringify(answers)).not.toContain(CANARY);
  });

  test("are withheld in a dry run, in their place", async () => {
    const { requests } = await tenant.data("auth0_create_action", { ...args, dry_run: true });
    expect(asObjects(requests)[0]).toMatchObject({ body: { secrets: [{ name: "KEY", value: WITHHELD }] } });
    expect(tenant.requests).toEqual([]);
  });

  test("do not come back when the tenant echoes them", async () => {
    const echoes = [
      Response.json({ id: "1", code: `const key = "${CANARY}"`, secrets }, { status: 201 }),
      Response.json({ statusCode: 400, message: `'${CANARY}' is not a value` }, { status: 400 }),
    ];
    const echoing = await startTenant({ intercept: () => echoes.shift() });
    const answer = await echoing.data("auth0_create_action", args);
    const error = await echoing.error("auth0_update_action", { id: "1", secrets });
    expect(JSON.stringify([answer, error])).not.toContain(CANARY);
    expect(error["message"]).toContain("is not a value");
  });

  test("the mark of a withheld value is never written back", async () => {
    const id = await created({ secrets });
    const back = { id, secrets: [{ name: "KEY", value: WITHHELD }] };
    expect((await tenant.error("auth0_update_action", back))["code"]).toBe("invalid_arguments");
  });
});
