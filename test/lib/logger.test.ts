import { expect, test } from "bun:test";
import { createLogger, debugWanted } from "../../src/lib/logger.ts";

function logged(step: string, details?: Record<string, unknown>): string {
  const lines: string[] = [];
  createLogger(
    (line) => lines.push(line),
    (text) => text.replaceAll("hunter2", "***"),
  )(step, details);
  expect(lines).toHaveLength(1);
  return lines[0] ?? "";
}

test("a step is one line of words and values", () => {
  expect(logged("request", { method: "GET", status: 200, path: "/clients", gone: undefined })).toBe(
    "auth0-mcp request method=GET status=200 path=/clients",
  );
  expect(logged("start")).toBe("auth0-mcp start");
});

test("every line passes redaction", () => {
  expect(logged("x", { token: "hunter2", nested: { deep: "hunter2" } })).toBe(
    'auth0-mcp x token=*** nested={"deep":"***"}',
  );
});

test("a value cannot break the line or steer the terminal", () => {
  const line = logged("defect", { error: "Error: a\n    at b\u001b[31m\u009b0m" });
  expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  expect(line).toContain("Error: a\\n    at b");
});

test.each([
  ["auth0-mcp", true],
  ["*", true],
  ["express:*,auth0-mcp", true],
  ["vite auth0-mcp", true],
  ["auth0", false],
  ["auth0-mcp-other", false],
  ["", false],
  [undefined, false],
])("DEBUG=%p asks for this program: %p", (variable, wanted) => {
  expect(debugWanted(variable)).toBe(wanted);
});
