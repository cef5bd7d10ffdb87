import { VERSION } from "../config/product.ts";
import { knownClient } from "./client-names.ts";

/** What is sent after a command that a person or a script ran. */
export interface CommandEvent extends Surroundings, Result {
  /** As the command tree names it, for example `clients add`. */
  readonly command: string;
}

/** What is sent after a tool call that an MCP client made. */
export interface ToolEvent extends Surroundings, Result {
  readonly tool: string;
  /** The MCP client, where it is one that many people use; `other` for every other one. */
  readonly client: string;
}

export type UsageEvent = CommandEvent | ToolEvent;

interface Surroundings {
  readonly version: string;
  readonly os: string;
  readonly arch: string;
}

interface Result {
  readonly success: boolean;
  /** Whole milliseconds, rounded to two digits. */
  readonly duration_ms: number;
}

/** How something ended: what there is to know for an event. */
export interface Ended {
  readonly success: boolean;
  readonly milliseconds: number;
}

/** @param command a command's path in the tree, never a word that somebody typed */
export function commandEvent({ command, ...ended }: Ended & { readonly command: string }): CommandEvent {
  return { ...surroundings(), command, ...resultOf(ended) };
}

/**
 * @param tool the name of a tool that exists
 * @param client what the client calls itself, whatever that is
 */
export function toolEvent({
  tool,
  client,
  ...ended
}: Ended & { readonly tool: string; readonly client: string | undefined }): ToolEvent {
  return { ...surroundings(), tool, ...resultOf(ended), client: knownClient(client) };
}

/** The body of the request that carries an event. */
export function bodyOf(event: UsageEvent): string {
  return JSON.stringify(event);
}

function surroundings(): Surroundings {
  return { version: VERSION, os: process.platform, arch: process.arch };
}

function resultOf({ success, milliseconds }: Ended): Result {
  // A length of time to the millisecond could be matched with another record of the same command.
  const whole = Math.max(0, Math.round(milliseconds));
  return { success, duration_ms: Number(whole.toPrecision(2)) };
}
