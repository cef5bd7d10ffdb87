import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { finishedOf } from "../../scripts/support/finished.ts";
import { type ServedTenant, serveTenant } from "../../scripts/support/tenants.ts";
import { asObject, asObjects, asString, parseJson } from "../../src/lib/json.ts";
import { registry } from "../../src/tools/registry.ts";
import { workingArguments } from "../support/every-tool.ts";
import { executable } from "../support/executable.ts";
import { npmTools } from "../support/npm-tools.ts";

// The Inspector needs Node 22, which comes from npm as well.
const NODE = `node-${process.platform}-${process.arch}`;

let served: ServedTenant;
let inspector: (args: readonly string[]) => Promise<{ code: number; stdout: string; stderr: string }>;
beforeAll(async () => {
  const folder = npmTools("inspector", ["@modelcontextprotocol/inspector@2.12.0", `${NODE}@22.23.3`]);
  const node = join(folder, "node_modules", NODE, "bin", "node");
  const launcher = join(
    folder,
    "node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js",
  );
  served = await serveTenant({ rateLimit: 0 });
  const server = await executable();
  const given = Object.entries(served.env).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
  inspector = async (args) => {
    const child = Bun.spawn(
      [node, launcher, "--cli", ...args, ...given, "--format", "json", "--", server, "run"],
      {
        env: { PATH: process.env["PATH"] ?? "", HOME: folder },
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
      },
    );
    return finishedOf(child);
  };
});
afterAll(() => served.stop());

describe("the MCP Inspector", () => {
  test("lists every tool, and its strict schema check finds nothing", async () => {
    const { code, stdout, stderr } = await inspector(["--strict", "--method", "tools/list"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const tools = asObjects(asObject(asObject(parseJson(stdout))?.["result"])?.["tools"]);
    expect(tools.map((tool) => asString(tool["name"]))).toEqual(registry.map((tool) => tool.name));
  });

  for (const tool of registry) {
    test(`calls ${tool.name}`, async () => {
      const args = Object.entries(workingArguments(served.tenant)[tool.name] ?? {});
      const pairs = args.map(([name, value]) => `${name}=${JSON.stringify(value)}`);
      const { code, stdout, stderr } = await inspector([
        ...["--method", "tools/call", "--tool-name", tool.name],
        ...(pairs.length === 0 ? [] : ["--tool-arg", ...pairs]),
      ]);
      expect({ code, stdout, stderr }).toMatchObject({
        code: 0,
        stdout: expect.stringContaining("structuredContent"),
      });
    });
  }
});
