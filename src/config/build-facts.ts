/** What a release build knows of itself. A build from source knows nothing of this kind. */
export interface BuildFacts {
  /** The name of the archive's target, for example `linux-x64-musl`. */
  readonly target?: string;
  /** Where the source and its releases live: an https address without an ending. */
  readonly repository?: string;
  /** The minisign public key that signs the releases' checksums. */
  readonly publicKey?: string;
  /** Where anonymous usage events go unless a variable says otherwise. */
  readonly analyticsUrl?: string;
}

/** Set by the compiler's `--define` in release builds (`scripts/release/build-target.ts`), and by nothing at run time. */
declare const AUTH0_MCP_BUILD: BuildFacts;

export const BUILD: BuildFacts = typeof AUTH0_MCP_BUILD === "undefined" ? {} : AUTH0_MCP_BUILD;
