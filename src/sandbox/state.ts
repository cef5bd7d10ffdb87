import type { Clock } from "../lib/clock.ts";
import type { JsonObject } from "../lib/json.ts";
import type { ClientCredential } from "./credentials.ts";
import type { ActionRecord, BindingRecord } from "./resources/action-records.ts";
import type { DeviceSignIn, RefreshToken } from "./sign-in-records.ts";

/** Everything the tenant remembers. One instance a tenant; nothing is shared or written to disk. */
export interface TenantState {
  /** Host (and port) under which the tenant answers, for example `127.0.0.1:4000`. */
  readonly domain: string;
  /** Scheme and host under which the tenant answers; plain http, for it lives on loopback only. */
  readonly origin: string;
  readonly clock: Clock;
  /** Applications by client_id, with their secrets. */
  readonly clients: Map<string, JsonObject>;
  readonly clientGrants: Map<string, JsonObject>;
  readonly resourceServers: Map<string, JsonObject>;
  readonly actions: Map<string, ActionRecord>;
  /** Trigger id to its ordered bindings. */
  readonly bindings: Map<string, readonly BindingRecord[]>;
  readonly forms: Map<string, JsonObject>;
  /** The clients' credentials, in use or not, by credential id. */
  readonly credentials: Map<string, ClientCredential>;
  /** Assertions that have proven a client, and when they expire: seconds since the epoch. */
  readonly usedAssertions: Map<string, number>;
  /** Sign-ins by device flow that are under way, by device code. */
  readonly deviceSignIns: Map<string, DeviceSignIn>;
  /** Refresh tokens, spent ones included, by their value. */
  readonly refreshTokens: Map<string, RefreshToken>;
  /** Log events, oldest first. */
  readonly logs: JsonObject[];
  /** What every client shows as its `signing_keys`: a certificate and a made-up private key. */
  readonly signingKeys: JsonObject[];
  /** 1, 2, 3, … for ids that must grow. */
  nextSequence(): number;
}

/** A tenant that remembers nothing yet. */
export function createState(domain: string, clock: Clock): TenantState {
  let sequence = 0;
  return {
    domain,
    origin: `http://${domain}`,
    clock,
    clients: new Map(),
    clientGrants: new Map(),
    resourceServers: new Map(),
    actions: new Map(),
    bindings: new Map(),
    forms: new Map(),
    credentials: new Map(),
    usedAssertions: new Map(),
    deviceSignIns: new Map(),
    refreshTokens: new Map(),
    logs: [],
    signingKeys: [],
    nextSequence: () => ++sequence,
  };
}

/** Identifier of the tenant's own Management API, also the audience of its tokens. */
export function managementAudience(origin: string): string {
  return `${origin}/api/v2/`;
}
