import { isDot, isWord, type Token, tokens } from "./javascript-tokens.ts";

/** Whether an action's code renders a form; `unknown` where a person has to look. */
export type Rendering = "yes" | "no" | "unknown";

/**
 * Whether an action's code renders a form: `yes` with a call of `api.prompt.render` whose first argument is the form's
 * id, written there as a text; `no` when the id stands nowhere in the code. Everything else that names the id may
 * render the form or not, and no reading of the code alone can tell: a constant, a choice, `render.call`, a comment.
 */
export function rendersForm(code: string, formId: string): Rendering {
  if (!names(code, formId)) return "no";
  const all = tokens(code);
  return all.some((_, index) => isCall(all, index, formId)) ? "yes" : "unknown";
}

/** Whether code renders a form whose id is not written there as it is, but kept as a secret or put together, for example. */
export function rendersUnnamed(code: string): boolean {
  const all = tokens(code);
  return all.some((_, index) => {
    const at = argumentOf(all, index);
    const argument = at === undefined ? undefined : all[at];
    if (at === undefined || argument === undefined || isSign(argument, ")")) return false;
    return argument.kind !== "text" || argument.escaped === true || !endsArgument(all[at + 1]);
  });
}

/** Whether an id stands in a text by itself, and not as a part of a longer one. */
function names(code: string, formId: string): boolean {
  const joins = (character: string) => /[A-Za-z0-9]/.test(character);
  for (let at = code.indexOf(formId); at >= 0; at = code.indexOf(formId, at + 1)) {
    if (!joins(code.charAt(at - 1)) && !joins(code.charAt(at + formId.length))) return true;
  }
  return false;
}

function isCall(all: readonly Token[], index: number, formId: string): boolean {
  const at = argumentOf(all, index);
  if (at === undefined) return false;
  const [argument, behind] = [all[at], all[at + 1]];
  const isId = argument?.kind === "text" && argument.value === formId;
  return isId && endsArgument(behind);
}

/** Where the first argument of `prompt.render(…)` begins, for a call that begins at an index. */
function argumentOf(all: readonly Token[], index: number): number | undefined {
  if (!isWord(all[index], "prompt") || !isDot(all[index + 1]) || !isWord(all[index + 2], "render")) {
    return undefined;
  }
  const open = isSign(all[index + 3], "?.") ? index + 4 : index + 3;
  return isSign(all[open], "(") ? open + 1 : undefined;
}

function endsArgument(token: Token | undefined): boolean {
  return isSign(token, ",") || isSign(token, ")");
}

function isSign(token: Token | undefined, value: string): boolean {
  return token?.kind === "sign" && token.value === value;
}
