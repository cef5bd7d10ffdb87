import { type Token, tokens } from "./javascript-tokens.ts";

/** Tokens of an argument that are looked at; an id is named in far fewer. */
const LONGEST_ARGUMENT = 200;

/**
 * Whether an action's code renders a form: `yes`, `no`, or `unknown` where it renders a form whose id is not in the
 * code (because it is kept as a secret, for example).
 *
 * It looks for calls of `api.prompt.render` in whatever spelling, outside of comments and texts, and at what their
 * first argument is: the id itself, a name that is bound to it, or something that can only come from elsewhere.
 */
export function rendersForm(code: string, formId: string): "yes" | "no" | "unknown" {
  const all = tokens(code);
  const mentioned = all.some((token) => token.kind === "text" && token.value === formId);
  const bound = boundTexts(all);
  const verdicts = renderArguments(all).map((argument) => judge(argument, formId, bound, mentioned));
  if (verdicts.includes("yes")) return "yes";
  return verdicts.includes("unknown") ? "unknown" : "no";
}

function judge(
  argument: readonly Token[],
  formId: string,
  bound: ReadonlyMap<string, ReadonlySet<string>>,
  mentioned: boolean,
): "yes" | "no" | "unknown" {
  const texts = argument.filter((token) => token.kind === "text").map((token) => token.value);
  const words = argument.filter((token) => token.kind === "word").map((token) => token.value);
  const known = words.flatMap((word) => [...(bound.get(word) ?? [])]);
  if (texts.includes(formId) || known.includes(formId)) return "yes";
  if (argument.length === 0 || texts.length > 0 || known.length > 0) return "no";
  return mentioned ? "yes" : "unknown";
}

/** The first argument of every call of something named `render`. */
function renderArguments(all: readonly Token[]): Token[][] {
  return all.flatMap((token, index) => {
    if (token.value !== "render" || token.kind === "sign") return [];
    let next = index + 1;
    if (isSign(all[next], "]")) next++;
    if (isSign(all[next], "?.")) next++;
    return isSign(all[next], "(") ? [firstArgument(all, next + 1)] : [];
  });
}

function firstArgument(all: readonly Token[], start: number): Token[] {
  const end = Math.min(all.length, start + LONGEST_ARGUMENT);
  let depth = 0;
  for (let index = start; index < end; index++) {
    const token = all[index];
    if (token?.kind !== "sign") continue;
    if ("([{".includes(token.value)) depth++;
    else if (depth === 0 && ")],}".includes(token.value)) return all.slice(start, index);
    else if (")]}".includes(token.value)) depth--;
  }
  return all.slice(start, end);
}

/** Names that stand before `= "text"` or `: "text"`, and those texts. */
function boundTexts(all: readonly Token[]): Map<string, Set<string>> {
  const bound = new Map<string, Set<string>>();
  for (const [index, name] of all.entries()) {
    const text = all[index + 2];
    const binds = isSign(all[index + 1], "=") || isSign(all[index + 1], ":");
    if (!binds || text?.kind !== "text" || (name.kind !== "word" && name.kind !== "text")) continue;
    bound.set(name.value, (bound.get(name.value) ?? new Set()).add(text.value));
  }
  return bound;
}

function isSign(token: Token | undefined, value: string): boolean {
  return token?.kind === "sign" && token.value === value;
}
