import { applyEdit } from "../../clients/apply.ts";
import { editorFor } from "../../clients/editors/index.ts";
import { entryDiff } from "../../clients/entry-diff.ts";
import { entryNotes } from "../../clients/entry-notes.ts";
import type { Machine } from "../../clients/machine.ts";
import type { EntryAddress, Plan, Workshop } from "../../clients/plan.ts";
import { shortPath } from "../../config/paths.ts";
import { AppError } from "../../lib/errors.ts";
import { isObject } from "../../lib/json.ts";
import { Redactor } from "../../policy/redaction.ts";
import type { Limits } from "../limits.ts";
import { type LimitedPlan, planLimited } from "./limited-plan.ts";

/** Works out the change of each client's file for a tenant. Nothing is written. Throws like `planLimited`. */
export async function planFiles(
  addresses: readonly EntryAddress[],
  domain: string | undefined,
  limits: Limits,
  workshop: Workshop,
): Promise<LimitedPlan[]> {
  const plans: LimitedPlan[] = [];
  for (const address of addresses) plans.push(await planLimited(address, domain, limits, workshop));
  return plans;
}

/**
 * Makes a planned change and looks at the file again: some clients rewrite their files while they run.
 *
 * @returns the plan of the same change afterwards, which is to do nothing
 * @throws AppError (exit 1) when the file cannot be edited, or does not hold the entry afterwards
 */
export async function writeFile(plan: LimitedPlan, domain: string, workshop: Workshop): Promise<LimitedPlan> {
  await applyEdit(plan, workshop);
  const after = await planLimited(plan.address, domain, plan.limits, workshop);
  if (after.kind === "nothing") return after;
  const { client, name } = plan.address;
  throw new AppError({
    code: "client_file",
    message: `${after.file} does not hold the entry ${name} that was just written to it: something else changed the file.`,
    hint: `Quit ${client.name}, and try again.`,
  });
}

/** What was done to a file, one line, and what else there is to know of it. */
export function describeWrite(plan: LimitedPlan, machine: Machine): string {
  return [whatWasDone(plan, machine), ...entryNotes(plan, machine)].join(" ");
}

/** What a planned change would replace, when that is the entry of the Node.js server. */
export function describeReplacement(
  { address, file, previous, ...plan }: LimitedPlan,
  machine: Machine,
): string | undefined {
  if (previous?.owner !== "node-server") return undefined;
  const { client, name } = address;
  return `${client.name}: ${name} in ${shortPath(file, machine)} starts the Node.js server and would start this one${limitsKept(plan)}; what else the entry holds is kept. It starts now: ${previous.starts}`;
}

function limitsKept({ takenOver }: Pick<LimitedPlan, "takenOver">): string {
  return takenOver.length === 0 ? "" : ` with the limits it had, ${takenOver.join(" ")}`;
}

function whatWasDone(plan: LimitedPlan, machine: Machine): string {
  const { address, kind, file, previous } = plan;
  const { client, name } = address;
  const path = shortPath(file, machine);
  if (kind === "nothing") return `${client.name}: ${name} is in ${path} already, as asked.`;
  if (kind === "add") return `${client.name}: added ${name} to ${path}.`;
  if (previous?.owner === "node-server") {
    return `${client.name}: ${name} in ${path} started the Node.js server and now starts this one${limitsKept(plan)}; what else the entry held is kept. It started before: ${previous.starts}`;
  }
  return `${client.name}: updated ${name} in ${path}, which started: ${previous?.starts ?? "nothing"}`;
}

/**
 * A planned change as a diff of our entry's lines that come and go; empty for no change. The entry itself may hold secrets
 * of the person's: what is called one is withheld.
 */
export async function describeChange(plan: Plan): Promise<string> {
  const { address, kind, file, before } = plan;
  if (kind === "nothing") return "";
  const redactor = new Redactor();
  const editor = await editorFor(address.client.format);
  const data = before === undefined ? undefined : editor.parse(before);
  if (isObject(data)) redactor.registerSecretsOf(data);
  const lines = await entryDiff(plan);
  return redactor.text(
    [`--- ${before === undefined ? "/dev/null" : file}`, `+++ ${file}`, ...lines].join("\n"),
  );
}
