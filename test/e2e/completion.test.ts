import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needPrograms } from "../../scripts/support/packages.ts";
import { haveTerminal, openTerminal, type Terminal } from "../../scripts/support/terminal.ts";
import { bareEnvironment, executable, run } from "../support/executable.ts";

const onTerminal = haveTerminal();
const bash = needPrograms("completion in bash", ["bash"], ["bash"]);
const zsh = needPrograms("completion in zsh", ["zsh"], ["zsh"]);
const fish = needPrograms("completion in fish", ["fish"], ["fish"]);

let home: string;
let env: Record<string, string>;
let terminal: Terminal | undefined;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "auth0-mcp-completion-"));
  mkdirSync(join(home, "bin"));
  mkdirSync(join(home, "arguments"));
  writeFileSync(join(home, "arguments.json"), "{}");
  symlinkSync(await executable(), join(home, "bin", "auth0-mcp"));
  env = { HOME: home, PATH: `${join(home, "bin")}:/usr/bin:/bin`, LANG: "C.UTF-8" };
  for (const shell of ["bash", "zsh", "fish", "powershell"]) {
    const { code, stdout } = await run(["completion", shell]);
    expect(code).toBe(0);
    writeFileSync(join(home, `completion.${shell}`), stdout);
  }
});
afterAll(() => rmSync(home, { recursive: true }));
afterEach(() => {
  terminal?.close();
  terminal = undefined;
});

/** A shell that waits for a person, with the script loaded. */
async function open(command: readonly string[], setup: string): Promise<Terminal> {
  terminal = openTerminal(command, env);
  await terminal.waitFor(/ready>$/);
  terminal.press(`${setup}; echo set up`, "Enter");
  await terminal.waitFor(/^set up\nready>$/m);
  return terminal;
}

/** What stands behind the last prompt once it is as expected. Throws when it never is. */
function line(place: Terminal, pattern: RegExp): Promise<string> {
  return place.waitFor(new RegExp(`ready> ${pattern.source}\\s*$`));
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const typed = (text: string) => new RegExp(escaped(text));

/** What is typed before the Tab, and what stands there after it, in every shell. */
const everywhere: readonly (readonly [string, string])[] = [
  ["auth0-mcp tena", "auth0-mcp tenants "],
  ["auth0-mcp tools sh", "auth0-mcp tools show "],
  ["auth0-mcp run --rea", "auth0-mcp run --read-only "],
  ["auth0-mcp tools show auth0_deploy", "auth0-mcp tools show auth0_deploy_action "],
  ["auth0-mcp run --tools=auth0_deploy", "auth0-mcp run --tools=auth0_deploy_action "],
  [
    "auth0-mcp run --tools auth0_get_log,auth0_deploy",
    "auth0-mcp run --tools auth0_get_log,auth0_deploy_action ",
  ],
  ["auth0-mcp sandbox --seed e", "auth0-mcp sandbox --seed empty "],
  ["auth0-mcp sandbox --seed=e", "auth0-mcp sandbox --seed=empty "],
  ["auth0-mcp clients add curs", "auth0-mcp clients add cursor "],
  [
    "auth0-mcp tools call auth0_get_log --args-file argu",
    "auth0-mcp tools call auth0_get_log --args-file arguments",
  ],
  ["auth0-mcp login --scopes read:client_", "auth0-mcp login --scopes read:client_grants "],
];

describe.skipIf(!onTerminal || !bash)("bash", () => {
  const start = ["bash", "--norc", "--noprofile", "-c", "PS1='ready> ' exec bash --norc --noprofile -i"];
  const setup = "source ~/completion.bash; cd; bind 'set bell-style none'";

  test.each(everywhere)("%s", async (before, after) => {
    const place = await open(start, setup);
    place.press(before, "Tab");
    await line(place, typed(after.trimEnd()));
  });

  test("what fits is listed, and only that", async () => {
    const place = await open(start, setup);
    place.press("auth0-mcp tools ", "Tab", "Tab");
    expect(await place.waitFor(/call +list +show/)).not.toContain("arguments.json");
  });

  test("what stands in quotes is completed, and the quote is closed", async () => {
    const place = await open(start, setup);
    place.press("echo; auth0-mcp tools list --json --tools 'auth0_publish", "Tab");
    await line(place, typed("echo; auth0-mcp tools list --json --tools 'auth0_publish_form'"));
  });

  test("a program of that name in the current folder is never run", async () => {
    const place = await open(start, setup);
    const trap = join(home, "auth0-mcp");
    writeFileSync(trap, "#!/bin/sh\ntouch ~/trapped\necho trapped\n", { mode: 0o755 });
    place.press("./auth0-mcp tena", "Tab");
    await line(place, typed("./auth0-mcp tenants"));
    rmSync(trap);
    expect(await Bun.file(join(home, "trapped")).exists()).toBe(false);
  });
});

describe.skipIf(!onTerminal || !zsh)("zsh", () => {
  const start = ["env", "PS1=ready> ", "zsh", "-f"];
  const setup = "autoload -Uz compinit; compinit -u -D; source ~/completion.zsh; unsetopt beep; cd";

  test.each(everywhere)("%s", async (before, after) => {
    const place = await open(start, setup);
    place.press(before, "Tab");
    await line(place, typed(after.trimEnd()));
  });

  test("what fits is listed with what it means", async () => {
    const place = await open(start, setup);
    place.press("auth0-mcp tools ", "Tab");
    await place.waitFor(/show +-- Show one tool/);
  });

  test("read from a folder of fpath, it works from the first Tab", async () => {
    mkdirSync(join(home, "functions"));
    symlinkSync(join(home, "completion.zsh"), join(home, "functions", "_auth0-mcp"));
    const place = await open(start, "fpath=(~/functions $fpath); autoload -Uz compinit; compinit -u -D; cd");
    place.press("auth0-mcp tena", "Tab");
    await line(place, typed("auth0-mcp tenants"));
  });
});

describe.skipIf(!fish)("fish", () => {
  /** What fish offers for a line, each candidate with what it means. */
  function offered(text: string): string[] {
    const script = `source ~/completion.fish; cd; complete -C ${JSON.stringify(text)}`;
    const child = Bun.spawnSync(["fish", "--no-config", "-c", script], { env: bareEnvironment(env) });
    expect(child.stderr.toString()).toBe("");
    return child.stdout.toString().split("\n").filter(Boolean);
  }

  test.each(everywhere)("%s", (before, after) => {
    const word = after.trimEnd().split(" ").at(-1) ?? "";
    const words = offered(before).map((found) => found.split("\t")[0] ?? "");
    expect(words.length).toBeGreaterThan(0);
    for (const found of words) expect(found).toStartWith(word);
  });

  test("what fits is offered with what it means, in the program's order, and nothing else", () => {
    const words = offered("auth0-mcp tools ");
    expect(words.map((found) => found.split("\t")[0])).toEqual(["list", "show", "call"]);
    expect(words[1]).toStartWith("show\tShow one tool");
    expect(offered("auth0-mcp tools show auth0_get_form ")).toEqual([]);
    expect(offered("auth0-mcp tools call x --args-file argu").map((found) => found.split("\t")[0])).toEqual([
      "arguments/",
      "arguments.json",
    ]);
  });
});
