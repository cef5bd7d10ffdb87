import type { Plan } from "../../clients/plan.ts";
import { selfCheck } from "../../clients/self-check.ts";
import { systemClock } from "../../lib/clock.ts";
import { AppError, cancelledError } from "../../lib/errors.ts";
import { Redactor } from "../../policy/redaction.ts";
import type { Invocation } from "../command.ts";

/** How long a server may take to start and to list its tools, in milliseconds. */
const PATIENCE = 30_000;

/** What a server that works said of itself. */
export interface Checked {
  /** Its name and version. */
  readonly server: string;
  readonly tools: number;
}

/**
 * Starts what a client's entry says, as the client would, and asks it for its tools.
 *
 * @throws AppError (exit 1) with what the server wrote on stderr, when it does not work
 */
export async function checkEntry(
  { address, entry }: Plan,
  { environment, interrupt }: Invocation,
): Promise<Checked> {
  const result = await selfCheck(address.client, entry ?? {}, {
    environment,
    platform: process.platform,
    clock: systemClock,
    timeout: PATIENCE,
    signal: interrupt,
  });
  if (result.ok) return result;
  if (interrupt.aborted) throw cancelledError();
  const said = new Redactor().text(result.stderr).trim();
  throw new AppError({
    code: "server_check",
    message: `What ${address.client.name} would start does not work: ${result.reason}.`,
    hint: said === "" ? undefined : `It said:\n${said.replace(/^/gm, "  ")}`,
  });
}
