import type { Json, JsonObject } from "../lib/json.ts";

/** Where a list goes on when only its first `kept` items are shown. */
export interface Resumption {
  /** How many items to show; at least one, and no more than were asked for. */
  readonly kept: number;
  /** Arguments to merge into the next call. */
  readonly next: JsonObject;
}

/** A page of a list, before it is fitted into the budget of one answer. */
export class ListAnswer {
  constructor(
    /** The plural in the tool's name: `applications`. */
    readonly key: string,
    readonly items: readonly JsonObject[],
    readonly paging: {
      readonly total?: number | undefined;
      /** Arguments of the next page, or `null` on the last. */
      readonly next: JsonObject | null;
      /** How to go on when at most this many items (one or more) fit into the answer. */
      readonly resume: (most: number) => Resumption;
    },
  ) {}
}

/**
 * One member of an object from a position on. The position counts characters or items of what leaves the process, so
 * it is applied there: cut before, half a secret would no longer be known as one.
 */
export class MemberAnswer {
  constructor(
    readonly name: string,
    readonly value: string | readonly Json[],
    readonly offset: number,
  ) {}
}

/** What a tool returns: one object as the API sent it, a part of one member of it, or a page of a list. */
export type ToolAnswer = JsonObject | MemberAnswer | ListAnswer;
