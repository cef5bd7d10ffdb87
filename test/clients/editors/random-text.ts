/** Draws from a list of numbers that fast-check makes up and shrinks; zeros once it is used up. */
export class Draw {
  readonly #numbers: readonly number[];
  #next = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  below(limit: number): number {
    return (this.#numbers[this.#next++] ?? 0) % limit;
  }

  chance(of: number): boolean {
    return this.below(of) === of - 1;
  }

  pick<const T>(...choices: readonly [T, ...T[]]): T {
    return choices[this.below(choices.length)] ?? choices[0];
  }

  times<T>(most: number, make: (index: number) => T): T[] {
    return Array.from({ length: this.below(most + 1) }, (_, index) => make(index));
  }
}

const KEYS = ["a", "b-c", "auth1", "x.y", "ü😀", "", "name", "command", "true", "12"] as const;

/** Distinct keys; none is an entry's name or its container's. */
export function keysOf(draw: Draw, most: number): string[] {
  const keys = draw.times(most, () => draw.pick(...KEYS));
  return [...new Set(keys)];
}

const TEXTS = [
  "",
  "x",
  "y z",
  "# no comment",
  "// nor this",
  "a: b",
  "{",
  "}]",
  ",",
  "tab\t",
  "\u2028ü😀",
  '"\\',
  "--read-only",
] as const;

export function textOf(draw: Draw): string {
  return draw.pick(...TEXTS);
}
