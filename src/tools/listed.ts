/** The longest enumeration in a sentence, in characters. */
const LONGEST = 600;

/** Values as a sentence takes them, `a, b, c`; a long list ends with how many more there are. */
export function listed(values: readonly string[]): string {
  let text = "";
  for (const [index, value] of values.entries()) {
    const next = index === 0 ? value : `${text}, ${value}`;
    if (next.length > LONGEST) return `${text.slice(0, LONGEST)} and ${values.length - index} more`;
    text = next;
  }
  return text;
}
