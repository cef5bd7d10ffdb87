import type { StoreKind } from "../../config/tenants.ts";
import { AppError } from "../../lib/errors.ts";

/** Keeps one secret text for each tenant. */
export interface SecretStore {
  readonly kind: StoreKind;
  /**
   * Finds out, before anybody is asked to sign in, whether a secret could be kept. Leaves nothing behind.
   *
   * @param domain the tenant, where it is known before
   * @throws AppError (exit 1) when it could not
   */
  check(domain?: string): Promise<void>;
  /**
   * The tenant's secret, or `undefined` when there is none.
   *
   * @throws AppError `store_unreachable` or `unsafe_file` (exit 1) when that cannot be told
   */
  read(domain: string): Promise<string | undefined>;
  /**
   * The same where others may have read it as well. Absent where nobody else can have.
   *
   * @throws AppError (exit 1) when it cannot be told
   */
  readonly readExposed?: (domain: string) => Promise<string | undefined>;
  /** Replaces the tenant's secret, and reads it back; at every moment the old or the new one is there. */
  write(domain: string, secret: string): Promise<void>;
  /** Removes the tenant's secret; `false` when there was none. */
  remove(domain: string): Promise<boolean>;
  /**
   * The tenants it holds something for, whole or not. Absent where a store cannot tell.
   *
   * @throws AppError (exit 1) when it cannot be reached
   */
  readonly domains?: () => Promise<readonly string[]>;
}

/**
 * What a store holds for a tenant, to be revoked or put back; never to be used.
 *
 * @throws AppError (exit 1) when it cannot be told
 */
export function contentOf(store: SecretStore, domain: string): Promise<string | undefined> {
  return store.readExposed === undefined ? store.read(domain) : store.readExposed(domain);
}

/** The store cannot say what it holds, or did not keep what it was given. */
export function storeError(message: string, hint: string, cause?: unknown): AppError {
  return new AppError({ code: "store_unreachable", message, hint, cause });
}
