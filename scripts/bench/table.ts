import { measureOf, type Row, verdict } from "./row.ts";

const HEADINGS = ["what", "auth0-mcp", "compared", "ratio", "goal", ""];

/** The cells of each row, as people read them. */
function cellsOf(row: Row): string[] {
  const { what, unit, ours, theirs, goal } = row;
  const amount = (value: number) => `${unit === "bytes" ? value : value.toFixed(value < 10 ? 2 : 1)} ${unit}`;
  const times = (ratio: number) => `${ratio.toFixed(2)}×`;
  const bound = goal === undefined ? "" : `≤ ${theirs === undefined ? `${goal} ${unit}` : `${goal}×`}`;
  return [
    what,
    amount(ours),
    theirs === undefined ? "" : amount(theirs),
    theirs === undefined ? "" : times(measureOf(row)),
    bound,
    verdict(row),
  ];
}

/** The table in columns, for a terminal. */
export function textTable(rows: readonly Row[]): string {
  const lines = [HEADINGS, ...rows.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  return lines
    .map((cells) =>
      cells
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

export function markdownTable(rows: readonly Row[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(HEADINGS), line(HEADINGS.map(() => "---")), ...rows.map((row) => line(cellsOf(row)))].join(
    "\n",
  );
}
