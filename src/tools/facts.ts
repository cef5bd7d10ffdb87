import type { ToolFacts } from "./define.ts";
import { registry } from "./registry.ts";

/**
 * The facts of every tool. Called as a macro, so the bundle holds the result: a server that starts lists its tools
 * without building a single schema.
 */
export function toolFacts(): ToolFacts[] {
  return registry.map(
    ({ name, title, kind, toolset, scopes, description, idempotent, untrusted, inputSchema }) => ({
      name,
      title,
      kind,
      toolset,
      scopes: [...scopes],
      description,
      idempotent,
      untrusted: [...untrusted],
      inputSchema,
    }),
  );
}
