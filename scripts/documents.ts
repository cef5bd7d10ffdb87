import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./build.ts";
import { folderTable } from "./diagram/folders.ts";
import { diagram } from "./diagram/svg.ts";
import { clientTable } from "./documents/clients.ts";
import { optionTable } from "./documents/options.ts";
import { toolSections, toolTable } from "./documents/tools.ts";
import { withPart } from "./parts.ts";

type Content = () => string | Promise<string>;

/** The generated parts of each document, by the name that its markers have. */
const PARTS: Readonly<Record<string, Readonly<Record<string, Content>>>> = {
  "README.md": { tools: toolTable, options: optionTable },
  "docs/clients.md": { clients: clientTable },
  "docs/tools.md": { tools: toolSections },
  "docs/architecture.md": { folders: folderTable },
};

/** Files that are generated as a whole. */
const WHOLE: Readonly<Record<string, Content>> = { "docs/architecture.svg": diagram };

/** What every generated document shall hold, by its path. */
export async function generatedDocuments(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const [file, parts] of Object.entries(PARTS)) {
    let text = readFileSync(join(ROOT, file), "utf8");
    for (const [name, content] of Object.entries(parts)) text = withPart(text, name, await content());
    files.set(join(ROOT, file), text);
  }
  for (const [file, content] of Object.entries(WHOLE)) files.set(join(ROOT, file), await content());
  return files;
}
