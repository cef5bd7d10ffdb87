import { describe, expect, test } from "bun:test";
import {
  DocumentError,
  decodeDocument,
  encodeDocument,
  indentAt,
  indentUnit,
  lineEnd,
  lineOf,
  lineStart,
  lineStop,
} from "../../src/clients/document.ts";

describe("bytes and text", () => {
  test.each(["", "x", "\uFEFF{}", "\uFEFF", "ü😀\r\n"])("%j survives", (text) => {
    const bytes = new TextEncoder().encode(text);
    const document = decodeDocument(bytes);
    expect(document.mark).toBe(text.startsWith("\uFEFF"));
    expect(encodeDocument(document)).toEqual(bytes);
  });

  test("what is not UTF-8 is refused, with its line", () => {
    const bad = Uint8Array.from([0x7b, 0x0a, 0x22, 0xe9, 0x22, 0x0a, 0x7d]);
    expect(() => decodeDocument(bad)).toThrow(new DocumentError("is not UTF-8", 2));
    const wide = Uint8Array.from([0xff, 0xfe, 0x7b, 0x00]);
    expect(() => decodeDocument(wide)).toThrow("is UTF-16, not UTF-8");
  });
});

describe("lines", () => {
  test("the line end is that of most lines", () => {
    expect(lineEnd("")).toBe("\n");
    expect(lineEnd("a\r\nb\r\nc\n")).toBe("\r\n");
    expect(lineEnd("a\r\nb\nc\n")).toBe("\n");
  });

  test("the unit of indentation is that of the first indented line that is no comment", () => {
    expect(indentUnit("{}")).toBe("  ");
    expect(indentUnit("{\n    // c\n   * d\n\t\t\n   x")).toBe("   ");
    expect(indentUnit("{\n\t\tx")).toBe("\t");
  });

  test("offsets lead to lines", () => {
    const text = "\n  a: 1\r\nb";
    expect([0, 1, 4, 9].map((offset) => lineStart(text, offset))).toEqual([0, 1, 1, 9]);
    expect([0, 1, 9].map((offset) => lineStop(text, offset))).toEqual([0, 7, 10]);
    expect([0, 1, 4, 9].map((offset) => lineOf(text, offset))).toEqual([1, 2, 2, 3]);
    expect(indentAt(text, 6)).toBe("  ");
    expect(indentAt(text, 9)).toBe("");
  });
});
