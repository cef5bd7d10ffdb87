import type { JsonObject } from "../lib/json.ts";
import type { TenantState } from "./state.ts";

/** What happened; whatever is left out is null in the log entry. */
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

/** Appends an entry to the tenant's log, in the shape of the API's entries, and returns it. */
export function recordEvent(state: TenantState, event: TenantEvent): JsonObject {
  const date = event.date ?? state.clock.now();
  const id = logId(date, state.nextSequence());
  const entry: JsonObject = {
    _id: id,
    log_id: id,
    date: new Date(date).toISOString(),
    type: event.type,
    description: event.description ?? null,
    connection: event.connection ?? null,
    connection_id: event.connectionId ?? null,
    organization_id: null,
    organization_name: null,
    client_id: event.clientId ?? null,
    client_name: event.clientName ?? "",
    ip: event.ip ?? "127.0.0.1",
    hostname: state.domain,
    details: event.details ?? null,
    user_id: event.userId ?? "",
    user_name: event.userName ?? "",
    user_agent: event.userAgent ?? "Other 0.0.0 / Other 0.0.0",
    audience: event.audience ?? null,
    ...(event.scope === undefined ? {} : { scope: event.scope }),
    strategy: event.strategy ?? null,
    strategy_type: event.strategyType ?? null,
    isMobile: false,
    location_info: null,
  };
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
