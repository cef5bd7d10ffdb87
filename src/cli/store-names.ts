import type { StoreKind } from "../config/tenants.ts";

/** The stores as people call them. */
export const STORE_NAMES: Readonly<Record<StoreKind, string>> = {
  keyring: "the system's keyring",
  file: "a file",
};
