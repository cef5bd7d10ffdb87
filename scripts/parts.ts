/**
 * Replaces what stands between the markers of a generated part of a Markdown document.
 *
 * @throws Error when the document has no such part
 */
export function withPart(document: string, name: string, content: string): string {
  const marked = new RegExp(`(<!-- generated:${name} -->\n)[\\s\\S]*?(<!-- /generated:${name} -->)`);
  if (!marked.test(document)) throw new Error(`there is no part marked generated:${name}`);
  return document.replace(marked, (_, start: string, end: string) => `${start}${content}\n${end}`);
}
