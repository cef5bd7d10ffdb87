import { describe, expect, test } from "bun:test";
import { asObject, asString, asStrings, type JsonObject } from "../../src/lib/json.ts";
import { registry } from "../../src/tools/registry.ts";
import { workingArguments } from "../support/every-tool.ts";
import { startTenant } from "../support/tenant.ts";
import { watch } from "../tools/interrupted.ts";

/** Values that would change the path, or be no id at all. */
const NO_IDS = ["", ".", "..", "\u0000", "a\u0000b", "a\nb", "\u007f", "\ud800"];
/** Values that look like parts of an address, and must stay one segment of it. */
const ODD_IDS = ["auth0|a/b", "a/../..", "%2e%2e", "a?b=c", "a#b", "a%00b", "https://x/y?z", "ä b"];

describe.each(registry.map((tool) => [tool.name, tool] as const))("%s", (name, tool) => {
  const declared = asObject(tool.inputSchema["properties"]) ?? {};
  const working = async () => {
    const tenant = await startTenant({ seed: "demo" });
    return { tenant, args: workingArguments(tenant.sandbox)[name] ?? {} };
  };

  // In lists such arguments are filters, and no part of a path.
  const identifiers = name.startsWith("auth0_list_") ? [] : ["id", "client_id"];
  for (const field of identifiers.filter((candidate) => candidate in declared)) {
    test(`what cannot be an id is refused as ${field}, and nothing is sent`, async () => {
      const { tenant, args } = await working();
      for (const value of NO_IDS) {
        const error = await tenant.error(name, { ...args, [field]: value });
        expect({ value, error }).toMatchObject({ value, error: { code: "invalid_arguments" } });
        expect(asString(error["message"])).toContain(`${field}: `);
      }
      expect(tenant.requests).toEqual([]);
    });

    test(`whatever stands in ${field}, it stays one segment of the path`, async () => {
      const { tenant, args } = await working();
      const depths = async (value: string) => {
        const before = tenant.requests.length;
        await tenant.call(name, { ...args, [field]: value });
        return tenant.requests.slice(before, before + 1).map(({ path }) => path.split("/").length);
      };
      const [usual] = await depths("nobody");
      for (const value of ODD_IDS.filter(({ length }) => length <= 30)) {
        expect({ value, depths: await depths(value) }).toEqual({ value, depths: [usual ?? 0] });
      }
    });
  }

  test("requires nothing that its schema calls optional", async () => {
    const { tenant, args } = await working();
    const required = asStrings(tool.inputSchema["required"]);
    const least: JsonObject = Object.fromEntries(
      Object.entries(args).filter(([field]) => required.includes(field)),
    );
    const outcome = await tenant.call(name, least);
    if (tool.kind !== "update") expect(outcome).toMatchObject({ ok: true });
    else {
      // The one thing that a schema of plain properties cannot say.
      expect(outcome).toMatchObject({ ok: false, data: { error: { code: "invalid_arguments" } } });
      expect(outcome.text).toContain("Nothing to change: give at least one of name");
      expect(tenant.requests).toEqual([]);
    }
  });

  test("sends nothing after it was withdrawn, at whichever step", async () => {
    for (let step = 1, running = true; running; step++) {
      const { tenant, args } = await working();
      const { outcome, sent } = await watch(tenant, name, args, (soFar) => soFar.length >= step);
      // Withdrawn with its last request, it has nothing left to stop.
      running = outcome === "cancelled";
      expect({ step, sent: sent.length }).toEqual({ step, sent: step });
      if (!running) expect(outcome).toMatchObject({ ok: true });
    }
  });

  if (tool.kind !== "read") {
    test("a dry run sends reads only, and shows a request wherever the call sends one", async () => {
      const { tenant, args } = await working();
      const shown = await tenant.data(name, { ...args, dry_run: true });
      expect(shown["dry_run"]).toBe(true);
      expect(tenant.requests.filter(({ method }) => method !== "GET")).toEqual([]);
      tenant.requests.length = 0;
      await tenant.data(name, args);
      const sent = tenant.requests.filter(({ method }) => method !== "GET").map(({ method }) => method);
      const told = Array.isArray(shown["requests"]) ? shown["requests"] : [];
      expect(told.map((request) => asString(asObject(request)?.["method"]))).toEqual(sent);
    });
  }
});
