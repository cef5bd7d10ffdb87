import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../scripts/build.ts";
import { type CommandEvent, commandEvent, type ToolEvent, toolEvent } from "../../src/analytics/event.ts";
import { PATIENCE } from "../../src/cli/usage.ts";

const text = readFileSync(join(ROOT, "docs", "analytics.md"), "utf8");
const table = /<!-- fields -->\n([\s\S]*?)<!-- \/fields -->/.exec(text)?.[1] ?? "";
const rows = table
  .split("\n")
  .slice(2, -1)
  .map((line) => {
    const [field = "", example = "", command = "", tool = ""] = line.split("|").slice(1);
    return {
      field: bare(field),
      example: JSON.parse(bare(example)),
      command: command.trim() === "yes",
      tool: tool.trim() === "yes",
    };
  });

const events: { readonly command: CommandEvent; readonly tool: ToolEvent } = {
  command: commandEvent({ command: "clients add", success: true, milliseconds: 120 }),
  tool: toolEvent({
    tool: "auth0_list_applications",
    client: "claude-code",
    success: true,
    milliseconds: 120,
  }),
};

test.each(["command", "tool"] as const)(
  "the page tells each field of the event after a %s, and no other",
  (kind) => {
    const told = rows.filter((row) => row[kind]).map(({ field }) => field);
    expect(told).toEqual(Object.keys(events[kind]));
  },
);

test("its examples are what the fields hold", () => {
  const sent = new Map<string, unknown>(Object.entries({ ...events.command, ...events.tool }));
  const ofThisMachine = ["version", "os", "arch"];
  for (const { field, example } of rows) {
    expect({ field, type: typeof example }).toEqual({ field, type: typeof sent.get(field) });
    if (!ofThisMachine.includes(field))
      expect({ field, example }).toEqual({ field, example: sent.get(field) });
  }
});

test("it tells how long a command waits", () => {
  expect(text).toContain(`at most ${PATIENCE} ms`);
});

function bare(cell: string): string {
  return cell.trim().replace(/^`|`$/g, "");
}
