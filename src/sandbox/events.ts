import type { Json, JsonObject } from "../lib/json.ts";
import type { TenantState } from "./state.ts";

/** What happened; whatever is left out does not stand in the log entry. */
export interface TenantEvent {
  /** Auth0's type code, for example `sapi` or `seccft`. */
  readonly type: string;
  readonly description?: string;
  /** Milliseconds since the epoch; now when left out. */
  readonly date?: number;
  readonly clientId?: string;
  readonly clientName?: string;
  readonly connection?: string;
  readonly connectionId?: string;
  readonly ip?: string;
  readonly userAgent?: string;
  readonly userId?: string;
  readonly userName?: string;
  readonly audience?: string;
  readonly scope?: string;
  readonly strategy?: string;
  readonly strategyType?: string;
  readonly details?: JsonObject;
}

/** Codes of tokens that were exchanged for something, or refused: their entries have a few members more. */
const exchange = /^[sf]e/;

/** Appends an entry to the tenant's log, in the shape of the API's entries, and returns it. */
export function recordEvent(state: TenantState, event: TenantEvent): JsonObject {
  const date = event.date ?? state.clock.now();
  const id = logId(date, state.nextSequence());
  const given: Readonly<Record<string, Json | undefined>> = {
    connection: event.connection,
    connection_id: event.connectionId,
    client_id: event.clientId,
    details: event.details,
    user_id: event.userId,
    user_name: event.userName,
    audience: event.audience,
    scope: event.scope,
    strategy: event.strategy,
    strategy_type: event.strategyType,
  };
  const entry: JsonObject = {
    date: new Date(date).toISOString(),
    type: event.type,
    description: event.description ?? "",
    client_name: event.clientName ?? "",
    ip: event.ip ?? "127.0.0.1",
    user_agent: event.userAgent ?? "Other 0.0.0 / Other 0.0.0",
    ...(exchange.test(event.type)
      ? { hostname: state.domain, connection_id: "", user_id: "", user_name: "" }
      : {}),
  };
  for (const [name, value] of Object.entries(given)) if (value !== undefined) entry[name] = value;
  Object.assign(entry, { log_id: id, _id: id, isMobile: false });
  insertByDate(state.logs, entry, id);
  return entry;
}

/** 56 digits that grow with time and, within a millisecond, with the sequence. */
function logId(date: number, sequence: number): string {
  const digits = new Date(date).toISOString().replace(/\D/g, "");
  return `900${digits}${"0".repeat(18)}${String(223_372_036_854_000_000n + BigInt(sequence))}`;
}

function insertByDate(logs: JsonObject[], entry: JsonObject, id: string): void {
  let place = logs.length;
  while (place > 0 && String(logs[place - 1]?.["log_id"]) > id) place -= 1;
  logs.splice(place, 0, entry);
}
