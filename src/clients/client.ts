import type { Shape } from "./entry.ts";
import type { Layout } from "./layout.ts";
import type { Machine } from "./machine.ts";

/** Whose file: the user's, or the project's. */
export type Scope = "user" | "project";
/** How a client writes its files; JSON may hold comments and trailing commas. */
export type Format = "json" | "toml" | "yaml";

/** One MCP client. */
export interface McpClient {
  readonly id: string;
  readonly alias?: string;
  /** As its makers write it. */
  readonly name: string;
  readonly format: Format;
  /** Files that may hold its entries, in the order in which a new one would be made. */
  readonly files: {
    readonly user: (machine: Machine) => readonly string[];
    /** Relative to the project's folder, with `/`. */
    readonly project?: readonly string[];
  };
  readonly layout: Layout;
  readonly shape: Shape;
  /** What a file must hold beside entries, for the client to take it. */
  readonly preamble?: string;
  /** Traces of an installation: paths, and commands on the PATH. */
  readonly traces: {
    readonly paths: (machine: Machine) => readonly string[];
    readonly commands: readonly string[];
  };
  /**
   * What its servers see of its environment: everything, everything but what sounds secret, or no more than the home
   * folder, the PATH and the like. Where that is not known, the least.
   */
  readonly environment: "all" | "no-secrets" | "essentials";
  /** The command with which it lists its servers. */
  readonly listing?: readonly string[];
  /** What the person does next, one sentence. */
  readonly next: string;
  /** The same for a file in a project, where it asks for more: clients do not start whatever a project brings along. */
  readonly nextInProject?: string;
}

/** What the person does next, one sentence. */
export function nextStep({ next, nextInProject }: McpClient, scope: Scope): string {
  return scope === "project" ? (nextInProject ?? next) : next;
}
