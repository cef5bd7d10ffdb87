import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { ROOT } from "../../scripts/build.ts";
import { finished } from "../../scripts/release/run.ts";
import { asObject, asObjects, asString, asStrings, type JsonObject, parseJson } from "../../src/lib/json.ts";
import { npmTools } from "../support/npm-tools.ts";

const WORKFLOWS = ".github/workflows";
const RECIPES = "docs/recipes";

export const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const recipes = (system: string) =>
  readdirSync(join(ROOT, RECIPES))
    .filter((file) => file.startsWith(system))
    .map((file) => `${RECIPES}/${file}`);

/** This repository's own workflows, and the one that people copy. */
export const GITHUB: readonly string[] = [
  ...readdirSync(join(ROOT, WORKFLOWS)).map((file) => `${WORKFLOWS}/${file}`),
  ...recipes("github"),
];
export const GITLAB: readonly string[] = [".gitlab-ci.yml", ...recipes("gitlab")];

export type Variables = Readonly<Record<string, string>>;

/** What runs in one shell: a step of a GitHub workflow, or a job of a GitLab pipeline. */
export interface Script {
  /** `job` or `job / step`. */
  readonly name: string;
  readonly text: string;
  /** How the runner starts the shell; the script's file comes after it. */
  readonly shell: readonly string[];
  /** The variables the file itself gives it, as they are written there. */
  readonly variables: Variables;
  readonly folder: string;
}

/** A job of a GitHub workflow, and everything around it that counts. */
export interface GithubJob {
  readonly id: string;
  readonly job: JsonObject;
  readonly steps: readonly JsonObject[];
  readonly scripts: readonly Script[];
}

export function githubWorkflow(text: string): JsonObject {
  const workflow: unknown = parse(text);
  return asObject(workflow) ?? {};
}

export function githubJobs(text: string): GithubJob[] {
  const workflow = githubWorkflow(text);
  const shell = asString(asObject(asObject(workflow["defaults"])?.["run"])?.["shell"]);
  return Object.entries(asObject(workflow["jobs"]) ?? {}).map(([id, value]) => {
    const job = asObject(value) ?? {};
    const steps = asObjects(job["steps"]);
    const scripts = steps.flatMap((step): Script[] => {
      const run = asString(step["run"]);
      if (run === undefined) return [];
      const name = `${id} / ${asString(step["name"]) ?? run.trim()}`;
      const variables = { ...strings(workflow["env"]), ...strings(job["env"]), ...strings(step["env"]) };
      // The runner's own words for `shell: bash`, and for no word at all.
      const flags = shell === "bash" ? ["--noprofile", "--norc", "-eo", "pipefail"] : ["-e"];
      const folder = asString(step["working-directory"]) ?? ".";
      return [{ name, text: run, shell: ["bash", ...flags], variables, folder }];
    });
    return { id, job, steps, scripts };
  });
}

function strings(value: unknown): Variables {
  return Object.fromEntries(
    Object.entries(asObject(value) ?? {}).map(([name, each]) => [name, String(each)]),
  );
}

/** What gitlab-ci-local told already, by its flags and its input: a start takes half a second. */
const told = new Map<string, string>();

/**
 * Reads a GitLab pipeline with gitlab-ci-local, which holds it against GitLab's own JSON schema, puts in what jobs
 * extend, and looks for the jobs that others need.
 *
 * @throws Error with its words when it refuses the file
 */
function gitlab(text: string, flags: readonly string[]): string {
  const question = [...flags, text].join("\n");
  const answer = told.get(question) ?? askGitlab(text, flags);
  told.set(question, answer);
  return answer;
}

function askGitlab(text: string, flags: readonly string[]): string {
  const tools = npmTools("gitlab", ["gitlab-ci-local@4.75.1"]);
  const folder = mkdtempSync(join(tmpdir(), "auth0-mcp-gitlab-"));
  const run = (...command: string[]) => {
    const env = { HOME: folder, GIT_CONFIG_NOSYSTEM: "1" };
    return finished(command, { cwd: folder, env });
  };
  try {
    const who = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
    run("git", "init", "-q", "-b", "main");
    run("git", "remote", "add", "origin", "https://gitlab.com/example/project.git");
    run("git", ...who, "commit", "-q", "--allow-empty", "-m", "first");
    writeFileSync(join(folder, ".gitlab-ci.yml"), text);
    const program = join(tools, "node_modules", "gitlab-ci-local", "dist", "index.js");
    return run(process.execPath, program, ...flags);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The scripts of all jobs of a GitLab pipeline. */
export function gitlabScripts(text: string): Script[] {
  const expanded: unknown = parse(gitlab(text, ["--preview"]).replace(/^---\n/, ""));
  const { variables, ...jobs } = asObject(expanded) ?? {};
  return Object.entries(jobs).flatMap(([name, value]): Script[] => {
    const job = asObject(value) ?? {};
    const lines = [...asStrings(job["before_script"]), ...asStrings(job["script"])];
    if (lines.length === 0) return [];
    const shell = ["bash", "-eo", "pipefail"];
    const given = { ...strings(variables), ...strings(job["variables"]) };
    return [{ name, text: `${lines.join("\n")}\n`, shell, variables: given, folder: "." }];
  });
}

/** When each job of a GitLab pipeline runs: `on_success`, `manual` or `never`. */
export function gitlabPlan(text: string, variables: Variables): Record<string, string> {
  const given = Object.entries(variables).flatMap(([name, value]) => ["--variable", `${name}=${value}`]);
  const ours = ["--no-json-schema-validation", "--ignore-predefined-vars", Object.keys(variables).join(",")];
  const list = gitlab(text, ["--list-json", ...ours, ...given]);
  const jobs = parseJson(list);
  if (!Array.isArray(jobs)) throw new Error(`gitlab-ci-local tells no list of jobs: ${list}`);
  return Object.fromEntries(
    asObjects(jobs).map((job) => [asString(job["name"]) ?? "", asString(job["when"]) ?? ""]),
  );
}

/** The scripts of every file, each with the file it stands in. */
export function everyScript(): (Script & { readonly file: string })[] {
  return [
    ...GITHUB.flatMap((file) =>
      githubJobs(read(file)).flatMap(({ scripts }) => scripts.map((script) => ({ ...script, file }))),
    ),
    ...GITLAB.flatMap((file) => gitlabScripts(read(file)).map((script) => ({ ...script, file }))),
  ];
}

/**
 * The one script whose name holds some words.
 *
 * @throws Error when there is none, or more than one
 */
export function scriptOf(scripts: readonly Script[], words: string): Script {
  const [script, ...more] = scripts.filter(({ name }) => name.includes(words));
  if (script === undefined || more.length > 0) throw new Error(`not one script is named ${words}`);
  return script;
}
