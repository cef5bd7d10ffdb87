import { asObject, type Json, type JsonObject } from "../lib/json.ts";
import { FieldsAnswer, ListAnswer, type Member, type ToolAnswer } from "../tools/answers.ts";
import { LONGEST_NAME, type MemberPath, memberAt, memberName, merged, withMember } from "../tools/members.ts";
import { type Cut, clip, equalShare, longestPrefix, shareOut, shorten, size } from "./cut.ts";
import { WITHHELD } from "./withholding.ts";

/** Bytes of JSON text one answer may have. */
export const ANSWER_BUDGET = 32_768;

/** Room kept for what is added around the data: notices, the names of untrusted fields. */
const MARGIN = 4_096;

/** Places that are told one by one when they are cut; further ones are told together. */
const MOST_TOLD = 4;

/** An answer that fits, and what the model should know of what was left out. */
export interface Fitted {
  readonly data: JsonObject;
  readonly notices: readonly string[];
}

/**
 * Fits an answer into the budget: whole items are dropped from the end of a list, and `next` goes on behind the last
 * one shown; of a single object the largest members are cut, and a notice says how to read on.
 *
 * @param reader the tool that shows the resource in full, if there is one
 */
export function fit(answer: ToolAnswer, reader: string | undefined): Fitted {
  const budget = ANSWER_BUDGET - MARGIN;
  if (answer instanceof ListAnswer) return fitList(answer, budget, reader);
  return answer instanceof FieldsAnswer
    ? fitFields(answer, budget, reader)
    : fitObject(answer, budget, reader);
}

/** Fits the requests of a dry run: every one is told, long values in them are cut. */
export function fitRequests(requests: readonly JsonObject[]): Fitted {
  const sizes = requests.map(size);
  const share = equalShare(sizes, ANSWER_BUDGET - MARGIN - requests.length);
  const shown = requests.map((request, index) =>
    (sizes[index] ?? 0) > share ? fitObject(request, share, undefined).data : request,
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
  return answer instanceof FieldsAnswer
    ? together(answer.members.map((member) => fromOffset(member, answer)))
    : answer;
}

/** A member from the answer's position on. */
function fromOffset({ around, depth, name }: Member, { offset }: FieldsAnswer): Member {
  const value = memberAt(around, depth);
  // Half a placeholder would no longer be known as one.
  const parts = (typeof value === "string" && value !== WITHHELD) || Array.isArray(value);
  const shown = parts ? value.slice(offset) : value;
  return { name, depth, around: asObject(withMember(around, depth, shown)) ?? {} };
}

/** Members, each with the way to it, as one object. */
function together(members: readonly Member[]): JsonObject {
  const object = members.reduce<Json>((all, { around }) => merged(all, around), {});
  return asObject(object) ?? {};
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

function fitList(answer: ListAnswer, budget: number, reader: string | undefined): Fitted {
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
  const cut = fitObject(first ?? {}, budget - size(envelope([], next, true)), reader);
  return { data: envelope([cut.data], next, true), notices: cut.notices };
}

function itemsThatFit(items: readonly JsonObject[], budget: number): number {
  const sizes = items.map((item) => size(item) + 1);
  return longestPrefix(
    items.length,
    (length) => sizes.slice(0, length).reduce((sum, bytes) => sum + bytes, 0) <= budget,
  );
}

/** Each member is cut by itself, and keeps the way to it whatever that takes. */
function fitFields(answer: FieldsAnswer, budget: number, reader: string | undefined): Fitted {
  const asItIs = whole(answer);
  if (size(asItIs) <= budget) return { data: asItIs, notices: [] };
  const members = answer.members.map((member) => fromOffset(member, answer));
  const values = new Map(members.map(({ name, around, depth }) => [name, memberAt(around, depth)]));
  const ways = members.map(({ name, around }) => size(around) - size(values.get(name) ?? null));
  const room = ways.reduce((left, way) => left - way, budget);
  const { data, places } = cutMembers(Object.fromEntries(values), room, answer.offset);
  const shown = members.flatMap(({ name, around, depth }) => {
    const value = data[name];
    return value === undefined
      ? []
      : [{ name, depth, around: asObject(withMember(around, depth, value)) ?? {} }];
  });
  return { data: { ...together(shown), truncated: true }, notices: placeNotices(places, reader) };
}

function fitObject(object: JsonObject, budget: number, reader: string | undefined): Fitted {
  if (size(object) <= budget) return { data: object, notices: [] };
  const { data, places } = cutMembers(object, budget, 0);
  return { data: { ...data, truncated: true }, notices: placeNotices(places, reader) };
}

/** @param start where in the members the values begin */
function cutMembers(object: JsonObject, budget: number, start: number) {
  const places: Place[] = [];
  const { data, leftOut } = shareOut(object, budget - size({ truncated: true }), (name, value, share) => {
    const cut = shorten(value, share);
    places.push(...placesOf(cut, name, start));
    return cut.value;
  });
  places.push(...leftOut.map((name) => ({ name, note: "left out", offset: undefined })));
  return { data, places };
}

/** A member, at whatever depth, that is not shown in full. */
interface Place {
  /** As `fields` takes it. */
  readonly name: string;
  readonly note: string;
  /** Where it goes on, counted from its beginning; `undefined` where only the whole of it can be asked for. */
  readonly offset: number | undefined;
}

/**
 * The places of a cut, the innermost in place of a whole that cannot be read on by itself.
 *
 * @param start where in the member the value begins that was cut
 */
function placesOf({ note, offset, inside = [] }: Cut, name: string, start: number): Place[] {
  const outer = { name, note, offset: offset === undefined ? undefined : start + offset };
  const inner = inside.map(({ path, note, offset }) => ({
    name: memberName([name, ...fromBeginning(path, start)]),
    note,
    offset,
  }));
  return offset === undefined && inner.length > 0 ? inner : [outer, ...inner];
}

/** Items of a list that is read on are counted from the beginning of the list. */
function fromBeginning([first, ...rest]: MemberPath, start: number): MemberPath {
  return typeof first === "number" ? [first + start, ...rest] : first === undefined ? [] : [first, ...rest];
}

function placeNotices(places: readonly Place[], reader: string | undefined): string[] {
  const named = places.filter(({ name }) => name.length <= LONGEST_NAME);
  const told = named.slice(0, MOST_TOLD);
  const untold = places.filter((place) => !told.includes(place)).map(({ name }) => clip(name, 64));
  const names = untold.slice(0, 10).join(", ");
  const more = untold.length > 10 ? ` and ${untold.length - 10} more` : "";
  const how = reader === undefined ? NO_READER : `Get each by itself with ${reader} and fields: ["…"].`;
  const others = `These fields are cut or left out as well: ${names}${more}. ${how}`;
  return [...told.map((place) => describePlace(place, reader)), ...(untold.length > 0 ? [others] : [])];
}

const NO_READER = "No tool here shows the rest.";

function describePlace({ name, note, offset }: Place, reader: string | undefined): string {
  const position = offset === undefined ? "" : `, offset: ${offset}`;
  const how =
    reader === undefined
      ? NO_READER
      : `Read on with ${reader} and fields: [${JSON.stringify(name)}]${position}.`;
  return `${name} is ${note === "left out" ? note : `cut: ${note}`}. ${how}`;
}
