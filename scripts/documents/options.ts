import { type Option, options } from "../../src/config/options.ts";
import { code, table } from "./markdown.ts";

/** Every setting, as the README tells it. */
export function optionTable(): string {
  const flag = ({ flag: name, placeholder }: Option) =>
    name === undefined ? "" : code(`--${name}${placeholder === undefined ? "" : ` <${placeholder}>`}`);
  const rows = Object.values<Option>(options).map((option) => [
    flag(option),
    code(option.variable),
    code(option.default),
    option.help,
  ]);
  return table(["flag", "variable", "default", "what it does"], rows);
}
