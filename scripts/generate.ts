// Writes everything that is derived from the program: parts of the documents, the diagram of the folders, and the
// snapshots of what a model sees.
//   generate.ts               writes them all       (npm run generate)
//   generate.ts --snapshots   only the snapshots    (npm run snapshots)
//   generate.ts --check       writes nothing, and fails when a file is stale
//   generate.ts --picture     only docs/terminal.svg: builds the executable, and plays a session with it in a terminal
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { toolEntry } from "../src/mcp/tool-entry.ts";
import { registry } from "../src/tools/registry.ts";
import { ROOT } from "./build.ts";
import { generatedDocuments } from "./documents.ts";
import { argumentsOf } from "./support/arguments.ts";

const flag = { type: "boolean", default: false } as const;
const { values: flags } = argumentsOf(() =>
  parseArgs({ options: { snapshots: flag, check: flag, picture: flag } }),
);

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

function isStale([file, wanted]: [string, string | undefined]): boolean {
  return wanted === undefined ? existsSync(file) : !existsSync(file) || readFileSync(file, "utf8") !== wanted;
}

async function generate(): Promise<number> {
  const documents = flags.snapshots ? [] : await generatedDocuments();
  const files: Files = new Map([...snapshots(), ...documents]);
  const stale = [...files].filter(isStale);
  if (flags.check) {
    for (const [file] of stale) console.error(`${relative(ROOT, file)} is stale: run npm run generate`);
    return stale.length === 0 ? 0 : 1;
  }
  mkdirSync(SNAPSHOTS, { recursive: true });
  for (const [file, wanted] of stale) {
    if (wanted === undefined) rmSync(file);
    else writeFileSync(file, wanted);
    console.error(`wrote ${relative(ROOT, file)}`);
  }
  return 0;
}

if (flags.picture) await (await import("./picture.ts")).takePicture();
else process.exit(await generate());
