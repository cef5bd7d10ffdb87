import { asString } from "../../lib/json.ts";
import { type LogMatcher, queryFault, type SearchableField, searchableField } from "./log-terms.ts";

/** Where a search without fields looks. */
const anywhere: readonly SearchableField[] = ["client_name", "connection", "user_name"];
/** Names that the API's document uses in its examples. */
const aliases: Readonly<Record<string, SearchableField>> = { application: "client_name", user: "user_name" };
const clause = /\s*([A-Za-z_]+):(?:"([^"]*)"|([^\s"]+))(?=\s|$)/y;

/**
 * Reads the `search` parameter of GET /logs as the API's document describes it: `field:value` clauses, all of which must
 * hold, or one text that a few fields may begin with. Upper and lower case are the same; a value in quotes must be the
 * whole of the field, another one its beginning. Throws a 400 for an unknown field and for broken syntax.
 */
export function parseLogSearch(text: string): LogMatcher {
  if (!text.includes(":")) return among(anywhere, text);
  const matchers: LogMatcher[] = [];
  for (let position = 0; position < text.trimEnd().length; position = clause.lastIndex) {
    clause.lastIndex = position;
    const [, name, exact, start = ""] = clause.exec(text) ?? [];
    if (name === undefined) throw queryFault(`Syntax error at position ${position}`, "search");
    const field = Object.hasOwn(aliases, name) ? aliases[name] : searchableField(name, "search");
    if (field !== undefined) matchers.push(among([field], exact === undefined ? start : `"${exact}"`));
  }
  return (entry) => matchers.every((matches) => matches(entry));
}

/** A value as it was written, with its quotes where it has them, in any of these fields. */
function among(fields: readonly SearchableField[], written: string): LogMatcher {
  const [, exact] = /^\s*"([^"]*)"\s*$/.exec(written) ?? [];
  const wanted = (exact ?? written.trim()).toLowerCase();
  return (entry) =>
    fields.some((field) => {
      const value = (asString(entry[field]) ?? "").toLowerCase();
      return exact === undefined ? value.startsWith(wanted) : value === wanted;
    });
}
