/** A Markdown table; a bar in a cell would end it. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(headings), `|${headings.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}

/** Text as code; nothing for no text. */
export function code(text: string | undefined): string {
  return text === undefined ? "" : `\`${text}\``;
}
