import { beforeEach, describe, expect, test } from "bun:test";
import { asObjects, type JsonObject } from "../../src/lib/json.ts";
import { type StartedTenant, startTenant } from "../support/tenant.ts";
import { walk } from "./walk.ts";

let tenant: StartedTenant;

describe("actions with long code", () => {
  /** Actions that one answer can hold. */
  const MOST = 15;

  beforeEach(async () => {
    tenant = await startTenant();
    for (let number = 0; number < 45; number++) {
      const supported_triggers = [{ id: "post-login", version: "v3" }];
      await tenant.data("auth0_create_action", { name: `Action ${number}`, supported_triggers });
    }
    tenant = await tenantWithLimit();
  });

  /** The same tenant, as if its actions were long: answers that would be too large are larger than the client reads. */
  async function tenantWithLimit(): Promise<StartedTenant> {
    const actions = [...tenant.sandbox.state.actions];
    const limited = await startTenant({
      intercept({ method, query }) {
        if (method !== "GET" || !(Number(query["per_page"]) > MOST)) return undefined;
        return new Response(new Uint8Array(11 * 1024 * 1024));
      },
    });
    for (const [id, action] of actions) limited.sandbox.state.actions.set(id, action);
    return limited;
  }

  const names = (items: readonly JsonObject[]) =>
    items.map((item) => Number(String(item["name"]).replace("Action ", "")));
  const all = Array.from({ length: 45 }, (_, number) => number);

  test("are listed by smaller requests where larger ones are too large", async () => {
    const { actions, total, next } = await tenant.data("auth0_list_actions", { fields: ["name"] });
    expect(names(asObjects(actions))).toEqual(all);
    expect({ total, next }).toEqual({ total: 45, next: null });
    expect(tenant.requests.map(({ query }) => query["per_page"])).toEqual(["20", ...Array(5).fill("10")]);
  });

  test.each([1, 7, 20, 33, 44, 50, 100])("and a walk at %d a page gives each once", async (per_page) => {
    const { items } = await walk(tenant, "auth0_list_actions", "actions", { per_page, fields: ["name"] });
    expect(names(items)).toEqual(all);
  });

  test("do not keep a form from being published", async () => {
    const { id } = await tenant.data("auth0_create_form", { name: "Terms" });
    expect(await tenant.data("auth0_publish_form", { id: id ?? "" })).toMatchObject({ deployed: true });
  });

  test("of which one alone is too large are refused", async () => {
    tenant = await startTenant({ intercept: () => new Response(new Uint8Array(11 * 1024 * 1024)) });
    const { code } = await tenant.error("auth0_list_actions", { per_page: 4 });
    expect(code).toBe("answer_too_large");
    expect(tenant.requests.map(({ query }) => query["per_page"])).toEqual(["4", "2", "1"]);
  });

  test("and pages that do not join are no list", async () => {
    const page = { actions: [{ id: "1" }, { id: "2" }], start: 0, total: 9 };
    tenant = await startTenant({ intercept: () => Response.json(page) });
    expect((await tenant.error("auth0_list_actions"))["code"]).toBe("unexpected_answer");
    expect(tenant.requests).toHaveLength(2);
  });
});
