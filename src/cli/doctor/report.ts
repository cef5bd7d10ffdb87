import { styleText } from "node:util";
import { wrap } from "../wrap.ts";
import type { Status } from "./check.ts";
import type { Result } from "./examine.ts";

/** Columns of a line, as the narrowest usual terminal has them. */
const WIDTH = 80;
const COLOURS: Readonly<Record<Status, "green" | "yellow" | "red">> = {
  pass: "green",
  warn: "yellow",
  fail: "red",
};

/** The results in lines for people, each with its remedy, and a last line that counts them. */
export function report(results: readonly Result[]): string {
  const title = Math.max(0, ...results.map((result) => result.title.length));
  return [...results.flatMap((result) => lines(result, title)), "", summary(results)].join("\n");
}

function lines({ status, title, message, remedy }: Result, width: number): string[] {
  const margin = " ".repeat(status.length + width + 4);
  const room = WIDTH - margin.length;
  const told = message.split("\n").flatMap((line) => wrap(line, room));
  const advice = remedy === undefined ? [] : remedy.split("\n").flatMap((line) => wrap(`→ ${line}`, room));
  const head = `${styleText(COLOURS[status], status)}  ${title.padEnd(width)}  `;
  return [...told, ...advice].map((line, index) => (index === 0 ? head : margin) + line);
}

function summary(results: readonly Result[]): string {
  const count = (status: Status) => results.filter((result) => result.status === status).length;
  return `${count("pass")} passed, ${count("warn")} to know, ${count("fail")} failed`;
}
