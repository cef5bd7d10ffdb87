/** Lines of surroundings that are shown before and after a change. */
const CONTEXT = 3;

/**
 * What changed in a text, in the unified format: one hunk from the first to the last line that differs.
 *
 * @param before `undefined` for a file that is not there; the same goes for `after`
 * @returns empty when nothing changed
 */
export function unifiedDiff(path: string, before: string | undefined, after: string | undefined): string {
  if (before === after) return "";
  const old = linesOf(before ?? "");
  const fresh = linesOf(after ?? "");
  const shorter = Math.min(old.length, fresh.length);
  let head = 0;
  while (head < shorter && old[head] === fresh[head]) head++;
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail++;

  const start = Math.max(0, head - CONTEXT);
  const following = Math.min(CONTEXT, tail);
  const removed = old.slice(head, old.length - tail);
  const added = fresh.slice(head, fresh.length - tail);
  const lines = [
    ...old.slice(start, head).map((line) => ` ${line}`),
    ...removed.map((line) => `-${line}`),
    ...added.map((line) => `+${line}`),
    ...old.slice(old.length - tail, old.length - tail + following).map((line) => ` ${line}`),
  ];
  const shared = head - start + following;
  return [
    `--- ${before === undefined ? "/dev/null" : path}\n`,
    `+++ ${after === undefined ? "/dev/null" : path}\n`,
    `@@ -${range(start, removed.length + shared)} +${range(start, added.length + shared)} @@\n`,
    ...lines.map((line) => (line.endsWith("\n") ? line : `${line}\n\\ No newline at end of file\n`)),
  ].join("");
}

/** Each with its line end. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** An empty range stands behind the line it names, and so is counted from one less. */
function range(start: number, length: number): string {
  return `${length === 0 ? start : start + 1},${length}`;
}
