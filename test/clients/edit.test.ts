import { describe, expect, test } from "bun:test";
import { ForeignEntryError } from "../../src/clients/document.ts";
import { type Trace, withEntry, withoutEntry } from "../../src/clients/edit.ts";
import { jsonEditor } from "../../src/clients/editors/json.ts";
import { tomlEditor } from "../../src/clients/editors/toml.ts";
import { yamlEditor } from "../../src/clients/editors/yaml.ts";
import { findClient } from "../../src/clients/locate.ts";
import { launch } from "./support.ts";

const cursor = findClient("cursor");
const request = { client: cursor, name: "auth0", launch, passOn: [] };
const nothing = () => undefined;
const remembered = (trace: Trace | undefined) => () => trace;

describe("an entry that is there", () => {
  test("keeps what the person added, in its place, with its comments", () => {
    const before = `{
  "mcpServers": {
    "auth0": {
      // mine
      "env": { "HTTPS_PROXY": "http://proxy" }, // proxy
      "command": "/old/auth0-mcp",
      "disabled": true,
      "args": [
        "run"
      ],
      "timeout": 60
    }
  }
}`;
    const { text, entry, previous, trace } = withEntry(jsonEditor, before, request);
    expect(text).toBe(
      before
        .replace("/old/auth0-mcp", "/opt/auth0-mcp")
        .replace('[\n        "run"\n      ]', '["run", "--read-only"]'),
    );
    expect(entry).toMatchObject({ disabled: true, timeout: 60, env: { HTTPS_PROXY: "http://proxy" } });
    expect(previous).toMatchObject({ command: "/old/auth0-mcp" });
    expect(trace).toBeUndefined();
  });

  test("of the Node.js server is replaced, its env kept", () => {
    const before = `[mcp_servers.auth0]
command = "npx"
args = ["-y", "@auth0/auth0-mcp-server", "run"]
startup_timeout_sec = 20

[mcp_servers.auth0.env]
DEBUG = "auth0-mcp"
`;
    const codex = { ...request, client: findClient("codex") };
    const { text, entry } = withEntry(tomlEditor, before, codex);
    expect(text).toBe(
      before
        .replace('"npx"', '"/opt/auth0-mcp"')
        .replace('["-y", "@auth0/auth0-mcp-server", "run"]', '["run", "--read-only"]'),
    );
    expect(entry).toMatchObject({ env: { DEBUG: "auth0-mcp" }, startup_timeout_sec: 20 });
  });

  test.each([
    ["another program", '{"command":"docker","args":["run"],"env":{"KEY":"x"}}', "starts another program"],
    ["a remote server", '{"type":"http","url":"https://example.com"}', "starts nothing"],
    ["a text", '"https://example.com"', "no map of settings"],
    ["nothing", "null", "no map of settings"],
  ])("of %s is left alone under every name, by both", (_, entry, told) => {
    for (const name of ["auth0", "github"]) {
      const before = `{"mcpServers":{"${name}":${entry}}}`;
      const refusal = new RegExp(`has an entry "${name}" .*${told}`);
      for (const work of [
        () => withEntry(jsonEditor, before, { ...request, name }),
        () => withoutEntry(jsonEditor, before, cursor, name, nothing),
      ]) {
        expect(work).toThrow(ForeignEntryError);
        expect(work).toThrow(refusal);
      }
    }
  });
});

describe("what came in between is never undone", () => {
  const added = withEntry(jsonEditor, undefined, request);
  const remove = (text: string) =>
    withoutEntry(jsonEditor, text, cursor, "auth0", remembered(added.trace)).text;

  test("a file that we made vanishes when nothing else came into it", () => {
    expect(remove(added.text)).toBeUndefined();
    expect(remove(added.text.replaceAll("  ", "\t"))).toBeUndefined();
    expect(remove(added.text.replace('"args"', '"disabled": true,\n      "args"'))).toBeUndefined();
  });

  test("but not when there is a comment, another key or another server", () => {
    expect(remove(`// mine\n${added.text}`)).toBe("// mine\n");
    expect(remove(added.text.replace("{", '{\n  "theme": "dark",'))).toBe('{\n  "theme": "dark"\n}\n');
    const other = added.text.replace('    "auth0"', '    "other": { "command": "x" },\n    "auth0"');
    expect(remove(other)).toBe('{\n  "mcpServers": {\n    "other": { "command": "x" }\n  }\n}\n');
  });

  test("a container that somebody else has written into stays, comments included", () => {
    const { text, trace } = withEntry(jsonEditor, "{}\n", request);
    const commented = text.replace('    "auth0"', '    // keep\n    "auth0"');
    const rest = withoutEntry(jsonEditor, commented, cursor, "auth0", remembered(trace)).text;
    expect(jsonEditor.parse(rest ?? "")).toEqual({ mcpServers: {} });
    expect(rest).toContain("// keep");
  });

  test("a file that was there stays, however empty", () => {
    for (const before of ["", "\n", "{}", "// only\n"]) {
      const { text, trace } = withEntry(jsonEditor, before, request);
      expect(withoutEntry(jsonEditor, text, cursor, "auth0", remembered(trace)).text).toBe(before);
    }
  });

  test("what Continue needs beside entries goes with the entry, unless it was changed", () => {
    const client = findClient("continue");
    const { text, trace } = withEntry(yamlEditor, "# mine\n", { ...request, client });
    expect(text).toContain("# mine\nname: Local Assistant\nversion: 1.0.0\nschema: v1\nmcpServers:\n");
    const remaining = (current: string) =>
      withoutEntry(yamlEditor, current, client, "auth0", remembered(trace)).text;
    expect(remaining(text)).toBe("# mine\n");
    const renamed = text.replace("Local Assistant", "Ann's");
    expect(remaining(renamed)).toBe("# mine\nname: Ann's\nversion: 1.0.0\nschema: v1\n");
    const used = `${text}models: []\n`;
    expect(remaining(used)).toContain("schema: v1\nmodels: []\n");
  });
});

test("what we remember gives way where taking exactly that out would change something else", () => {
  const client = findClient("goose");
  const before = "extensions:\n  text: |\n    line\n";
  const { text, trace } = withEntry(yamlEditor, before, { ...request, client });
  // Behind the block text this comment would become part of it.
  const commented = `${text}    # mine\n`;
  expect(withoutEntry(yamlEditor, commented, client, "auth0", remembered(trace)).text).toBe(before);
});

test("a document in which an edit would change something else is refused", () => {
  const goose = { ...request, client: findClient("goose") };
  const shared = "extensions: &all\n  other: {cmd: x}\ncopy: *all\n";
  expect(() => withEntry(yamlEditor, shared, goose)).toThrow("without touching other settings");
});

test("removing what is not there changes nothing", () => {
  for (const text of ["", "{}", '{"mcpServers":null}', '{"mcpServers":{"other":{}}}']) {
    expect(withoutEntry(jsonEditor, text, cursor, "auth0", nothing)).toMatchObject({
      text,
      previous: undefined,
    });
  }
});
