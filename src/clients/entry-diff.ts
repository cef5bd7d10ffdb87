import { lineDiff } from "./diff.ts";
import type { Editor, Range } from "./editors/editor.ts";
import { editorFor } from "./editors/index.ts";
import type { Plan } from "./plan.ts";

/** What stands in place of what others wrote. */
const WITHHELD = "…";

/**
 * What a planned change makes of our entry, line by line: removed lines behind `-`, new ones behind `+`. What others wrote
 * may hold secrets, so none of it is shown, not even where it stands on one line with the entry; nor is what the Node.js
 * server was started with, in whose place the entry comes.
 */
export async function entryDiff({ address, before, after, previous }: Plan): Promise<string[]> {
  const editor = await editorFor(address.client.format);
  const shown = (text: string | undefined) => withoutOthers(editor, text ?? "", address);
  const lines = lineDiff(shown(before), shown(after));
  const hidesFormer = previous !== undefined && previous.owner !== "ours";
  return lines.filter((line) => line.slice(1).trim() !== WITHHELD && !(hidesFormer && line.startsWith("-")));
}

/** A document with its entry alone, the brackets and keys that lead to it, and what we put in front for the client. */
function withoutOthers(editor: Editor, text: string, { client, name }: Plan["address"]): string {
  const place = client.layout(editor.parse(text), name);
  const known = [...(client.preamble ?? "").split("\n"), ...place.path].filter((word) => word !== "");
  let result = "";
  let from = 0;
  for (const [start, end] of [...editor.ranges(text, place), [text.length, text.length] satisfies Range]) {
    result += text
      .slice(from, start)
      .split("\n")
      .map((line) => withoutWords(line, known))
      .join("\n");
    result += text.slice(start, end);
    from = end;
  }
  return result;
}

/** A line, or a part of one, if it has no other words than the known ones. */
function withoutWords(line: string, known: readonly string[]): string {
  const unknown = known.reduce((rest, word) => rest.replaceAll(word, ""), line);
  if (/^[\s{}[\],:="'-]*$/.test(unknown)) return line;
  return `${/^\s*/.exec(line)?.[0] ?? ""}${WITHHELD}`;
}
