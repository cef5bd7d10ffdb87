import { type Draw, keysOf } from "./random-text.ts";

/** YAML in lines or between brackets, in which the container and its `auth0` may be there or not. */
export function randomYaml(container: string, list: boolean): (draw: Draw) => string {
  return (draw) => {
    const context: Context = { draw, eol: draw.pick("\n", "\r\n") };
    const gap = () => draw.times(2, () => blankLine(context, "")).join("");
    if (draw.chance(12)) return gap();
    if (draw.chance(10))
      return `${gap()}${flowMap(context, flowRoot(context, container, list))}${draw.pick("", context.eol)}`;
    const members = blockMembers(context, "", 2);
    if (!draw.chance(4))
      members.splice(draw.below(members.length + 1), 0, containerOf(context, container, list));
    const start = draw.pick("", "", `---${context.eol}`, `--- # c${context.eol}`);
    const text = start + gap() + members.join("") + gap();
    return draw.chance(4) ? text.replace(/\r?\n$/, "") : text;
  };
}

interface Context {
  readonly draw: Draw;
  readonly eol: string;
}

function blankLine({ draw, eol }: Context, indent: string): string {
  return draw.pick("", eol, `# c: {${eol}`, `${indent}  # - deeper${eol}`, `  ${eol}`);
}

function tail({ draw, eol }: Context): string {
  return draw.pick("", "", " # c", "  ") + eol;
}

function containerOf(context: Context, container: string, list: boolean): string {
  const { draw } = context;
  const form = draw.below(4);
  if (form === 0) return `${container}:${tail(context)}`;
  if (form === 1) {
    const written = list ? flowList(context) : flowMap(context, flowServers(context));
    return `${container}: ${written}${tail(context)}`;
  }
  const indent = draw.pick("  ", "    ", " ");
  const servers = list ? blockList(context, draw.pick("", indent)) : blockServers(context, indent);
  return servers === "" ? `${container}:${tail(context)}` : `${container}:${tail(context)}${servers}`;
}

function blockServers(context: Context, indent: string): string {
  const { draw } = context;
  const members = blockMembers(context, indent, 1);
  if (draw.chance(2)) {
    const inner = `${indent}${draw.pick("  ", " ")}`;
    const flow = `${indent}auth0: {command: npx, "x": [1, 2]}${tail(context)}`;
    const own = `${inner}${draw.pick("command: npx", "command: >-")}`;
    const body = own.endsWith(">-")
      ? `${own}${context.eol}${inner}  npx${context.eol}`
      : `${own}${tail(context)}`;
    const args = draw.pick(
      "",
      `${inner}args:${tail(context)}${inner}  - y # c${context.eol}${inner}  - z${context.eol}`,
    );
    const lines = `${indent}${draw.pick("auth0", '"auth0"')}:${tail(context)}${body}${args}`;
    members.splice(draw.below(members.length + 1), 0, draw.chance(3) ? flow : lines);
  }
  return members.join("");
}

function blockList(context: Context, indent: string): string {
  const { draw } = context;
  const item = (name: string) =>
    draw.chance(3)
      ? `${indent}- {name: ${name}, command: x}${tail(context)}`
      : `${indent}- ${draw.pick(`name: ${name}`, `command: y${context.eol}${indent}  name: ${name}`)}${tail(context)}${blockMembers(context, `${indent}  `, 1).join("")}`;
  const items = draw.times(2, (index) => item(`n${index}`));
  if (draw.chance(3)) items.splice(draw.below(items.length + 1), 0, item("auth0"));
  return items.map((text) => blankLine(context, indent) + text).join("");
}

function blockMembers(context: Context, indent: string, depth: number): string[] {
  const { draw, eol } = context;
  return keysOf(draw, 3)
    .filter((key) => key !== "name" && key !== "command")
    .map((key) => {
      const head = `${blankLine(context, indent)}${indent}${JSON.stringify(key)}:`;
      const kind = draw.below(depth > 0 ? 6 : 4);
      if (kind === 0) return head + tail(context);
      if (kind === 1)
        return `${head} ${draw.pick("x", "'it''s'", '"a: # b"', "http://x", "~", "1.5")}${tail(context)}`;
      if (kind === 2) {
        const sign = draw.pick("|", "|-", "|+", ">-");
        return `${head} ${sign}${eol}${indent}  one # no comment${eol}${eol}${indent}  two: {${eol}`;
      }
      if (kind === 3) return `${head} ${flowMap(context, ["a: 1", "b"])}${tail(context)}`;
      if (kind === 4) return `${head}${tail(context)}${indent}- x${tail(context)}${indent}- y: 1${eol}`;
      const inner = blockMembers(context, `${indent}  `, depth - 1);
      return inner.length === 0 ? head + tail(context) : `${head}${tail(context)}${inner.join("")}`;
    });
}

function flowRoot(context: Context, container: string, list: boolean): string[] {
  const { draw } = context;
  const members = keysOf(draw, 2).map((key) => `${JSON.stringify(key)}: [1, {a: b}]`);
  const written = list ? flowList(context) : flowMap(context, flowServers(context));
  return draw.chance(3) ? members : [...members, `${container}: ${written}`];
}

function flowServers({ draw }: Context): string[] {
  const members = keysOf(draw, 2).map((key) => `${JSON.stringify(key)}: {command: x, args: [y]}`);
  return draw.chance(3) ? [...members, "auth0: {command: npx, env: {A: b}}"] : members;
}

function flowList(context: Context): string {
  const { draw } = context;
  const items = draw.times(2, (index) => `{name: n${index}, command: x}`);
  if (draw.chance(3)) items.push("{name: auth0, command: npx}");
  return `[${brackets(context, items)}]`;
}

function flowMap(context: Context, members: readonly string[]): string {
  return `{${brackets(context, members)}}`;
}

function brackets({ draw, eol }: Context, members: readonly string[]): string {
  const gap = draw.pick("", " ", ` # c, }${eol}                `, `${eol}                 `);
  const trailing = members.length > 0 && draw.chance(4) ? "," : "";
  return `${gap}${members.join(`,${gap || " "}`)}${trailing}${gap}`;
}
