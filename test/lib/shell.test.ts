import { expect, test } from "bun:test";
import { shellWord } from "../../src/lib/shell.ts";

test.each([
  ["--tools=auth0_list,a/b.c@d:e-f", "--tools=auth0_list,a/b.c@d:e-f"],
  ["auth0_list_*", "'auth0_list_*'"],
  ["/home/Ada L/key.pem", "'/home/Ada L/key.pem'"],
  ["~/key.pem", "'~/key.pem'"],
  ["", "''"],
])("%p stands in a command as %s", (word, written) => {
  expect(shellWord(word)).toBe(written);
});

test.skipIf(process.platform === "win32")("a shell takes every word back unchanged", () => {
  const words = ["plain", "", "two words", "it's", "''", '"', "$HOME `id` \\ !", "a\nb", "*", "~", "ü", "-n"];
  const shell = Bun.spawnSync(["sh", "-c", `printf '%s\\0' ${words.map(shellWord).join(" ")}`]);
  expect(shell.stdout.toString().split("\0")).toEqual([...words, ""]);
});
