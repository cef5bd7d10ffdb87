/** Above this many lines on both sides a change is shown as a whole rather than line by line. */
const COMPARED = 2_000;

/**
 * What becomes of a text, line by line: removed lines behind `-`, new ones behind `+`. Lines that stay are not shown,
 * since they are other people's and may hold secrets.
 */
export function lineDiff(before: string, after: string): string[] {
  const old = linesOf(before);
  const fresh = linesOf(after);
  let start = 0;
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start++;
  let end = 0;
  const room = Math.min(old.length, fresh.length) - start;
  while (end < room && old[old.length - 1 - end] === fresh[fresh.length - 1 - end]) end++;
  return changes(old.slice(start, old.length - end), fresh.slice(start, fresh.length - end));
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

/** The longest common subsequence decides which lines stay. */
function changes(old: readonly string[], fresh: readonly string[]): string[] {
  const removed = (line: string) => `-${line}`;
  const added = (line: string) => `+${line}`;
  if (old.length * fresh.length > COMPARED ** 2) return [...old.map(removed), ...fresh.map(added)];
  const common = Array.from({ length: old.length + 1 }, () => new Uint32Array(fresh.length + 1));
  const at = (i: number, j: number) => common[i]?.[j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = fresh.length - 1; j >= 0; j--) {
      const row = common[i];
      if (row !== undefined)
        row[j] = old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const result: string[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < fresh.length) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      i++;
      j++;
    } else if (j >= fresh.length || (i < old.length && at(i + 1, j) >= at(i, j + 1))) {
      result.push(removed(old[i++] ?? ""));
    } else result.push(added(fresh[j++] ?? ""));
  }
  return result;
}
