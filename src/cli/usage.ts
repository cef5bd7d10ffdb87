import { commandEvent, toolEvent } from "../analytics/event.ts";
import { createSender } from "../analytics/sender.ts";
import { analyticsSettings } from "../analytics/settings.ts";
import { type Clock, systemClock } from "../lib/clock.ts";
import { Exit, type ExitCode } from "../lib/errors.ts";
import type { Invocation } from "./command.ts";

/** How long the end of a command waits for its event to get away, in milliseconds. */
export const PATIENCE = 60;

/**
 * Not counted as commands: what shells and the curious ask, and `run`, which an MCP client starts and of which every tool
 * call counts by itself.
 */
const UNCOUNTED: readonly string[] = ["analytics", "completion", "run"];

/**
 * Runs a command and sends the anonymous events about it, where they are switched on. It sees of the command line only
 * which command it names, and of the outcome only the exit code, which it does not change.
 *
 * @param command the command's path in the tree
 * @param work the command, which tells its own failures
 */
export async function counted(
  command: string,
  invocation: Invocation,
  work: (invocation: Invocation) => Promise<ExitCode>,
  clock: Clock = systemClock,
): Promise<ExitCode> {
  const settings = analyticsSettings(invocation.environment);
  if (!settings.on) return work(invocation);
  const sender = createSender(settings.url);
  const started = performance.now();
  let success = false;
  try {
    const code = await work({ ...invocation, onCall: (call) => void sender.send(toolEvent(call)) });
    success = code === Exit.done;
    return code;
  } finally {
    const milliseconds = performance.now() - started;
    if (UNCOUNTED.includes(command)) sender.abort();
    else {
      const sent = sender.send(commandEvent({ command, success, milliseconds }));
      await Promise.race([sent, clock.sleep(PATIENCE)]);
    }
  }
}
