import type { JsonObject } from "../lib/json.ts";

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

/** A member of an object, at whatever depth, as it was asked for. */
export interface Member {
  /** As in `code`, `deployed_version.code`. */
  readonly name: string;
  /** The object with nothing in it but the way to the member: see `membersOnly`. */
  readonly around: JsonObject;
  /** How far below the object it stands; 1 for a member of the object itself. */
  readonly depth: number;
}

/**
 * Some members of an object, from a position on. The position counts characters or items of what leaves the process,
 * so it is applied there: cut before, half a secret would no longer be known as one. For the same reason a member
 * keeps the names around it.
 */
export class FieldsAnswer {
  constructor(
    readonly members: readonly Member[],
    readonly offset: number,
  ) {}
}

/** What a tool returns: one object as the API sent it, members of one, or a page of a list. */
export type ToolAnswer = JsonObject | FieldsAnswer | ListAnswer;
