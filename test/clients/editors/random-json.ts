import { type Draw, keysOf, textOf } from "./random-text.ts";

/** JSON with comments, trailing commas and any blanks; `mcpServers` and `auth0` may be there or not. */
export function randomJson(draw: Draw): string {
  const eol = draw.pick("\n", "\r\n");
  const gap = () => draw.times(3, () => trivia(draw, eol)).join("");
  if (draw.chance(12)) return gap();
  return `${gap()}${object(draw, gap, rootMembers(draw, gap))}${gap()}`;
}

function trivia(draw: Draw, eol: string): string {
  return draw.pick(" ", eol, "", "\t", `${eol}  `, `// , " } ${eol}`, "/* { */", `/*${eol}*/`, `${eol}\t\t`);
}

function rootMembers(draw: Draw, gap: () => string): string[] {
  const members = plainMembers(draw, gap, 2);
  if (draw.chance(4)) return members;
  const servers = plainMembers(draw, gap, 2);
  if (draw.chance(3))
    insert(draw, servers, member("auth0", object(draw, gap, plainMembers(draw, gap, 1)), gap));
  insert(draw, members, member("mcpServers", object(draw, gap, servers), gap));
  return members;
}

function insert(draw: Draw, members: string[], member: string): void {
  members.splice(draw.below(members.length + 1), 0, member);
}

function plainMembers(draw: Draw, gap: () => string, depth: number): string[] {
  return keysOf(draw, 3).map((key) => member(key, value(draw, gap, depth), gap));
}

function member(key: string, written: string, gap: () => string): string {
  return `${JSON.stringify(key)}${gap()}:${gap()}${written}`;
}

function object(draw: Draw, gap: () => string, members: readonly string[]): string {
  const trailing = members.length > 0 && draw.chance(4) ? `,${gap()}` : "";
  return `{${gap()}${members.map((text) => text + gap()).join(`,${gap()}`)}${trailing}}`;
}

function value(draw: Draw, gap: () => string, depth: number): string {
  const kind = draw.below(depth > 0 ? 6 : 4);
  if (kind === 0) return JSON.stringify(textOf(draw));
  if (kind === 1) return draw.pick("0", "-1.5e3", "12345678901234567890");
  if (kind === 2) return draw.pick("true", "false", "null");
  if (kind === 3) return draw.pick("[]", "{}", "{ }");
  if (kind === 4) return object(draw, gap, plainMembers(draw, gap, depth - 1));
  return `[${draw.times(3, () => gap() + value(draw, gap, depth - 1) + gap()).join(",")}]`;
}
