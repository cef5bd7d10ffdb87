import { describe, expect, test } from "bun:test";
import { asObject, asString } from "../../src/lib/json.ts";
import {
  everyScript,
  GITHUB,
  GITLAB,
  type GithubJob,
  githubJobs,
  githubWorkflow,
  gitlabPlan,
  read,
} from "./pipelines.ts";

const READING = { contents: "read" };
/** What a job may do to the repository, or as it. Every other one may at most read the repository. */
const GRANTS: Readonly<Record<string, object>> = {
  "release.yml draft": { contents: "write" },
  "release.yml npm": { "id-token": "write" },
};

const shortName = (file: string) => file.replace(/^.*\//, "");
const jobs = GITHUB.flatMap((file) => githubJobs(read(file)).map((job) => ({ file, ...job })));
const named = jobs.map((job) => [`${shortName(job.file)} ${job.id}`, job] as const);

describe.each(named)("the job %s", (name, { file, job, steps, scripts }) => {
  test("may do no more than it must", () => {
    const permissions = job["permissions"] ?? githubWorkflow(read(file))["permissions"];
    expect(permissions).toBeDefined();
    const allowed: unknown[] = [{}, READING, GRANTS[name]];
    expect(allowed).toContainEqual(permissions);
  });

  test("ends by itself", () => {
    if (job["uses"] === undefined) expect(job["timeout-minutes"]).toBeNumber();
    else expect(asString(job["uses"])).toStartWith("./.github/workflows/");
  });

  test("uses GitHub's own actions alone, and leaves no credentials in the clone", () => {
    for (const step of steps) {
      const action = asString(step["uses"]);
      if (action !== undefined) expect(action).toMatch(/^actions\/[\w-]+@(v\d+|[0-9a-f]{40})$/);
      if (action?.startsWith("actions/checkout@")) {
        expect(asObject(step["with"])).toMatchObject({ "persist-credentials": false });
      }
    }
  });

  test("puts no expression into a script, where its value would be code", () => {
    expect(scripts.filter(({ text }) => text.includes("${{"))).toEqual([]);
  });

  test("hands a secret to one step, not to all", () => {
    const { jobs: _, ...workflow } = githubWorkflow(read(file));
    const wide = [workflow, { ...job, steps: [] }, ...steps.map((step) => ({ ...step, env: {} }))];
    expect(wide.filter((part) => SECRET.test(JSON.stringify(part)))).toEqual([]);
  });
});

const SECRET = /\bsecrets\s*[.[]|github\.token/;

test("the grants name jobs that exist", () => {
  expect(named.map(([name]) => name)).toEqual(expect.arrayContaining(Object.keys(GRANTS)));
});

test("an action has one version everywhere", () => {
  const used = jobs.flatMap(({ steps }) => steps.flatMap((step) => asString(step["uses"]) ?? []));
  const versions = new Set(used);
  expect(versions.size).toBe(new Set(used.map((action) => action.replace(/@.*/, ""))).size);
});

/** Ways a script shows its variables, or those of one that is named in it. */
const SHOWING =
  /\bset -\w*[xv]|\bset -o (xtrace|verbose)|\b(printenv|declare -p|export -p)\b|^\s*env\s*($|\|)|(echo|printf|cat)\b[^\n]*\$\{?\w*(SECRET|TOKEN|PASSWORD)/m;

test("no script shows a secret, or all its variables", () => {
  expect(everyScript().filter(({ text }) => SHOWING.test(text))).toEqual([]);
  for (const wrong of [
    "set -eux",
    "env | sort",
    "  printenv",
    'echo "token $NPM_TOKEN"',
    "printf %s $A_SECRET",
  ])
    expect(wrong).toMatch(SHOWING);
  for (const right of ["set -eu", 'node script.js env "$GH_TOKEN"', 'echo "$HOME"'])
    expect(right).not.toMatch(SHOWING);
});

describe("when GitLab runs what", () => {
  const [own = "", recipe = ""] = GITLAB.map(read);

  test("a change is tested; a release is built for a tag with a version, and published by a person", () => {
    const plan = { gate: "on_success", windows: "never" };
    const change = { ...plan, macos: "on_success", build: "never", publish: "never" };
    expect(gitlabPlan(own, { CI_COMMIT_TAG: "nightly", MACOS_RUNNER_TAG: "mac" })).toEqual(change);
    const release = { ...plan, macos: "never", build: "on_success", publish: "manual" };
    expect(gitlabPlan(own, { CI_COMMIT_TAG: "v1.2.3" })).toEqual(release);
  });

  test("the session is looked at wherever protected variables are; the list is made when it is time", () => {
    const plan = (safe: string, source: string) =>
      gitlabPlan(recipe, { CI_COMMIT_REF_PROTECTED: safe, CI_PIPELINE_SOURCE: source });
    expect(plan("false", "push")).toEqual({ session: "never", applications: "never" });
    expect(plan("true", "schedule")).toEqual({ session: "on_success", applications: "on_success" });
  });
});

describe("the release", () => {
  const job = (id: string): GithubJob | undefined => jobs.find((each) => each.id === id);

  test("is drafted after the whole gate, and after each executable was started", () => {
    expect(job("draft")?.job["needs"]).toEqual(["test", "build", "verify"]);
    expect(job("npm")?.job["needs"]).toBe("draft");
    expect(job("gate")?.scripts.map(({ text }) => text)).toContain(".ci/run");
  });
});
