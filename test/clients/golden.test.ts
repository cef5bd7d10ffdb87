import { describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { McpClient } from "../../src/clients/client.ts";
import { entryAt } from "../../src/clients/editors/editor.ts";
import { editorFor } from "../../src/clients/editors/index.ts";
import { ownerOf } from "../../src/clients/entry.ts";
import { candidateFiles } from "../../src/clients/locate.ts";
import { clients } from "../../src/clients/table.ts";
import { asObject } from "../../src/lib/json.ts";
import { Home } from "./support.ts";

const MARK = "\uFEFF";

/** The documents that each client's entry is added to, taken out of, and compared with. */
function documents(client: McpClient): Record<string, string | undefined> {
  const { path, list } = client.layout(undefined, "auth0");
  const [key = ""] = path;
  const plain = { json: jsonWith(key), toml: tomlWith(key), yaml: list ? yamlListWith(key) : yamlWith(key) }[
    client.format
  ];
  const bare = { json: "{}\n", toml: 'model = "x"\n', yaml: "model: x\n" }[client.format];
  const tabs = {
    json: plain.replaceAll("  ", "\t"),
    toml: plain.replace(/^(?=\w)/gm, "\t"),
    // YAML cannot be indented with tabs: they may stand behind values.
    yaml: plain.replace(/ #/g, "\t#"),
  }[client.format];
  const nested = {
    json: `{\n  "projects": {\n    "/home/x": { "${key}": {} }\n  },\n  "${key}": {}\n}`,
    toml: `[projects."/home/x"]\ntrust = "${key}"\n\n[projects."/home/x".${key}.inner]\nx = 1\n`,
    yaml: `projects:\n  home:\n    ${key}:\n    - x\n${key}:\nlast: |\n  ${key}: text\n`,
  }[client.format];
  return {
    missing: undefined,
    empty: "",
    bare,
    commented: plain,
    "with carriage returns": plain.replaceAll("\n", "\r\n"),
    "with tabs": tabs,
    "with a byte order mark": MARK + plain,
    nested,
  };
}

function jsonWith(key: string): string {
  return `// Settings {
{
  "theme": "dark", // not "${key}"
  "${key}": {
    /* others */
    "other": {
      "command": "npx",
      "args": ["-y", "other"], // pinned
    },
    // "old": {}
  },
  "last": [1, 2]
}
`;
}

function tomlWith(key: string): string {
  return `# Settings [
model = "x" # not ${key}

[${key}.other] # others
command = "npx"
args = [
  "-y", # pinned
  "other",
]

# [${key}.old]
[last]
numbers = [1, 2]
`;
}

function yamlWith(key: string): string {
  return `# Settings: {
model: x # not ${key}
${key}: # others
  other:
    cmd: npx
    args:
    - -y # pinned
    - other
  # old: {}
last: [1, 2]
`;
}

function yamlListWith(key: string): string {
  return `# Settings: {
model: x # not ${key}
${key}: # others
  - name: other
    command: npx
    args:
    - -y # pinned
    - other
  # - name: old
last: [1, 2]
`;
}

/** Other parsers than those that the editors are built on. */
const readIndependently = { json: Bun.JSONC.parse, toml: Bun.TOML.parse, yaml: Bun.YAML.parse };

/** A text in which blanks that matter can be seen. */
function visible(text: string | undefined): string {
  return (text ?? "(no file)").replaceAll(MARK, "<mark>").replaceAll("\r", "<cr>").replaceAll("\t", "<tab>");
}

describe.each(clients.map((client) => [client.id, client] as const))("%s", (id, client) => {
  test.each(Object.entries(documents(client)))("%s", async (_, before) => {
    using home = new Home();
    const [file = ""] = candidateFiles(client, "user", home.path, home.machine);
    if (before !== undefined) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, before);
    }
    const added = await home.add(id);
    const after = home.read(file);
    expect(added.kind).toBe("add");
    expect(visible(after)).toMatchSnapshot();

    const editor = await editorFor(client.format);
    const data = editor.parse((after ?? "").replace(MARK, ""));
    const entry = asObject(entryAt(data, client.layout(data, "auth0")));
    expect(ownerOf(entry ?? {})).toBe("ours");
    expect(entry).toEqual(added.entry);
    expect<unknown>(data).toEqual(readIndependently[client.format]((after ?? "").replace(MARK, "")));

    expect((await home.add(id)).kind).toBe("nothing");
    expect(home.read(file)).toBe(after);

    await home.remove(id);
    expect(home.read(file)).toBe(before);
    if (before === undefined) expect(home.names()).toEqual([]);
  });
});
