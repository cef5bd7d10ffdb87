import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../build.ts";
import type { BundledPackage } from "./packages.ts";

/** The licences of the compiler's runtime, as its own documentation of this very version lists them. */
function runtimeNotice(): string {
  const page = readFileSync(
    join(ROOT, "node_modules", "bun-types", "docs", "project", "license.mdx"),
    "utf8",
  );
  return page.replace(/^---\n[\s\S]*?\n---\n/, "").trim();
}

/** The text that goes with an executable: what of others is in it, and under which licences. */
export function notices(packages: readonly BundledPackage[]): string {
  const parts = packages.map(
    ({ name, version, license, texts }) => `## ${name} ${version} (${license})\n\n${texts.join("\n\n")}`,
  );
  const opening = "# Third-party notices\n\nThis program contains the following work of others.";
  const runtime = `## The Bun runtime ${Bun.version}\n\n${runtimeNotice().replaceAll(/^## /gm, "### ")}`;
  return `${[opening, runtime, ...parts].join("\n\n")}\n`.replaceAll("\r\n", "\n");
}
