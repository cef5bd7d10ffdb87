import { describe, expect, test } from "bun:test";
import { asObjects, asString, type JsonObject } from "../../src/lib/json.ts";
import { registry } from "../../src/tools/registry.ts";
import { type StartedTenant, startTenant } from "../support/tenant.ts";
import { walk } from "../tools/walk.ts";

/** What the lists of the tenant hold at least; the log holds five times as much, which one page can still show. */
const MANY = 17;

interface List {
  readonly key: string;
  readonly id: string;
}

const LISTS: Readonly<Record<string, List>> = {
  auth0_list_applications: { key: "applications", id: "client_id" },
  auth0_list_resource_servers: { key: "resource_servers", id: "id" },
  auth0_list_application_grants: { key: "application_grants", id: "id" },
  auth0_list_actions: { key: "actions", id: "id" },
  auth0_list_logs: { key: "logs", id: "log_id" },
  auth0_list_forms: { key: "forms", id: "id" },
};

/** A tenant with many of everything that can be listed. */
async function fullTenant(): Promise<StartedTenant> {
  const tenant = await startTenant();
  const trigger = [{ id: "post-login", version: "v3" }];
  for (let number = 1; number <= MANY; number++) {
    const audience = `https://api-${number}.example`;
    await tenant.data("auth0_create_resource_server", { identifier: audience, name: `API ${number}` });
    const { client_id = "" } = await tenant.data("auth0_create_application", { name: `App ${number}` });
    await tenant.data("auth0_create_application_grant", { client_id, audience, scope: [] });
    await tenant.data("auth0_create_action", { name: `action-${number}`, supported_triggers: trigger });
    await tenant.data("auth0_create_form", { name: `Form ${number}` });
  }
  return tenant;
}

test("every list has a line here", () => {
  const names = registry.map(({ name }) => name).filter((name) => name.startsWith("auth0_list_"));
  expect(Object.keys(LISTS)).toEqual(names);
});

describe.each(Object.entries(LISTS))("%s", (name, { key, id }) => {
  const idsOf = (items: readonly JsonObject[]) => items.map((item) => asString(item[id]));

  test("its pages are the parts of the whole: first, middle, last and past the end", async () => {
    const tenant = await fullTenant();
    const whole = await tenant.data(name, { per_page: 100 });
    const all = idsOf(asObjects(whole[key]));
    expect(all.length).toBeGreaterThanOrEqual(MANY);
    expect(new Set(all).size).toBe(all.length);
    expect(whole["next"]).toBeNull();

    const size = 5;
    const last = Math.ceil(all.length / size) - 1;
    for (const page of [0, Math.floor(last / 2), last, last + 1, last + 20]) {
      const answer = await tenant.data(name, { page, per_page: size });
      const shown = all.slice(page * size, (page + 1) * size);
      expect({ page, ids: idsOf(asObjects(answer[key])) }).toEqual({ page, ids: shown });
      expect({ page, total: answer["total"] }).toEqual({ page, total: whole["total"] });
      if (page < last) expect(answer["next"]).toEqual({ page: page + 1, per_page: size });
      else if (page > last || shown.length < size) expect(answer["next"]).toBeNull();
    }
  });

  test("walking by next gives every item once, whatever the size", async () => {
    const tenant = await fullTenant();
    const all = idsOf(asObjects((await tenant.data(name, { per_page: 100 }))[key]));
    for (const per_page of [1, 2, 7, all.length - 1, all.length, all.length + 1]) {
      const { items } = await walk(tenant, name, key, { per_page });
      expect({ per_page, ids: idsOf(items) }).toEqual({ per_page, ids: all });
    }
  });

  test("a size or a page that is none is refused by name, and nothing is sent", async () => {
    const tenant = await startTenant();
    const wrong = [-1, 0.5, 1e9, Number.MAX_SAFE_INTEGER, "5", null, true, [1]];
    for (const [field, values] of [
      ["per_page", [...wrong, 0, 101]],
      ["page", wrong],
    ] as const) {
      for (const value of values) {
        const error = await tenant.error(name, { [field]: value });
        expect(error).toMatchObject({ code: "invalid_arguments" });
        expect(asString(error["message"])).toStartWith(`${field}: `);
      }
    }
    expect(tenant.requests).toEqual([]);
  });
});
