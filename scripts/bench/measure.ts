/** Two sets of figures, taken in turn so that both see the same machine. */
export interface Pair {
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

/** Runs both in turn: one unmeasured round, then `rounds` measured ones. */
export async function inTurn(
  rounds: number,
  ours: () => Promise<number>,
  theirs: () => Promise<number>,
): Promise<Pair> {
  const figures = { ours: [] as number[], theirs: [] as number[] };
  for (let round = -1; round < rounds; round++) {
    const [a, b] = [await ours(), await theirs()];
    if (round < 0) continue;
    figures.ours.push(a);
    figures.theirs.push(b);
  }
  return figures;
}

export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
