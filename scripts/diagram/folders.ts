import { code, table } from "../documents/markdown.ts";
import { type Folder, folderGraph } from "./graph.ts";

/** What each folder holds: a word or two for the diagram, and a sentence for the page. */
const FOLDERS: Readonly<Record<string, readonly [label: string, what: string]>> = {
  "main.ts": ["the entry", "The entry. Answers `--version` before anything else is loaded."],
  cli: [
    "the command line",
    "The command line: commands, prompts, output, exit codes. The only folder that touches the terminal and the environment.",
  ],
  mcp: ["the protocol", "The protocol over stdio. The only folder that knows the MCP SDK."],
  policy: [
    "what may pass",
    "What may pass: selection, scopes, dry run, redaction, untrusted text, budget, and the pipeline of one call.",
  ],
  tools: ["what a model can do", "What a model can do: one file a tool, listed by toolset in `registry.ts`."],
  management: [
    "the API client",
    "The client of the Management API: paths, deadlines, retries, answers, errors.",
  ],
  auth: [
    "who we are",
    "Who we are: device flow, client credentials, renewal, and the stores that keep secrets.",
  ],
  config: ["options, paths, tenants", "Every option once, paths, domains, the list of tenants."],
  lib: [
    "small things",
    "Small things without domain words: errors, JSON, private and atomic files, locks, clocks.",
  ],
  analytics: ["usage events", "Usage events: what is in them, whether and how they are sent."],
  clients: [
    "files of MCP clients",
    "The configuration files of MCP clients: one table, one editor a format, a journal for undoing.",
  ],
  sandbox: ["the demo tenant", "The embedded demo tenant, which answers like Auth0."],
  upgrade: ["newer executables", "Replacing the executable by a newer release."],
};

export interface DescribedFolder extends Folder {
  readonly label: string;
  readonly what: string;
}

/** @throws Error for a folder that nobody has described, and for a description without its folder */
export async function describedFolders(): Promise<DescribedFolder[]> {
  const graph = await folderGraph();
  const gone = Object.keys(FOLDERS).filter((name) => !graph.some((folder) => folder.name === name));
  if (gone.length > 0)
    throw new Error(`scripts/diagram/folders.ts describes what is gone: ${gone.join(", ")}`);
  return graph.map((folder) => {
    const [label, what] = FOLDERS[folder.name] ?? [];
    if (label === undefined || what === undefined)
      throw new Error(`scripts/diagram/folders.ts does not describe src/${folder.name}`);
    return { ...folder, label, what };
  });
}

/** What each folder is for, and what it imports. */
export async function folderTable(): Promise<string> {
  const rows = (await describedFolders()).map(({ name, what, imports, packages }) => [
    code(name),
    what,
    imports.map(code).join(" "),
    packages.map(code).join(" "),
  ]);
  return table(["in src", "what it holds", "imports", "packages"], rows);
}
