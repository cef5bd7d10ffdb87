// Writes everything that is derived from the program: the README's tables and the snapshots of what a model sees.
//   generate.ts               writes both        (npm run generate)
//   generate.ts --snapshots   only the snapshots (npm run snapshots)
//   generate.ts --check       writes nothing, and fails when a file is stale
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { type Option, options } from "../src/config/options.ts";
import { toolEntry } from "../src/mcp/tool-entry.ts";
import { registry } from "../src/tools/registry.ts";
import { ROOT } from "./build.ts";
import { withPart } from "./parts.ts";

const README = join(ROOT, "README.md");
const SNAPSHOTS = join(ROOT, "test", "snapshots");

/** Path to wanted content; `undefined` where the file must not exist. */
type Files = Map<string, string | undefined>;

function snapshots(): Files {
  const files: Files = new Map();
  for (const file of existsSync(SNAPSHOTS) ? readdirSync(SNAPSHOTS) : [])
    files.set(join(SNAPSHOTS, file), undefined);
  for (const tool of registry) {
    files.set(join(SNAPSHOTS, `${tool.name}.json`), `${JSON.stringify(toolEntry(tool), null, 2)}\n`);
  }
  return files;
}

function toolTable(): string {
  const rows = registry.map(
    ({ name, toolset, kind, scopes, title }) =>
      `| \`${name}\` | ${toolset} | ${kind} | ${scopes.map((scope) => `\`${scope}\``).join(" ")} | ${title} |`,
  );
  return ["| tool | toolset | kind | scopes | what it does |", "|---|---|---|---|---|", ...rows].join("\n");
}

function optionTable(): string {
  const code = (text: string | undefined) => (text === undefined ? "" : `\`${text}\``);
  const flag = ({ flag: name, placeholder }: Option) =>
    name === undefined ? "" : code(`--${name}${placeholder === undefined ? "" : ` <${placeholder}>`}`);
  const rows = Object.values<Option>(options).map(
    (option) => `| ${flag(option)} | ${code(option.variable)} | ${code(option.default)} | ${option.help} |`,
  );
  return ["| flag | variable | default | what it does |", "|---|---|---|---|", ...rows].join("\n");
}

/** Replaces what stands between the markers of each generated part. */
function readme(): Files {
  const parts: Record<string, string> = { tools: toolTable(), options: optionTable() };
  let text = readFileSync(README, "utf8");
  for (const [name, content] of Object.entries(parts)) {
    text = withPart(text, name, content);
  }
  return new Map([[README, text]]);
}

function isStale([file, wanted]: [string, string | undefined]): boolean {
  return wanted === undefined ? existsSync(file) : !existsSync(file) || readFileSync(file, "utf8") !== wanted;
}

const flags = process.argv.slice(2);
const files: Files = new Map([...snapshots(), ...(flags.includes("--snapshots") ? [] : readme())]);
const stale = [...files].filter(isStale);

if (flags.includes("--check")) {
  for (const [file] of stale) console.error(`${relative(ROOT, file)} is stale: run npm run generate`);
  process.exit(stale.length === 0 ? 0 : 1);
}
mkdirSync(SNAPSHOTS, { recursive: true });
for (const [file, wanted] of stale) {
  if (wanted === undefined) rmSync(file);
  else writeFileSync(file, wanted);
  console.error(`wrote ${relative(ROOT, file)}`);
}
