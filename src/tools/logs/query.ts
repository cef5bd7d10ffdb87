import { AppError } from "../../lib/errors.ts";

/** What a search of the log is narrowed by; every condition must hold. */
export interface LogFilters {
  /** A query in the API's subset of Lucene. */
  readonly q?: string | undefined;
  readonly types?: readonly string[] | undefined;
  readonly user_id?: string | undefined;
  readonly ip?: string | undefined;
  readonly client_id?: string | undefined;
  readonly connection?: string | undefined;
  /** Date or date-time, UTC where it names no zone. */
  readonly since?: string | undefined;
  /** The same; a date counts to its last moment. */
  readonly until?: string | undefined;
}

const EXACT = ["user_id", "ip", "client_id", "connection"] as const;

/**
 * The query of a search: all conditions, ANDed; `undefined` when there is none.
 *
 * @throws AppError `invalid_arguments` when `q` is no whole query, or `until` lies before `since`
 */
export function logQuery(filters: LogFilters): string | undefined {
  const { q, types } = filters;
  if (q !== undefined) requireWhole(q);
  const conditions = [
    ...(q === undefined ? [] : [`(${q})`]),
    ...(types === undefined ? [] : [`(${types.map((type) => `type:${phrase(type)}`).join(" OR ")})`]),
    ...EXACT.flatMap((field) => (filters[field] === undefined ? [] : [`${field}:${phrase(filters[field])}`])),
    ...dateRange(filters),
  ];
  return conditions.length === 0 ? undefined : conditions.join(" AND ");
}

/** A value as a phrase: within quotes only the quote and the backslash mean anything. */
function phrase(value: string): string {
  return `"${value.replace(/["\\]/g, "\\$&")}"`;
}

function dateRange({ since, until }: LogFilters): string[] {
  if (since === undefined && until === undefined) return [];
  const from = since === undefined ? undefined : moment(since, "start");
  const to = until === undefined ? undefined : moment(until, "end");
  if (from !== undefined && to !== undefined && to < from) {
    throw new AppError({
      code: "invalid_arguments",
      message: "until: lies before since, so nothing can match.",
      hint: "Exchange the two, or leave one out.",
    });
  }
  const bound = (time: number | undefined) => (time === undefined ? "*" : new Date(time).toISOString());
  return [`date:[${bound(from)} TO ${bound(to)}]`];
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?$/;
const DAY = 24 * 60 * 60 * 1000;

/** Whether a text is a date or a date-time that exists in the calendar. */
export function isMoment(text: string): boolean {
  const date = DATE.test(text) ? text : DATE_TIME.exec(text)?.[1];
  if (date === undefined) return false;
  const day = Date.parse(date);
  // The parser takes February 30 for March 2.
  return (
    !Number.isNaN(day) && new Date(day).toISOString().startsWith(date) && !Number.isNaN(moment(text, "start"))
  );
}

/** Milliseconds since the epoch. */
function moment(text: string, edge: "start" | "end"): number {
  if (DATE.test(text)) return Date.parse(text) + (edge === "end" ? DAY - 1 : 0);
  return Date.parse(/(Z|[+-]\d{2}:\d{2})$/.test(text) ? text : `${text}Z`);
}

/** A query with an open parenthesis or quote, or with one too many, would swallow the conditions beside it. */
function requireWhole(q: string): void {
  let depth = 0;
  let quoted = false;
  let escaped = false;
  for (const character of q) {
    if (escaped) escaped = false;
    else if (character === "\\") escaped = true;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === "(") depth++;
    else if (!quoted && character === ")" && --depth < 0) break;
  }
  if (depth === 0 && !quoted && !escaped) return;
  throw new AppError({
    code: "invalid_arguments",
    message: "q: has a parenthesis, a quote or a backslash without its counterpart.",
    hint: 'Write phrases in double quotes, as in description:"Wrong email or password.", and close every parenthesis.',
  });
}
