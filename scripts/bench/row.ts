import { median, type Pair } from "./measure.ts";

/** One line of the table. */
export interface Row {
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  /** What it is compared to, in the same unit; a row without one is held against its goal itself. */
  readonly theirs?: number;
  /** The most that `ours / theirs`, or `ours`, may be; a row without one only explains another. */
  readonly goal?: number;
}

/** A row from the medians of two sets of figures. */
export function compared(what: string, unit: string, { ours, theirs }: Pair, goal?: number): Row {
  return {
    ...{ what, unit, ours: median(ours), theirs: median(theirs) },
    ...(goal === undefined ? {} : { goal }),
  };
}

/** What the goal is about. */
export function measureOf({ ours, theirs }: Row): number {
  return theirs === undefined ? ours : ours / theirs;
}

export function verdict(row: Row): "met" | "missed" | "" {
  if (row.goal === undefined) return "";
  return measureOf(row) <= row.goal ? "met" : "missed";
}
