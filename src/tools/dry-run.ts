/** The argument that every writing tool has, whatever its own schema. */
export const DRY_RUN = "dry_run";
