import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../scripts/build.ts";

/** A page for people. */
export interface Document {
  /** From the top of the repository: `docs/tools.md`. */
  readonly file: string;
  readonly text: string;
}

/** A block of code, without its fences. */
export interface Block {
  readonly language: string;
  readonly text: string;
}

const markdownIn = (folder: string) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name));

/** Every page: those at the top, and those in docs. */
export const documents: readonly Document[] = [...markdownIn("."), ...markdownIn("docs")]
  .sort()
  .map((file) => ({ file, text: readFileSync(join(ROOT, file), "utf8") }));

/** @throws Error when there is no such page */
export function documentAt(file: string): Document {
  const found = documents.find((document) => document.file === file);
  if (found === undefined) throw new Error(`there is no ${file}`);
  return found;
}

const FENCED = /^( *)```(\w*)\n([\s\S]*?)^\1```$/gm;

/** The blocks of code on a page. */
export function blocksOf({ text }: Pick<Document, "text">): Block[] {
  return [...text.matchAll(FENCED)].map(([, , language = "", content = ""]) => ({ language, text: content }));
}

/** The lines of a page that a person types into a shell, each once, without the comments behind them. */
export function shellLines(document: Pick<Document, "text">): string[] {
  const lines = blocksOf(document)
    .filter(({ language }) => language === "sh")
    .flatMap(({ text }) => text.split("\n"))
    .map((line) => line.replace(/(^| +)# .*$/, "").trim());
  return [...new Set(lines.filter((line) => line !== ""))];
}

/** The text of a page without files that it quotes, which have tests of their own. */
export function ownWords({ text }: Pick<Document, "text">): string {
  return text.replace(FENCED, (block: string, _: string, language: string) =>
    language === "yaml" ? "" : block,
  );
}

/** A page's anchors as GitHub and GitLab make them of its headings. */
export function anchorsOf({ text }: Pick<Document, "text">): Set<string> {
  const prose = text.replace(FENCED, "");
  const headings = [...prose.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .trim()
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

/** Where a page's links and pictures lead: addresses, files from the page's folder, anchors. */
export function linksOf({ text }: Pick<Document, "text">): string[] {
  return [...text.replace(FENCED, "").matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
}
