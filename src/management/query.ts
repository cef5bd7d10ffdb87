import type { ApiRequest } from "./api.ts";

/** The query of a request with its question mark, or nothing when it has none. Lists are joined by commas. */
export function requestQuery({ query = {} }: ApiRequest): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, Array.isArray(value) ? value.join(",") : String(value));
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}
