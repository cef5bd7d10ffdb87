import type { TenantAddress } from "../config/domain.ts";
import type { SignInMethod } from "../config/sign-in-terms.ts";
import type { StoreKind } from "../config/tenants.ts";
import type { TokenSource } from "./token-source.ts";

/** A tenant and the means to call it. */
export interface Session {
  readonly tenant: TenantAddress;
  readonly tokens: TokenSource;
}

/** A session with what a person wants to know of it. */
export interface IdentifiedSession extends Session {
  readonly method: SignInMethod | "environment";
  /** What keeps its secrets; `undefined` where nothing does. */
  readonly store: StoreKind | undefined;
  /** Whether it can go on without a person; known once a token was asked for. */
  isRenewable(): boolean;
}
