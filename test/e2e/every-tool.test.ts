import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type ServedTenant, serveTenant } from "../../scripts/support/tenants.ts";
import type { JsonObject } from "../../src/lib/json.ts";
import { registry } from "../../src/tools/registry.ts";
import { type Connected, connect } from "../support/client.ts";
import { workingArguments } from "../support/every-tool.ts";

let served: ServedTenant;
let connected: Connected;
let plan: Readonly<Record<string, JsonObject>>;
beforeAll(async () => {
  served = await serveTenant({ rateLimit: 0 });
  connected = await connect(["run"], served.env);
  plan = workingArguments(served.tenant);
});
afterAll(async () => {
  await connected.client.close();
  await served.stop();
});

test("the official client lists every tool of the registry, in its order", async () => {
  const { tools } = await connected.client.listTools();
  expect(tools.map((tool) => tool.name)).toEqual(registry.map((tool) => tool.name));
});

describe("the official client calls every tool of the compiled executable", () => {
  for (const tool of registry) {
    test(tool.name, async () => {
      const args = plan[tool.name];
      if (args === undefined) throw new Error(`test/support/every-tool.ts has no arguments for ${tool.name}`);
      const { isError, data, structured } = await connected.call(tool.name, args);
      expect({ isError, data }).toMatchObject({ isError: false });
      expect(structured).toEqual(data);
    });
  }
});

describe("a dry run of every writing tool changes nothing", () => {
  for (const tool of registry.filter(({ kind }) => kind !== "read")) {
    test(tool.name, async () => {
      const { clients, resourceServers, clientGrants, actions, bindings, forms, logs } = served.tenant.state;
      const picture = () =>
        JSON.stringify(
          [clients, resourceServers, clientGrants, actions, bindings, forms].map((map) => [...map]),
        );
      const [before, events] = [picture(), logs.length];
      const { isError, data } = await connected.call(tool.name, { ...plan[tool.name], dry_run: true });
      expect({ isError, data }).toMatchObject({ isError: false, data: { dry_run: true } });
      expect(picture()).toBe(before);
      expect(logs.length).toBe(events);
    });
  }
});
