import { expect, test } from "bun:test";
import { readerOf } from "../../src/policy/reader.ts";
import { registry } from "../../src/tools/registry.ts";

test("every tool of a resource leads to the tool that shows it in full, and grants have none", () => {
  const readers = Object.fromEntries(registry.map((tool) => [tool.name, readerOf(tool, registry)]));
  expect(readers).toMatchObject({
    auth0_list_applications: "auth0_get_application",
    auth0_update_resource_server: "auth0_get_resource_server",
    auth0_deploy_action: "auth0_get_action",
    auth0_publish_form: "auth0_get_form",
    auth0_list_logs: "auth0_get_log",
    auth0_get_log: "auth0_get_log",
  });
  const without = registry.filter(({ name }) => readers[name] === undefined).map(({ toolset }) => toolset);
  expect(new Set(without)).toEqual(new Set(["grants"]));
});

test("a tool that is not exposed is not named", () => {
  const exposed = registry.filter(({ name }) => name !== "auth0_get_action");
  for (const tool of exposed) expect(readerOf(tool, exposed)).not.toBe("auth0_get_action");
});
