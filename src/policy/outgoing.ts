import { AppError } from "../lib/errors.ts";
import { asObjects, type JsonObject } from "../lib/json.ts";
import { FieldsAnswer, ListAnswer, type ToolAnswer } from "../tools/answers.ts";
import { ANSWER_BUDGET, type Fitted, fit, fitRequests, whole } from "./budget.ts";
import { clip } from "./cut.ts";
import { type DryRun, dryRunNotices } from "./dry-run.ts";
import type { Redactor } from "./redaction.ts";

/** The names of withheld members that are told. */
const MOST_NAMES = 12;

/** An answer that may leave, and its JSON text: it is written once, however often it is sent. */
export interface Answer<T extends JsonObject = JsonObject> {
  readonly data: T;
  readonly text: string;
}

export function written<T extends JsonObject>(data: T): Answer<T> {
  return { data, text: JSON.stringify(data) };
}

/** What a call has come to, before anything of it may leave. */
export interface Outgoing {
  /** What the tool returned, or the writes a dry run recorded in its place. */
  readonly result: { readonly answer: ToolAnswer } | { readonly dryRun: DryRun };
  /** What the tool says to the person. */
  readonly notices: readonly string[];
  /** Members that outsiders can write. */
  readonly untrusted: readonly string[];
  /** The tool that shows the resource in full, if there is one. */
  readonly reader: string | undefined;
}

/**
 * Makes an answer ready to leave: secrets and hidden characters go first, so that no half of a secret stays behind
 * where it is cut, then it is fitted into the budget, and what outsiders wrote is named.
 *
 * @throws AppError `answer_too_large` when it cannot be made to fit
 */
export function outgoing({ result, notices, untrusted, reader }: Outgoing, redactor: Redactor): Answer {
  const withheld = new Set<string>();
  const clean = (item: JsonObject): JsonObject => {
    const redacted = redactor.redact(item, untrusted.length === 0);
    for (const name of redacted.withheld) withheld.add(name);
    return redacted.value;
  };
  const finish = (fitted: Fitted): Answer => {
    const all = [
      ...notices.map((text) => redactor.text(text)),
      ...fitted.notices,
      ...withheldNotice(withheld, redactor),
    ];
    return withNotices(markUntrusted(fitted.data, untrusted), [...new Set(all)]);
  };

  const attempts =
    "answer" in result
      ? answered(cleanAnswer(result.answer, clean), reader)
      : [dryRunAnswer(result.dryRun, clean)];
  for (const attempt of attempts) {
    const answer = finish(attempt);
    if (fits(answer)) return answer;
  }
  throw new AppError({
    code: "answer_too_large",
    message: "The answer is too large to show, even cut.",
    hint: "Ask for fewer items or fewer fields.",
  });
}

/** Most answers fit as they are: only one that does not is measured part by part and cut. */
function* answered(answer: ToolAnswer, reader: string | undefined): Generator<Fitted> {
  yield { data: whole(answer), notices: [] };
  yield fit(answer, reader);
}

function cleanAnswer(answer: ToolAnswer, clean: (item: JsonObject) => JsonObject): ToolAnswer {
  if (answer instanceof ListAnswer) {
    return new ListAnswer(answer.key, answer.items.map(clean), answer.paging);
  }
  if (!(answer instanceof FieldsAnswer)) return clean(answer);
  // All at once: a secret in one of them may stand as a mere word in another.
  const clear = asObjects(clean({ fields: answer.members.map(({ around }) => around) })["fields"]);
  const members = answer.members.map((member, index) => ({ ...member, around: clear[index] ?? {} }));
  return new FieldsAnswer(members, answer.offset);
}

function dryRunAnswer(dryRun: DryRun, clean: (item: JsonObject) => JsonObject): Fitted {
  const { data, notices } = fitRequests(asObjects(clean({ requests: [...dryRun.writes] })["requests"]));
  return { data, notices: [...dryRunNotices(dryRun), ...notices] };
}

function withheldNotice(names: ReadonlySet<string>, redactor: Redactor): string[] {
  if (names.size === 0) return [];
  const told = [...names].slice(0, MOST_NAMES).map((name) => clip(redactor.text(name), 64));
  const more = names.size > MOST_NAMES ? ` and ${names.size - MOST_NAMES} more` : "";
  return [`Secret values were withheld: ${told.join(", ")}${more}.`];
}

/** Names the members that outsiders can write, where the answer has any. */
function markUntrusted(data: JsonObject, names: readonly string[]): JsonObject {
  if (names.length === 0) return data;
  const text = JSON.stringify(data);
  const present = names.filter((name) => text.includes(`${JSON.stringify(name)}:`));
  return present.length === 0 ? data : { ...data, untrusted_fields: present };
}

function fits({ text }: Answer): boolean {
  return Buffer.byteLength(text) <= ANSWER_BUDGET;
}

/** Adds the notices that fit, and says so when some do not. */
function withNotices(data: JsonObject, notices: readonly string[]): Answer {
  if (notices.length === 0) return written(data);
  const complete = written({ ...data, notices: [...notices] });
  if (fits(complete)) return complete;
  const told = (count: number) =>
    written({
      ...data,
      notices: [...notices.slice(0, count), `${notices.length - count} notices more do not fit.`],
    });
  const refused = notices.findIndex((_, index) => !fits(told(index + 1)));
  return told(refused === -1 ? notices.length : refused);
}
