import { wantedStore } from "../../../auth/store/open.ts";
import type { Environment } from "../../../config/environment.ts";
import { type Option, options } from "../../../config/options.ts";
import { configFolder, shortPath } from "../../../config/paths.ts";
import { AppError } from "../../../lib/errors.ts";
import { nearest } from "../../../lib/suggest.ts";
import { askedTenant } from "../../asked-tenant.ts";
import { selectionOf } from "../../runtime.ts";
import type { Check, Examination } from "../check.ts";

/** Told also where nothing is given: they decide what `run` does. */
const ALWAYS: readonly Option[] = [options.tools, options.excludeTools, options.readOnly, options.tenant];
/** An address may carry a key: whether it is given may be told, and no more. */
const UNTOLD: readonly Option[] = [options.analyticsUrl];

export const configuration: Check = {
  id: "configuration",
  title: "Configuration",
  async run(examination) {
    const { args, invocation, machine } = examination;
    const { environment } = invocation;
    const problems: AppError[] = [];
    const read = <T>(setting: () => T): T | undefined => orProblem(setting, problems);
    const selection = read(() => selectionOf(args, invocation));
    read(() => askedTenant(args.tenant, invocation));
    read(() => wantedStore(environment));
    const unknown = unknownVariables(environment);
    const all = selection === undefined ? 0 : selection.exposed.length + selection.leftOut.size;
    const lines = [
      ...problems.map(({ message }) => message),
      ...(unknown.length === 0 ? [] : [`not known: ${unknown.map(({ name }) => name).join(", ")}`]),
      ...settings(examination),
      ...(selection === undefined ? [] : [`tools exposed: ${selection.exposed.length} of ${all}`]),
      `folder: ${shortPath(configFolder(environment), machine)}`,
    ];
    const advice = [
      ...problems.flatMap(({ hint }) => (hint === undefined ? [] : [hint])),
      ...unknown.map(({ name, near }) => adviceFor(name, near)),
    ];
    return {
      status: problems.length > 0 ? "fail" : unknown.length > 0 ? "warn" : "pass",
      message: lines.join("\n"),
      ...(advice.length === 0 ? {} : { remedy: advice.join("\n") }),
    };
  },
};

/** One setting that cannot be read hides none of the others. */
function orProblem<T>(setting: () => T, problems: AppError[]): T | undefined {
  try {
    return setting();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    problems.push(error);
    return undefined;
  }
}

/** `name: value (where it came from)`, for all that is given or always told. */
function settings({ args, invocation }: Examination): string[] {
  const given = new Map<string, unknown>(Object.entries(args));
  const all: readonly Option[] = Object.values(options);
  return all.flatMap((option) => {
    const { flag, variable, default: fallback } = option;
    const name = flag ?? variable ?? "";
    const typed = flag === undefined ? undefined : given.get(flag);
    if (typed !== undefined) return [`${name}: ${typed} (--${flag})`];
    const value = variable === undefined ? undefined : invocation.environment[variable];
    if (value)
      return [
        `${name}: ${option.secret || UNTOLD.includes(option) ? "given, not shown" : value} (${variable})`,
      ];
    return ALWAYS.includes(option) ? [`${name}: ${fallback ?? "none"} (default)`] : [];
  });
}

interface UnknownVariable {
  readonly name: string;
  readonly near: string | undefined;
}

/** Variables that look like ours and are none: a mistyped limit limits nothing. */
function unknownVariables(environment: Environment): UnknownVariable[] {
  const all: readonly Option[] = Object.values(options);
  const known = all.flatMap(({ variable }) => (variable === undefined ? [] : [variable]));
  return Object.keys(environment)
    .filter((name) => name.startsWith("AUTH0_MCP_") && !known.includes(name))
    .map((name) => ({ name, near: nearest(name, known, 1)[0] }));
}

function adviceFor(name: string, near: string | undefined): string {
  return near === undefined ? `Unset ${name}.` : `Write ${near} for ${name}.`;
}
