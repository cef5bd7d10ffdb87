import { measureOf, type Row, verdict } from "./row.ts";

const WIDTH = 760;
const LABELS = 430;
const LINE = 30;
const TOP = 34;
const COLOURS = { met: "#2f7d4f", missed: "#b4562b", "": "#7a7f87" } as const;

/** The ratios of the table as bars, each with its goal as a mark; an SVG that reads on light and on dark ground. */
export function figure(rows: readonly Row[]): string {
  const bars = rows.filter(({ theirs }) => theirs !== undefined);
  const most = Math.max(...bars.map((row) => Math.max(measureOf(row), row.goal ?? 0)));
  const scale = (ratio: number) => (ratio / most) * (WIDTH - LABELS - 70);
  const height = TOP + bars.length * LINE + 14;
  const drawn = bars.flatMap((row, index) => {
    const y = TOP + index * LINE;
    const ratio = measureOf(row);
    const end = LABELS + scale(ratio);
    const goal = row.goal === undefined ? undefined : LABELS + scale(row.goal);
    return [
      text(LABELS - 10, y + 15, escaped(row.what), 'text-anchor="end"'),
      `<rect x="${LABELS}" y="${y + 2}" width="${round(scale(ratio))}" height="18" fill="${COLOURS[verdict(row)]}"/>`,
      text(round(Math.max(end, goal ?? 0)) + 8, y + 15, `${ratio.toFixed(2)}×`),
      ...(goal === undefined
        ? []
        : [
            `<line x1="${round(goal)}" x2="${round(goal)}" y1="${y - 2}" y2="${y + 24}" stroke="#7a7f87" stroke-width="2"/>`,
          ]),
    ];
  });
  const unit = round(LABELS + scale(1));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Ratios of the benchmark, with their goals" font-family="system-ui, sans-serif" font-size="12" fill="#7a7f87">`,
    text(LABELS - 10, 18, "times what it is compared to; a mark is a goal", 'text-anchor="end"'),
    text(unit, 18, "1×", 'text-anchor="middle"'),
    `<line x1="${unit}" x2="${unit}" y1="24" y2="${height - 8}" stroke="#7a7f87" stroke-dasharray="2 3"/>`,
    ...drawn,
    "</svg>\n",
  ].join("\n");
}

function text(x: number, y: number, content: string, attributes = ""): string {
  return `<text x="${x}" y="${y}"${attributes === "" ? "" : ` ${attributes}`}>${content}</text>`;
}

function escaped(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
