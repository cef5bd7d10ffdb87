import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { lineDiff } from "../../src/clients/diff.ts";
import { jsonEditor } from "../../src/clients/editors/json.ts";

describe("a diff", () => {
  test("shows what comes, what goes, and nothing that stays", () => {
    const before = '{\n  "secret": "canary",\n  "mcpServers": {\n    "a": {}\n    // note\n  }\n}\n';
    const place = { path: ["mcpServers"], name: "auth0" };
    const { text } = jsonEditor.set(before, place, { command: "/opt/auth0-mcp" });
    expect(lineDiff(before, text)).toEqual([
      '-    "a": {}',
      '+    "a": {},',
      '+    "auth0": {',
      '+      "command": "/opt/auth0-mcp"',
      "+    }",
    ]);
    expect(lineDiff(text, text)).toEqual([]);
    expect(lineDiff("", "a\nb\n")).toEqual(["+a", "+b"]);
    expect(lineDiff("a\r\nb", "")).toEqual(["-a", "-b"]);
  });

  test("leaves as many lines of the one as of the other, and only lines that it has", () => {
    const lines = fc.array(fc.constantFrom<string[]>("a", "b", "c"), { maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, (old, fresh) => {
        const diff = lineDiff(
          old.map((line) => `${line}\n`).join(""),
          fresh.map((line) => `${line}\n`).join(""),
        );
        const gone = diff.filter((line) => line.startsWith("-")).length;
        const come = diff.filter((line) => line.startsWith("+")).length;
        expect(old.length - gone).toBe(fresh.length - come);
        const missing = diff.filter((line) => !(line.startsWith("-") ? old : fresh).includes(line.slice(1)));
        expect(missing).toEqual([]);
        if (old.join() === fresh.join()) expect(diff).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("of two large texts that share nothing is both of them", () => {
    const text = (word: string) => Array.from({ length: 3_000 }, (_, index) => `${word}${index}\n`).join("");
    expect(lineDiff(text("a"), text("b"))).toHaveLength(6_000);
  });
});
