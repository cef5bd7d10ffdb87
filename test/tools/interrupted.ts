import { fixedToken } from "../../src/auth/environment.ts";
import { parseTenantAddress } from "../../src/config/domain.ts";
import type { Clock } from "../../src/lib/clock.ts";
import { AppError } from "../../src/lib/errors.ts";
import type { JsonObject } from "../../src/lib/json.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { createClient } from "../../src/management/client.ts";
import { createPipeline, type Outcome } from "../../src/policy/pipeline.ts";
import { Redactor } from "../../src/policy/redaction.ts";
import { selectTools } from "../../src/policy/selection.ts";
import { registry } from "../../src/tools/registry.ts";
import type { StartedTenant } from "../support/tenant.ts";

export interface Watched {
  /** How the call ended; `cancelled` when it was withdrawn. */
  readonly outcome: Outcome | "cancelled";
  /** What the call reported while it ran. */
  readonly progress: readonly string[];
  /** `METHOD /path` of every request that was sent, in order. */
  readonly sent: readonly string[];
}

/**
 * Runs a tool on a tenant and watches it.
 *
 * @param withdrawAt withdraws the call as soon as this holds; asked before each request is answered and each pause
 */
export async function watch(
  { sandbox, clock }: StartedTenant,
  name: string,
  args: JsonObject,
  withdrawAt: (sent: readonly string[], pausing: boolean) => boolean = () => false,
): Promise<Watched> {
  const controller = new AbortController();
  const progress: string[] = [];
  const sent: string[] = [];
  const check = (pausing: boolean) => {
    if (withdrawAt(sent, pausing)) controller.abort(new Error("withdrawn"));
  };
  const abortable: Clock = {
    now: () => clock.now(),
    async sleep(milliseconds, signal) {
      check(true);
      signal?.throwIfAborted();
      clock.advance(milliseconds);
    },
  };
  const tokens = fixedToken(await sandbox.issueToken(), clock);
  const send = createClient({
    tenant: parseTenantAddress(sandbox.url, "test"),
    tokens,
    clock: abortable,
    log: silentLogger,
    random: () => 0.5,
    async fetch(url, init) {
      sent.push(`${init.method} ${new URL(url).pathname.replace("/api/v2", "")}`);
      const answer = await sandbox.handle(new Request(url, init));
      check(false);
      return answer;
    },
  });
  const rules = { tools: { patterns: ["*"], source: "test" }, excludeTools: undefined, readOnly: false };
  const selection = selectTools(registry, rules);
  const pipeline = createPipeline({
    selection,
    send,
    tokens,
    redactor: new Redactor(),
    log: silentLogger,
    clock: abortable,
  });
  const options = { signal: controller.signal, progress: (step: string) => void progress.push(step) };
  try {
    const outcome = await pipeline.call(name, args, options);
    if (outcome === undefined) throw new Error(`there is no tool ${name}`);
    return { outcome, progress, sent };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "cancelled") throw error;
    return { outcome: "cancelled", progress, sent };
  }
}
