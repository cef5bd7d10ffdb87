import type { JsonObject } from "../lib/json.ts";
import { ListAnswer, MemberAnswer, type ToolAnswer } from "../tools/answers.ts";
import { clip, equalShare, longestPrefix, shareOut, shorten, size } from "./cut.ts";

/** Bytes of JSON text one answer may have. */
export const ANSWER_BUDGET = 32_768;

/** Room kept for what is added around the data: notices, the names of untrusted fields. */
const MARGIN = 4_096;

/** Members that are told one by one when they are cut; further ones are told together. */
const MOST_TOLD = 4;

/** An answer that fits, and what the model should know of what was left out. */
export interface Fitted {
  readonly data: JsonObject;
  readonly notices: readonly string[];
}

/**
 * Fits an answer into the budget: whole items are dropped from the end of a list, and `next` goes on behind the last
 * one shown; of a single object the largest members are cut, and a notice says how to read on.
 */
export function fit(answer: ToolAnswer, budget: number = ANSWER_BUDGET): Fitted {
  if (answer instanceof ListAnswer) return fitList(answer, budget - MARGIN);
  if (!(answer instanceof MemberAnswer)) return fitObject(answer, budget - MARGIN);
  const { name, value, offset } = answer;
  return fitObject({ [name]: value.slice(offset) }, budget - MARGIN, offset);
}

/** Fits the requests of a dry run: every one is told, long values in them are cut. */
export function fitRequests(requests: readonly JsonObject[], budget: number = ANSWER_BUDGET): Fitted {
  const sizes = requests.map(size);
  const share = equalShare(sizes, budget - MARGIN - requests.length);
  const shown = requests.map((request, index) =>
    (sizes[index] ?? 0) > share ? fitObject(request, share).data : request,
  );
  const notice = "Long values are cut in this answer only: the requests would carry them whole.";
  return {
    data: { dry_run: true, requests: shown },
    notices: share === Number.POSITIVE_INFINITY ? [] : [notice],
  };
}

/** An answer as it is, whatever its size. */
export function whole(answer: ToolAnswer): JsonObject {
  if (answer instanceof ListAnswer) return listEnvelope(answer, answer.items, answer.paging.next, false);
  if (!(answer instanceof MemberAnswer)) return answer;
  return { [answer.name]: answer.value.slice(answer.offset) };
}

function listEnvelope(
  { key, paging: { total } }: ListAnswer,
  shown: readonly JsonObject[],
  next: JsonObject | null,
  truncated: boolean,
): JsonObject {
  return {
    [key]: [...shown],
    ...(total === undefined ? {} : { total }),
    ...(truncated ? { truncated: true } : {}),
    next,
  };
}

function fitList(answer: ListAnswer, budget: number): Fitted {
  const { items, paging } = answer;
  const asItIs = whole(answer);
  if (size(asItIs) <= budget) return { data: asItIs, notices: [] };
  const envelope = (shown: readonly JsonObject[], next: JsonObject | null, truncated: boolean) =>
    listEnvelope(answer, shown, next, truncated);

  const first = items[0];
  const page = (most: number) => {
    const { kept, next } = paging.resume(most);
    return { kept, next: kept < items.length ? next : paging.next };
  };
  for (let most = itemsThatFit(items, budget - size(envelope([], {}, true))); most > 0; most--) {
    const { kept, next } = page(most);
    const data = envelope(items.slice(0, kept), next, true);
    const notice = `Only ${kept} of the ${items.length} items asked for fit into one answer; next goes on behind them.`;
    if (size(data) <= budget) return { data, notices: [notice] };
  }
  const { next } = page(1);
  const cut = fitObject(first ?? {}, budget - size(envelope([], next, true)));
  return { data: envelope([cut.data], next, true), notices: cut.notices };
}

function itemsThatFit(items: readonly JsonObject[], budget: number): number {
  const sizes = items.map((item) => size(item) + 1);
  return longestPrefix(
    items.length,
    (length) => sizes.slice(0, length).reduce((sum, bytes) => sum + bytes, 0) <= budget,
  );
}

/** @param start where in its only member an object begins that is read on */
function fitObject(whole: JsonObject, budget: number, start = 0): Fitted {
  if (size(whole) <= budget) return { data: whole, notices: [] };
  const cuts: { name: string; note: string; offset: number | undefined }[] = [];
  const { data, leftOut } = shareOut(whole, budget - size({ truncated: true }), (name, value, share) => {
    const { value: shown, note, offset } = shorten(value, share);
    cuts.push({ name: clip(name, 64), note, offset: offset === undefined ? undefined : start + offset });
    return shown;
  });
  const notices = cuts
    .slice(0, MOST_TOLD)
    .map(({ name, note, offset }) => `${name} is cut: ${note}. ${readOn(name, offset)}`);
  const untold = [...cuts.slice(MOST_TOLD).map(({ name }) => name), ...leftOut.map((name) => clip(name, 64))];
  if (untold.length > 0) {
    const names = untold.slice(0, 10).join(", ");
    const more = untold.length > 10 ? ` and ${untold.length - 10} more` : "";
    notices.push(
      `These fields are cut or left out as well: ${names}${more}. Get each by itself with fields: ["…"].`,
    );
  }
  return { data: { ...data, truncated: true }, notices };
}

function readOn(name: string, offset: number | undefined): string {
  const position = offset === undefined ? "" : `, offset: ${offset}`;
  return `Read on with the resource's get tool and fields: [${JSON.stringify(name)}]${position}.`;
}
