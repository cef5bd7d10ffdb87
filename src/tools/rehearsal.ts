import type { JsonObject } from "../lib/json.ts";

/**
 * What a tool and a dry run of it tell each other beside the requests: a request holds what is sent, and an answer what
 * came, in a dry run as in a real one.
 */

/** What an update makes of a resource, where that is more than new values in the place of present ones. */
export interface Forecast {
  /** Whether a resource, as it was read, shows its settings and is no summary without them. */
  showsSettings(present: JsonObject): boolean;
  /** The members that are sent, as the resource will have them afterwards. */
  after(present: JsonObject): JsonObject;
}

const forecasts = new WeakMap<JsonObject, Forecast>();
const rehearsed = new WeakSet<JsonObject>();

/** The body of an update, for which a dry run can now tell what it would bring about. */
export function withForecast(body: JsonObject, forecast: Forecast): JsonObject {
  forecasts.set(body, forecast);
  return body;
}

export function forecastOf(body: JsonObject): Forecast | undefined {
  return forecasts.get(body);
}

/** Marks an answer that a dry run has read. */
export function markRehearsed(answer: JsonObject): void {
  rehearsed.add(answer);
}

/** Whether an answer was read in a dry run: nothing that follows from it will be sent. */
export function isRehearsed(answer: JsonObject): boolean {
  return rehearsed.has(answer);
}
