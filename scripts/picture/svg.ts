import { type Run, wrapRuns } from "./cells.ts";

/** Characters a line, and the size of one in units of the drawing. */
const COLUMNS = 112;
const CELL = { width: 8.4, height: 19, size: 14 } as const;
const MARGIN = 18;
const BAR = 30;

/** Own ground and own colours: the same on a light page and on a dark one. */
const GROUND = "#1e2227";
const INK = "#d7dae0";
const COLOURS = [
  ...["#5c6370", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d7dae0"],
  ...["#7f848e", "#ef8891", "#b1d196", "#edd2a0", "#82c1f3", "#d69be6", "#7fc9d2", "#ffffff"],
];

/** Lines of a terminal as a picture of one. */
export function terminalSvg(title: string, lines: readonly (readonly Run[])[]): string {
  const rows = lines.flatMap((line) => wrapRuns(line, COLUMNS));
  const width = Math.round(COLUMNS * CELL.width + 2 * MARGIN);
  const height = BAR + rows.length * CELL.height + 2 * MARGIN - 6;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${CELL.size}" fill="${INK}">`,
    `<title>${escaped(title)}</title>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="${GROUND}" stroke="#7a7f87"/>`,
    ...["#e06c75", "#e5c07b", "#98c379"].map(
      (colour, place) => `<circle cx="${MARGIN + 4 + place * 18}" cy="18" r="5" fill="${colour}"/>`,
    ),
    ...rows.flatMap((runs, row) => drawn(runs, BAR + MARGIN + 8 + row * CELL.height)),
    "</svg>\n",
  ].join("\n");
}

/** Each run stands where it does in a terminal, and is as wide, whatever the font. */
function drawn(runs: readonly Run[], y: number): string[] {
  let column = 0;
  return runs.flatMap(({ text, colour, bold }) => {
    const blanks = text.length - text.trimStart().length;
    const shown = text.trim();
    const start = column + blanks;
    column += text.length;
    if (shown === "") return [];
    const look = [
      ...(colour === undefined ? [] : [`fill="${COLOURS[colour]}"`]),
      ...(bold ? ['font-weight="bold"'] : []),
    ];
    const place = `x="${round(MARGIN + start * CELL.width)}" y="${y}" textLength="${round(shown.length * CELL.width)}"`;
    return [`<text ${[place, ...look].join(" ")} xml:space="preserve">${escaped(shown)}</text>`];
  });
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
