/** One thing that can be picked. */
export interface Choice {
  readonly value: string;
  /** Heading it stands under; choices of one group follow each other. */
  readonly group: string;
}

export interface PickerState {
  readonly choices: readonly Choice[];
  /** Place of the cursor among the choices. */
  readonly cursor: number;
  readonly picked: ReadonlySet<string>;
}

/** Nothing is picked at the start. */
export function initialPicker(choices: readonly Choice[]): PickerState {
  return { choices, cursor: 0, picked: new Set() };
}

const UP = ["\u001b[A", "\u001bOA", "k"];
const DOWN = ["\u001b[B", "\u001bOB", "j"];

/** What a key makes of the state; `done` for Enter. */
export function pressKey(state: PickerState, key: string): PickerState | "done" {
  const { choices, cursor, picked } = state;
  const last = choices.length - 1;
  if (key === "\r" || key === "\n") return "done";
  if (UP.includes(key)) return { ...state, cursor: cursor === 0 ? last : cursor - 1 };
  if (DOWN.includes(key)) return { ...state, cursor: cursor === last ? 0 : cursor + 1 };
  if (key === " ") return { ...state, picked: toggled(picked, [choices[cursor]?.value ?? ""]) };
  if (key === "g") return { ...state, picked: toggled(picked, groupOf(state)) };
  if (key === "a")
    return {
      ...state,
      picked: toggled(
        picked,
        choices.map(({ value }) => value),
      ),
    };
  return state;
}

/** Takes all values away where all are picked, and adds them otherwise. */
function toggled(picked: ReadonlySet<string>, values: readonly string[]): Set<string> {
  const next = new Set(picked);
  const all = values.every((value) => picked.has(value));
  for (const value of values) {
    if (all) next.delete(value);
    else next.add(value);
  }
  return next;
}

function groupOf({ choices, cursor }: PickerState): string[] {
  const group = choices[cursor]?.group;
  return choices.filter((choice) => choice.group === group).map(({ value }) => value);
}

/** What a terminal has room for. */
export interface Room {
  /** Lines that the list may take; the part around the cursor is shown. */
  readonly height: number;
  /** Columns that a line may take, two at least; what is longer is cut. */
  readonly width: number;
}

/** The picker as lines of text. */
export function renderPicker(title: string, state: PickerState, { height, width }: Room): string[] {
  const { choices, cursor, picked } = state;
  const list: string[] = [];
  let cursorLine = 0;
  choices.forEach(({ value, group }, index) => {
    if (group !== choices[index - 1]?.group) list.push(`  ${group}`);
    if (index === cursor) cursorLine = list.length;
    list.push(`${index === cursor ? "❯" : " "}   ${picked.has(value) ? "◉" : "◯"} ${value}`);
  });
  const start = Math.max(0, Math.min(cursorLine - Math.floor(height / 2), list.length - height));
  return [
    title,
    ...list.slice(start, start + height),
    `${picked.size} of ${choices.length} · space picks, enter ends, a all, g the group`,
  ].map((line) => cut(line, width));
}

/** A line as far as it fits: one that wrapped would take more lines of the terminal than it is one of. */
function cut(line: string, width: number): string {
  if (Bun.stringWidth(line) <= width) return line;
  const start = Bun.sliceAnsi(line, 0, width - 1);
  // A character of two columns is taken whole where there is room for its half.
  return `${Bun.stringWidth(start) < width ? start : Bun.sliceAnsi(line, 0, width - 2)}…`;
}
