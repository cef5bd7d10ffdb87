import { asString, type JsonObject } from "../../lib/json.ts";
import { ApiFault } from "../fault.ts";

/** Decides whether a log entry belongs to the result. */
export type LogMatcher = (entry: JsonObject) => boolean;

export const searchableFields = [
  "client_id",
  "client_name",
  "connection",
  "connection_id",
  "date",
  "description",
  "hostname",
  "ip",
  "log_id",
  "organization_id",
  "strategy",
  "strategy_type",
  "type",
  "user_agent",
  "user_id",
  "user_name",
] as const;

export type SearchableField = (typeof searchableFields)[number];

/** Where a term without a field name is looked for. */
const bareFields: readonly SearchableField[] = [
  "client_name",
  "connection",
  "description",
  "ip",
  "log_id",
  "type",
  "user_name",
];

const shortestWildcardLiteral = 3;

/** A 400 for a query the search cannot run. The API documents that there is one, not its words. */
export function queryFault(reason: string, parameter: "q" | "search" = "q"): ApiFault {
  const words = `Query validation error: '${reason}' on property ${parameter}.`;
  return new ApiFault(400, words, "invalid_query_string");
}

/** The name as a searchable field; upper and lower case matter. */
export function searchableField(name: string, parameter: "q" | "search" = "q"): SearchableField {
  const field = searchableFields.find((known) => known === name);
  if (field === undefined) throw queryFault(`Field is not searchable: ${name}`, parameter);
  return field;
}

/** The whole value, since log fields are not tokenized. Without a field: any of the fields for bare terms. */
export function equals(field: SearchableField | undefined, value: string): LogMatcher {
  if (field === undefined) return anyOf(bareFields.map((name) => equals(name, value)));
  if (field !== "date") return (entry) => entry[field] === value;
  const wanted = instant(value);
  return (entry) => instantOf(entry) === wanted;
}

/** Literal pieces with anything between them, as `jane*smith` cut at its asterisks. */
export function matchesWildcard(field: SearchableField | undefined, pieces: readonly string[]): LogMatcher {
  if (field === undefined) return anyOf(bareFields.map((name) => matchesWildcard(name, pieces)));
  if (field === "date") throw queryFault("Wildcards are not allowed in dates outside of ranges");
  const literals = pieces.filter((piece) => piece !== "");
  if (literals.length === 0 || literals.some((piece) => [...piece].length < shortestWildcardLiteral)) {
    throw queryFault(
      `Wildcard terms need at least ${shortestWildcardLiteral} characters: ${pieces.join("*")}`,
    );
  }
  return (entry) => fits(asString(entry[field]) ?? "", pieces);
}

/** Whether the pieces stand in the value in their order, the first at its start and the last at its end. */
function fits(value: string, pieces: readonly string[]): boolean {
  const [first = "", ...others] = pieces;
  const last = others.pop() ?? "";
  if (!value.startsWith(first)) return false;
  let position = first.length;
  for (const piece of others) {
    const place = value.indexOf(piece, position);
    if (place < 0) return false;
    position = place + piece.length;
  }
  return position + last.length <= value.length && value.endsWith(last);
}

export interface RangeBound {
  /** `undefined` for `*`. */
  readonly value: string | undefined;
  readonly inclusive: boolean;
}

/** Between two bounds: dates by time, everything else in the order of its characters. */
export function within(field: SearchableField, low: RangeBound, high: RangeBound): LogMatcher {
  if (field === "date") {
    const from = low.value === undefined ? Number.NEGATIVE_INFINITY : instant(low.value);
    const to = high.value === undefined ? Number.POSITIVE_INFINITY : instant(high.value);
    return (entry) => inside(instantOf(entry), from, to, low.inclusive, high.inclusive);
  }
  return (entry) => {
    const value = asString(entry[field]);
    return (
      value !== undefined &&
      inside(
        value,
        low.value ?? value,
        high.value ?? value,
        low.inclusive || low.value === undefined,
        high.inclusive || high.value === undefined,
      )
    );
  };
}

function inside<T extends number | string>(
  value: T,
  low: T,
  high: T,
  withLow: boolean,
  withHigh: boolean,
): boolean {
  const above = withLow ? value >= low : value > low;
  return above && (withHigh ? value <= high : value < high);
}

function anyOf(matchers: readonly LogMatcher[]): LogMatcher {
  return (entry) => matchers.some((matches) => matches(entry));
}

function instantOf(entry: JsonObject): number {
  return Date.parse(asString(entry["date"]) ?? "");
}

/** Milliseconds of a date whose left out parts count as their lowest; without a zone it is UTC. */
function instant(text: string): number {
  const parts =
    /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2})(?::(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/.exec(
      text,
    );
  if (!parts) throw queryFault(`Invalid date: ${text}`);
  const [
    ,
    year,
    month = "01",
    day = "01",
    hour = "00",
    minute = "00",
    second = "00",
    fraction = "0",
    zone = "Z",
  ] = parts;
  const milliseconds = fraction.padEnd(3, "0").slice(0, 3);
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}${zone}`);
  if (Number.isNaN(time)) throw queryFault(`Invalid date: ${text}`);
  return time;
}
