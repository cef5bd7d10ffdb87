import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readClientKey } from "../../src/auth/key-file.ts";
import { rejection } from "../support/rejection.ts";
import { never } from "./harness.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "auth0-mcp-key-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a file that cannot be read is refused by flag, file and the system's reason", async () => {
  const file = join(folder, "none.pem");
  expect(await rejection(readClientKey(file, "--private-key-file", never))).toMatchObject({
    code: "usage",
    message: expect.stringContaining(`--private-key-file: ${file} cannot be read`),
    cause: { code: "ENOENT" },
  });
});

test("a file that holds no key is refused, and what the library said is kept as the cause alone", async () => {
  const file = join(folder, "no.pem");
  writeFileSync(file, "not a key");
  const { code, message, cause } = await rejection(readClientKey(file, "--private-key-file", never));
  expect([code, message]).toEqual(["usage", `${file} holds no private key in PEM form.`]);
  expect(cause).toBeInstanceOf(Error);
});

test("what holds more than a key is refused, be it a file or without end", async () => {
  const file = join(folder, "long.pem");
  writeFileSync(file, "-".repeat(64 * 1024 + 1));
  for (const source of [file, "/dev/zero"]) {
    expect(await rejection(readClientKey(source, "--private-key-file", never))).toMatchObject({
      exit: 2,
      message: expect.stringContaining("holds more than 64 KiB"),
    });
  }
});

test("a pipe that nobody writes to is waited for no longer than until the interrupt", async () => {
  const pipe = join(folder, "pipe");
  Bun.spawnSync(["mkfifo", pipe]);
  const interrupt = new AbortController();
  const reading = rejection(readClientKey(pipe, "--private-key-file", interrupt.signal));
  setTimeout(() => interrupt.abort(), 50);
  expect((await reading).code).toBe("cancelled");
  // Lets go of the thread that waits for somebody to write.
  Bun.spawnSync(["sh", "-c", 'exec 3<>"$0"', pipe]);
});
