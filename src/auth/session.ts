import type { SignInMethod, StoreKind } from "../config/tenants.ts";
import type { Session } from "./environment.ts";
import type { AccessToken } from "./token-source.ts";

/** A session with what a person wants to know of it. */
export interface IdentifiedSession extends Session {
  readonly method: SignInMethod | "environment";
  /** What keeps its secrets; `undefined` where nothing does. */
  readonly store: StoreKind | undefined;
  /** Like the token source's `get`, renewing what can be renewed to make it last so many milliseconds. */
  getLasting(signal: AbortSignal, lasting: number): Promise<AccessToken>;
  /** Whether it can go on without a person; known once a token was asked for. */
  isRenewable(): boolean;
}
