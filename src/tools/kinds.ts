/** What a tool does to the tenant. Annotations, read-only and dry run all derive from it. */
export type ToolKind = "read" | WriteKind;
export type WriteKind = "create" | "update" | "delete" | "deploy";

export type Toolset = "applications" | "apis" | "grants" | "actions" | "logs" | "forms";
