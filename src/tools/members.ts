import { asObject, isObject, type Json } from "../lib/json.ts";

/** The way to a member at some depth: names of members and positions of items. */
export type MemberPath = readonly (string | number)[];

/** The longest name of a member, the way to it included. */
export const LONGEST_NAME = 200;

/** A way as a caller writes it: `deployed_version.code`, `nodes.3.config`. */
export function memberName(path: MemberPath): string {
  return path.join(".");
}

/**
 * The way that a name means in a value, or `undefined` where nothing stands there. A name with a dot in it that a
 * member has wins over the way it could also mean.
 */
export function findMember(value: Json, name: string): MemberPath | undefined {
  if (Array.isArray(value)) {
    const [, position = "", rest] = /^(0|[1-9]\d{0,8})(?:\.(.+))?$/s.exec(name) ?? [];
    return position === "" ? undefined : below(value[Number(position)], Number(position), rest);
  }
  if (!isObject(value)) return undefined;
  if (Object.hasOwn(value, name)) return [name];
  for (let dot = name.lastIndexOf("."); dot > 0; dot = name.lastIndexOf(".", dot - 1)) {
    const first = name.slice(0, dot);
    if (!Object.hasOwn(value, first)) continue;
    const path = below(value[first], first, name.slice(dot + 1));
    if (path !== undefined) return path;
  }
  return undefined;
}

function below(
  value: Json | undefined,
  step: string | number,
  rest: string | undefined,
): MemberPath | undefined {
  if (value === undefined) return undefined;
  if (rest === undefined) return [step];
  const path = findMember(value, rest);
  return path === undefined ? undefined : [step, ...path];
}

/** What stands at the end of a way. */
export function valueAt(value: Json, path: MemberPath): Json | undefined {
  let found: Json | undefined = value;
  for (const step of path) found = Array.isArray(found) ? found[Number(step)] : asObject(found)?.[step];
  return found;
}

/**
 * A value with nothing in it but one member and the way to it. An item of a list keeps its position: `null` stands in
 * place of those before it.
 */
export function membersOnly(value: Json, [step, ...rest]: MemberPath): Json {
  if (step === undefined) return value;
  if (Array.isArray(value)) {
    const position = Number(step);
    return [...Array<null>(position).fill(null), membersOnly(value[position] ?? null, rest)];
  }
  return isObject(value) ? { [step]: membersOnly(value[step] ?? null, rest) } : value;
}

/** Two such values in one. */
export function merged(a: Json, b: Json): Json {
  if (Array.isArray(a) && Array.isArray(b)) {
    const [longer, shorter] = a.length < b.length ? [b, a] : [a, b];
    return longer.map((item, position) => merged(item, shorter[position] ?? null));
  }
  if (!isObject(a) || !isObject(b)) return a ?? b;
  const more = Object.entries(b).map(([name, value]) => [name, merged(a[name] ?? null, value)]);
  return { ...a, ...Object.fromEntries(more) };
}

/** The member in a value that holds nothing but the way to it. */
export function memberAt(value: Json, depth: number): Json {
  if (depth === 0) return value;
  return memberAt(onlyMember(value), depth - 1);
}

/** Such a value with something else in place of the member. */
export function withMember(value: Json, depth: number, member: Json): Json {
  if (depth === 0) return member;
  const inner = withMember(onlyMember(value), depth - 1, member);
  if (Array.isArray(value)) return [...value.slice(0, -1), inner];
  return isObject(value) ? Object.fromEntries(Object.keys(value).map((name) => [name, inner])) : value;
}

function onlyMember(value: Json): Json {
  return (Array.isArray(value) ? value.at(-1) : isObject(value) ? Object.values(value)[0] : value) ?? null;
}
