import { type DescribedFolder, describedFolders } from "./folders.ts";
import { layered } from "./graph.ts";

const BOX = { width: 290, height: 64 } as const;
const ROW = 90;
/** Characters of a line in a box. */
const WIDEST = 48;
const LEFT = 12;
/** Between the two columns, where lines lead down. */
const GAP = 76;
const SIDE = LEFT + BOX.width + GAP;
/** Between lines that lead down side by side. */
const LANE = 12;
const INK = "#7a7f87";

interface Placed {
  readonly x: number;
  readonly y: number;
}

/**
 * The folders of `src` and their imports as an SVG that reads on light and on dark ground: the longest way from import to
 * import in one column, everything else in a second one. An arrow stands for imports; those that an arrow's target has
 * anyway are told in words.
 *
 * @throws Error when the imports go round, or an arrow would have to lead from one folder of the second column to another
 */
export async function diagram(): Promise<string> {
  const folders = await describedFolders();
  const { spine, side, arrows } = layered(folders);
  const places = new Map<string, Placed>([
    ...spine.map((name, row) => [name, { x: LEFT, y: 12 + row * ROW }] as const),
    // Below the folder that uses them, so that lines lead down.
    ...side.map((name, row) => [name, { x: SIDE, y: 12 + (row + 2) * ROW }] as const),
  ]);
  const placeOf = (name: string): Placed => {
    const place = places.get(name);
    if (place === undefined) throw new Error(`${name} has no place in the diagram`);
    return place;
  };
  const lanes = { down: new Map<string, number>(), back: new Map<string, number>() };
  const laneOf = (kind: keyof typeof lanes, name: string) => {
    const known = lanes[kind];
    const lane = known.get(name) ?? known.size;
    known.set(name, lane);
    return lane;
  };
  const lines = arrows.map(([from, to]) => {
    const [start, end] = [placeOf(from), placeOf(to)];
    const middle = (place: Placed) => place.y + BOX.height / 2;
    if (start.x === LEFT && end.x === LEFT) {
      const x = LEFT + BOX.width / 2;
      return line(`M${x} ${start.y + BOX.height}V${end.y}`, 3);
    }
    if (start.x === LEFT) {
      const x = LEFT + BOX.width + GAP / 2 + laneOf("down", from) * LANE;
      return line(`M${LEFT + BOX.width} ${middle(start)}H${x}V${middle(end)}H${SIDE}`);
    }
    if (end.x !== LEFT) throw new Error(`the diagram has no way from ${from} to ${to}`);
    const x = SIDE + BOX.width + 16 + laneOf("back", to) * LANE;
    return line(`M${SIDE + BOX.width} ${middle(start)}H${x}V${middle(end)}H${LEFT + BOX.width}`);
  });
  const width = SIDE + BOX.width + 16 + Math.max(1, lanes.back.size) * LANE;
  const height = 12 + Math.max(spine.length, side.length + 2) * ROW - (ROW - BOX.height) + 12;
  const boxes = folders.map((folder) => box(folder, placeOf(folder.name), arrows));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif">`,
    "<title>Folders of src, with an arrow from each to what it imports</title>",
    `<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z" fill="${INK}"/></marker></defs>`,
    ...lines,
    ...boxes,
    "</svg>\n",
  ].join("\n");
}

function line(path: string, width = 1.5): string {
  return `<path d="${path}" fill="none" stroke="${INK}" stroke-width="${width}" marker-end="url(#head)"/>`;
}

function box(
  { name, label, imports }: DescribedFolder,
  { x, y }: Placed,
  arrows: readonly (readonly [string, string])[],
): string {
  const drawn = arrows.filter(([from]) => from === name).map(([, to]) => to);
  const more = imports.filter((to) => !drawn.includes(to));
  const text = (top: number, size: number, content: string, attributes = "") =>
    `<text x="${x + 12}" y="${y + top}" font-size="${size}" fill="#1f2328"${attributes}>${content}</text>`;
  return [
    `<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6" fill="#f6f8fa" stroke="${INK}"/>`,
    text(23, 15, `<tspan font-weight="600">${name}</tspan>  ${label}`, ' xml:space="preserve"'),
    ...(more.length === 0 ? [] : wrapped(`imports ${more.join(", ")} as well`)).map((words, row) =>
      text(42 + row * 14, 11, words),
    ),
  ].join("\n");
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= WIDEST) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
