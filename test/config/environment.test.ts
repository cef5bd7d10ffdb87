import { describe, expect, test } from "bun:test";
import { parseBoolean, readVariable } from "../../src/config/environment.ts";

describe("readVariable", () => {
  test("exactly empty counts as unset", () => {
    expect(readVariable({}, "X")).toBeUndefined();
    expect(readVariable({ X: undefined }, "X")).toBeUndefined();
    expect(readVariable({ X: "" }, "X")).toBeUndefined();
  });

  test("a value comes as it is", () => {
    expect(readVariable({ X: " a " }, "X")).toBe(" a ");
    expect(readVariable({ X: "0" }, "X")).toBe("0");
  });

  test.each([" ", "\t", "\n", "  \u00a0 "])(
    "blanks alone (%j) are an error that names the variable",
    (blank) => {
      expect(() => readVariable({ X: blank }, "X")).toThrow(
        expect.objectContaining({ code: "usage", exit: 2 }),
      );
      expect(() => readVariable({ X: blank }, "X")).toThrow("X holds only blanks");
    },
  );
});

describe("parseBoolean", () => {
  test.each(["1", "true", "yes", "on", "TRUE", "Yes", " on "])("%j is true", (text) => {
    expect(parseBoolean(text, "--read-only")).toBe(true);
  });

  test.each(["0", "false", "no", "off", "FALSE", "No", "OFF\n"])("%j is false", (text) => {
    expect(parseBoolean(text, "--read-only")).toBe(false);
  });

  test.each([
    "",
    "t",
    "y",
    "2",
    "-1",
    "enabled",
    "ja",
    "truee",
    "true false",
    "ｔｒｕｅ",
    "null",
    "constructor",
  ])("%j is neither, and an error names the source", (text) => {
    expect(() => parseBoolean(text, "AUTH0_MCP_READ_ONLY")).toThrow(
      expect.objectContaining({ code: "usage", exit: 2 }),
    );
    expect(() => parseBoolean(text, "AUTH0_MCP_READ_ONLY")).toThrow("AUTH0_MCP_READ_ONLY");
  });
});
