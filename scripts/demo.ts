// `npm run demo`: builds the executable, starts it on the embedded sandbox tenant and drives it with the official
// MCP client, as an assistant would.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { VERSION } from "../src/config/product.ts";
import { asObjects, asString, isObject, type JsonObject } from "../src/lib/json.ts";
import { compile, EXECUTABLE, ROOT } from "./build.ts";

const say = (text: string) => console.log(text);
const step = (text: string) => say(`\n› ${text}`);

say("Building the executable …");
await compile(`${ROOT}/src/main.ts`, EXECUTABLE);

const client = new Client({ name: "auth0-mcp-demo", version: VERSION });
await client.connect(
  new StdioClientTransport({ command: EXECUTABLE, args: ["run", "--sandbox"], stderr: "inherit" }),
);

/** Calls a tool and returns its structured result; a tool's error ends the demo. */
async function call(name: string, args: JsonObject): Promise<JsonObject> {
  say(`  ${name} ${JSON.stringify(args)}`);
  const result = await client.callTool({ name, arguments: args });
  if (result.isError || !isObject(result.structuredContent)) throw new Error(JSON.stringify(result.content));
  return result.structuredContent;
}

const show = (item: JsonObject, ...names: string[]) =>
  say(
    `    ${names.map((name) => (typeof item[name] === "string" ? item[name] : JSON.stringify(item[name]))).join("  ")}`,
  );

try {
  const server = client.getServerVersion();
  step(`Connected to ${server?.name} ${server?.version}. Its tools:`);
  const { tools } = await client.listTools();
  for (const tool of tools) say(`  ${tool.annotations?.readOnlyHint ? "reads " : "writes"}  ${tool.name}`);

  step("Which applications are there?");
  const list = await call("auth0_list_applications", { per_page: 5 });
  for (const item of asObjects(list["applications"])) show(item, "client_id", "app_type", "name");
  say(`    … of ${list["total"]}`);

  step("Create a single-page application.");
  const shop = { name: "Demo Shop", app_type: "spa", callbacks: ["https://shop.example/callback"] };
  show(await call("auth0_create_application", shop), "client_id", "app_type", "name", "notices");

  step("Write an Action and deploy it.");
  const action = await call("auth0_create_action", {
    name: "Add a greeting",
    supported_triggers: [{ id: "post-login", version: "v3" }],
    code: 'exports.onExecutePostLogin = async (event, api) => {\n  api.idToken.setCustomClaim("greeting", "hello");\n};',
  });
  show(action, "id", "status", "name");
  show(
    await call("auth0_deploy_action", { id: asString(action["id"]) ?? "" }),
    "number",
    "status",
    "deployed",
  );

  step("Which sign-ins failed from 203.0.113.7?");
  const logs = await call("auth0_list_logs", { ip: "203.0.113.7", types: ["fp", "fu"], per_page: 5 });
  for (const item of asObjects(logs["logs"])) show(item, "date", "type", "type_description", "user_name");
  say(`    next: ${JSON.stringify(logs["next"])}`);

  say("\nDone. Nothing was kept.");
} finally {
  await client.close();
}
