import { expect, test } from "bun:test";
import { readRuns, wrapRuns } from "../../scripts/picture/cells.ts";
import { terminalSvg } from "../../scripts/picture/svg.ts";

const ESC = "\u001b";
const plain = (text: string) => ({ text, colour: undefined, bold: false });

test("colours are read, and last until they are taken back", () => {
  expect(readRuns(`${ESC}[32m✔${ESC}[39m done\n${ESC}[1;91mno\nstill${ESC}[0m not`)).toEqual([
    [{ text: "✔", colour: 2, bold: false }, plain(" done")],
    [{ text: "no", colour: 9, bold: true }],
    [{ text: "still", colour: 9, bold: true }, plain(" not")],
  ]);
});

test("a look that the picture does not have is refused", () => {
  expect(() => readRuns(`${ESC}[7mx`)).toThrow("ESC[7m");
});

test("a line is broken where a terminal breaks it", () => {
  const runs = [plain("abcd"), { text: "efghij", colour: 1, bold: false }];
  expect(wrapRuns(runs, 5)).toEqual([
    [plain("abcd"), { text: "e", colour: 1, bold: false }],
    [{ text: "fghij", colour: 1, bold: false }],
  ]);
  expect(wrapRuns([], 5)).toEqual([[]]);
});

test("every run stands at its column, and text is no markup", () => {
  const svg = terminalSvg("A & B", [[plain("  <x>  "), plain("y")], []]);
  expect(svg).toContain("<title>A &amp; B</title>");
  const texts = [...svg.matchAll(/<text x="([\d.]+)"[^>]*textLength="([\d.]+)"[^>]*>([^<]*)<\/text>/g)];
  expect(texts.map(([, x, length, text]) => [x, length, text])).toEqual([
    ["34.8", "25.2", "&lt;x>"],
    ["76.8", "8.4", "y"],
  ]);
});
