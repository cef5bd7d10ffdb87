/** A part of a line that looks the same all along. */
export interface Run {
  readonly text: string;
  /** The number of a colour, from 0 to 15; `undefined` for the ordinary one. */
  readonly colour: number | undefined;
  readonly bold: boolean;
}

const ESCAPE = "\u001b";
const SEQUENCE = new RegExp(`${ESCAPE}\\[([0-9;]*)m`);
const PLAIN = { colour: undefined, bold: false } as const;

/**
 * The lines of a terminal's text, its colours read from the escape sequences (ECMA-48 SGR) that a terminal was told.
 *
 * @throws Error for a sequence that stands for something else
 */
export function readRuns(text: string): Run[][] {
  let style: Omit<Run, "text"> = PLAIN;
  return text.split("\n").map((line) => {
    const runs: Run[] = [];
    line.split(SEQUENCE).forEach((part, index) => {
      if (index % 2 === 1) style = part.split(";").map(Number).reduce(styled, style);
      else if (part !== "") runs.push({ text: part, ...style });
    });
    return runs;
  });
}

function styled(style: Omit<Run, "text">, number: number): Omit<Run, "text"> {
  if (number === 0) return PLAIN;
  if (number === 1) return { ...style, bold: true };
  if (number === 22) return { ...style, bold: false };
  if (number === 39) return { ...style, colour: undefined };
  if (number >= 30 && number <= 37) return { ...style, colour: number - 30 };
  if (number >= 90 && number <= 97) return { ...style, colour: number - 90 + 8 };
  throw new Error(`the picture has no look for ESC[${number}m`);
}

/** A line as a terminal shows it that is so many characters wide. */
export function wrapRuns(runs: readonly Run[], width: number): Run[][] {
  const rows: Run[][] = [[]];
  let used = 0;
  for (const run of runs) {
    for (let rest = run.text; rest !== ""; ) {
      if (used === width) {
        rows.push([]);
        used = 0;
      }
      const piece = rest.slice(0, width - used);
      rows.at(-1)?.push({ ...run, text: piece });
      rest = rest.slice(piece.length);
      used += piece.length;
    }
  }
  return rows;
}
