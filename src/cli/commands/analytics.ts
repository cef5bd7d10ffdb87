import { bodyOf, commandEvent, toolEvent } from "../../analytics/event.ts";
import { type AnalyticsSettings, analyticsSettings } from "../../analytics/settings.ts";
import { options } from "../../config/options.ts";
import { Exit } from "../../lib/errors.ts";
import { defineCommand } from "../command.ts";

/**
 * With `--json` prints `{"on", "decided_by", "reason", "url", "event", "tool_event"}`: `decided_by` is a variable or
 * "build", `url` is null where nothing is sent, and the two events are examples of what is sent after a command and
 * after a tool call.
 */
export const analytics = defineCommand({
  meta: {
    name: "analytics",
    description: "Show whether anonymous usage events are sent, why, where to, and what",
  },
  args: { json: { type: "boolean", description: "Print JSON" } },
  examples: [
    { does: "What is sent about me?", type: "analytics" },
    { does: "The same for a script", type: "analytics --json" },
  ],
  variables: [options.analytics, options.doNotTrack, options.analyticsUrl],
  async run(args, { environment, output }) {
    const settings = analyticsSettings(environment);
    if (args.json === true) {
      await output.json({
        on: settings.on,
        decided_by: settings.decidedBy,
        reason: settings.reason,
        url: settings.on ? settings.url : null,
        event: { ...EVENT },
        tool_event: { ...TOOL_EVENT },
      });
    } else await output.data(describe(settings));
    return Exit.done;
  },
});

const EVENT = commandEvent({ command: "clients add", success: true, milliseconds: 123 });
const TOOL_EVENT = toolEvent({
  tool: "auth0_list_applications",
  client: "claude-code",
  success: true,
  milliseconds: 456,
});

function describe(settings: AnalyticsSettings): string {
  const where = settings.on
    ? `Each event is sent once, as JSON, to ${settings.url}`
    : "Nothing is sent. These events would be, if it were on.";
  return [
    `${settings.on ? "On" : "Off"}: ${settings.reason}`,
    where,
    "",
    `After "${EVENT.command}":`,
    bodyOf(EVENT),
    "",
    `After a call of ${TOOL_EVENT.tool} by an MCP client:`,
    bodyOf(TOOL_EVENT),
    "",
    `${options.analytics.variable}=false or ${options.doNotTrack.variable}=1 turns it off.`,
  ].join("\n");
}
