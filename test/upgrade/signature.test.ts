import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "../../scripts/release/run.ts";
import { SIGNING_KEY } from "../../scripts/release/signing.ts";
import { checkSignature } from "../../src/upgrade/signature.ts";
import { haveMinisign, makeKey, type SigningKey } from "./release-server.ts";

const message = Buffer.from("sums\n");
const refusal = (text: string) =>
  expect.objectContaining({ code: "download_refused", exit: 1, message: expect.stringContaining(text) });

describe.skipIf(!haveMinisign())("a signature made by minisign", () => {
  let folder: string;
  let key: SigningKey;
  let other: SigningKey;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "auth0-mcp-signature-"));
    key = makeKey();
    other = makeKey();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What the program itself writes; `-l` is the legacy algorithm. */
  function signed({ environment }: SigningKey, bytes = message, ...flags: string[]): string {
    const [secret, file] = [join(folder, "secret"), join(folder, "data")];
    writeFileSync(secret, environment[SIGNING_KEY] ?? "");
    writeFileSync(file, bytes);
    finished(["minisign", "-S", "-s", secret, "-m", file, "-t", "auth0-mcp 1.2.3", ...flags]);
    return readFileSync(`${file}.minisig`, "utf8");
  }

  const lines = (text: string) => text.split("\n");
  /** Another byte at a place of the base64 text in a line. */
  const spoil = (text: string, line: number, at: number) =>
    lines(text)
      .map((own, index) => {
        if (index !== line) return own;
        const bytes = Buffer.from(own, "base64");
        bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
        return bytes.toString("base64");
      })
      .join("\n");

  test.each([
    ["prehashed", [], "RU"],
    ["legacy", ["-l"], "RW"],
  ] as const)("%s, is accepted and gives its comment", (_, flags, start) => {
    const signature = signed(key, message, ...flags);
    expect(lines(signature)[1]).toStartWith(start);
    expect(checkSignature(key.publicKey, message, signature)).toBe("auth0-mcp 1.2.3");
    expect(checkSignature(key.publicKey, message, signature.replaceAll("\n", "\r\n"))).toBe(
      "auth0-mcp 1.2.3",
    );
  });

  test.each(["prehashed", "legacy"])("%s, is refused for other bytes, and by another key", (algorithm) => {
    const signature = signed(key, message, ...(algorithm === "legacy" ? ["-l"] : []));
    const check = (publicKey: string, bytes = message) => checkSignature(publicKey, bytes, signature);
    expect(() => check(key.publicKey, Buffer.from("sumz\n"))).toThrow(refusal("SHA256SUMS is wrong"));
    expect(() => check(other.publicKey)).toThrow(refusal("another key"));
    // The id says that it is the key, and the key is another.
    const forged = Buffer.from(other.publicKey, "base64");
    Buffer.from(key.publicKey, "base64").copy(forged, 2, 2, 10);
    expect(() => check(forged.toString("base64"))).toThrow(refusal("SHA256SUMS is wrong"));
  });

  test("is refused when any part of it is another", () => {
    const signature = signed(key);
    const check = (text: string) => () => checkSignature(key.publicKey, message, text);
    expect(check(spoil(signature, 1, 2))).toThrow(refusal("another key"));
    for (const at of [10, 41, 42, 73])
      expect(check(spoil(signature, 1, at))).toThrow(refusal("SHA256SUMS is wrong"));
    for (const at of [0, 63]) expect(check(spoil(signature, 3, at))).toThrow(refusal("signed comment"));
    expect(check(signature.replace("1.2.3", "1.2.4"))).toThrow(refusal("signed comment"));
    // The legacy algorithm signs the bytes themselves: what says so does not make it so.
    const relabelled = lines(signature).with(1, (lines(signature)[1] ?? "").replace(/^RU/, "RW"));
    expect(check(relabelled.join("\n"))).toThrow(refusal("SHA256SUMS is wrong"));
    expect(
      check(
        lines(signature)
          .with(1, (lines(signature)[1] ?? "").replace(/^RU/, "RX"))
          .join("\n"),
      ),
    ).toThrow(refusal("algorithm"));
  });

  test("is refused when it is not in the format", () => {
    const signature = signed(key);
    const texts = [
      ...["", "\n\n\n\n", "<html></html>", signature.slice(0, 60), `${signature}more\n`, `\n${signature}`],
      lines(signature).slice(0, 2).join("\n"),
      lines(signature).with(1, "").join("\n"),
      lines(signature)
        .with(1, `${lines(signature)[1]}AA`)
        .join("\n"),
      lines(signature).with(2, "comment: auth0-mcp 1.2.3").join("\n"),
      lines(signature).with(3, "AAAA").join("\n"),
      lines(signature)
        .with(3, ` ${lines(signature)[3]}`)
        .join("\n"),
    ];
    for (const text of texts)
      expect(() => checkSignature(key.publicKey, message, text)).toThrow(refusal("minisign's format"));
  });
});
