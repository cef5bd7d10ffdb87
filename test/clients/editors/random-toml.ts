import { type Draw, textOf } from "./random-text.ts";

/** TOML in which `mcp_servers` and its `auth0` stand in any of the ways that TOML has, or not at all. */
export function randomToml(draw: Draw): string {
  const eol = draw.pick("\n", "\r\n");
  let count = 0;
  const fresh = () =>
    draw.pick(`k${count++}`, `"q ${count++}"`, `'l.${count++}'`, `ü${count++}`.replace("ü", "u"));
  const context: Context = { draw, eol, fresh };
  const form = draw.below(6);
  const root = [...assignments(context), ...rootForms(context, form)];
  const sections = [...draw.times(2, () => section(context)), ...tableForms(context, form)];
  const lines = [...shuffle(draw, root), ...shuffle(draw, sections).flat()];
  const last = draw.pick("", eol, eol + eol);
  return lines.join(eol) + last;
}

interface Context {
  readonly draw: Draw;
  readonly eol: string;
  readonly fresh: () => string;
}

/** A comment, a blank line, or nothing, in front of `line`. */
function spaced({ draw, eol }: Context, line: string): string {
  const before = draw.pick("", "", eol, `# c "${eol}`, `${eol}  # [x]${eol}`);
  return before + draw.pick("", "  ", "\t") + line + draw.pick("", "", " # tail", "\t");
}

function assignments(context: Context): string[] {
  return context.draw.times(2, () =>
    spaced(context, `${key(context)}${equals(context)}${value(context, 2)}`),
  );
}

function key({ draw, fresh }: Context): string {
  return draw.chance(4) ? `${fresh()}.${fresh()}` : fresh();
}

function equals({ draw }: Context): string {
  return draw.pick(" = ", "=", " =\t");
}

function section(context: Context): string[] {
  const name = `${context.fresh()}${context.draw.pick("", ".sub")}`;
  const header = context.draw.chance(3) ? `[[${name}]]` : `[ ${name} ]`;
  return [spaced(context, header), ...assignments(context)];
}

function entryBody(context: Context): string {
  return inline(context, [`command${equals(context)}"npx"`, ...inlineMembers(context, 1)]);
}

/** Ways that need no header. */
function rootForms(context: Context, form: number): string[] {
  const { draw, fresh } = context;
  const set = equals(context);
  if (form === 1) {
    const members = draw.times(2, () => `${fresh()}${set}${entryBody(context)}`);
    if (draw.chance(3)) members.push(`auth0${set}${entryBody(context)}`);
    return [spaced(context, `mcp_servers${set}${inline(context, members)}`)];
  }
  if (form === 2) {
    const lines = [`mcp_servers.${fresh()}.command${set}'x'`];
    if (draw.chance(2))
      lines.push(`mcp_servers.auth0.command${set}'npx'`, `mcp_servers . auth0 . env.A${set}'b'`);
    return lines.map((line) => spaced(context, line));
  }
  return [];
}

/** Ways that have one. */
function tableForms(context: Context, form: number): string[][] {
  const { draw, fresh } = context;
  const set = equals(context);
  if (form === 3) {
    const members = [...assignments(context), `${fresh()}${set}${entryBody(context)}`];
    if (draw.chance(2)) members.push(`auth0${set}${entryBody(context)}`);
    return [[spaced(context, "[mcp_servers]"), ...members]];
  }
  if (form === 4)
    return draw.times(2, () => [spaced(context, `[mcp_servers.${fresh()}]`), ...assignments(context)]);
  if (form === 5) {
    const header = draw.pick("[mcp_servers.auth0]", "[ mcp_servers . 'auth0' ]");
    const environment = [spaced(context, "[mcp_servers.auth0.env]"), `A${set}'b'`];
    const own = [spaced(context, header), `command${set}'npx' # c`, ...assignments(context)];
    return draw.pick<[string[]][] | string[][]>([own], [own, environment], [environment]) as string[][];
  }
  return [];
}

function value(context: Context, depth: number): string {
  const { draw, eol } = context;
  const kind = draw.below(depth > 0 ? 8 : 5);
  if (kind === 0) return `"${JSON.stringify(textOf(draw)).slice(1, -1)}"`;
  if (kind === 1) return draw.pick("'lit # \" {'", `'''${eol}[x]${eol}a = 1'''`, `"""\\${eol}  x # y"""`);
  if (kind === 2) return draw.pick("0", "-1_000", "1e3", "inf", "0xff", "9007199254740993");
  if (kind === 3) return draw.pick("true", "1979-05-27T07:32:00Z", "1979-05-27", "07:32:00");
  if (kind === 4) return draw.pick("[]", "{}", "{ }");
  if (kind === 5) return inline(context, inlineMembers(context, depth));
  const items = draw.times(3, () => value(context, depth - 1));
  const gap = draw.pick("", " ", eol, ` # ],${eol}`);
  return `[${gap}${items.map((item) => item + gap).join(`,${gap}`)}${items.length > 0 && draw.chance(3) ? "," : ""}]`;
}

function inline({ draw }: Context, members: readonly string[]): string {
  const blank = draw.pick("", " ");
  return `{${blank}${members.join(`,${blank}`)}${blank}}`;
}

function inlineMembers(context: Context, depth: number): string[] {
  return context.draw.times(2, () => `${key(context)}${equals(context)}${value(context, depth - 1)}`);
}

function shuffle<T>(draw: Draw, items: readonly T[]): T[] {
  const result: T[] = [];
  for (const item of items) result.splice(draw.below(result.length + 1), 0, item);
  return result;
}
