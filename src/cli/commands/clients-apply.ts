import { applyEdit } from "../../clients/apply.ts";
import type { EntryAddress, Plan, Workshop } from "../../clients/plan.ts";
import { AppError, Exit } from "../../lib/errors.ts";
import type { JsonObject } from "../../lib/json.ts";
import type { Output } from "../output.ts";
import { ClientsReport } from "./clients-report.ts";

/** How a command changes each of the entries that are meant. */
export interface Work<P extends Plan> {
  readonly workshop: Workshop;
  readonly output: Output;
  /** Whether to print what was done as JSON. */
  readonly json: boolean;
  /** Works out one change. */
  plan(address: EntryAddress): Promise<P>;
  /** What was done, in lines for people. */
  told(plan: P): readonly string[];
  /** What scripts are told beside the file and the change. */
  facts(plan: P): JsonObject;
}

/**
 * Works out all changes, makes them one after the other, and tells of each. Planning comes first, so that a file that
 * cannot be edited stops the command before any other is written.
 *
 * @throws the first failure, after saying what was left undone
 */
export async function changeEntries<P extends Plan>(
  addresses: readonly EntryAddress[],
  work: Work<P>,
): Promise<void> {
  const report = new ClientsReport(addresses);
  try {
    await applyAll(await planAll(addresses, work), work, report);
  } catch (error) {
    if (work.json && error instanceof AppError && error.exit !== Exit.usage) {
      report.failed(error);
      await work.output.json(report.toJson());
    }
    throw error;
  }
  if (work.json) await work.output.json(report.toJson());
}

async function planAll<P extends Plan>(
  addresses: readonly EntryAddress[],
  { plan, output }: Work<P>,
): Promise<P[]> {
  const plans: P[] = [];
  try {
    for (const address of addresses) plans.push(await plan(address));
  } catch (error) {
    // Of a single one the failure itself says so.
    if (addresses.length > 1) tellUndone(addresses, output);
    throw error;
  }
  return plans;
}

function tellUndone(addresses: readonly EntryAddress[], output: Output): void {
  output.note(`Not done: ${addresses.map(({ client }) => client.name).join(", ")}.`);
}

async function applyAll<P extends Plan>(
  plans: readonly P[],
  { workshop, output, json, told, facts }: Work<P>,
  report: ClientsReport,
): Promise<void> {
  for (const [index, plan] of plans.entries()) {
    try {
      await applyEdit(plan, workshop);
    } catch (error) {
      tellUndone(
        plans.slice(index).map(({ address }) => address),
        output,
      );
      throw error;
    }
    const { address, file, kind } = plan;
    report.add(address, { file, change: kind, ...facts(plan) });
    if (json) continue;
    for (const line of told(plan)) output.note(line);
  }
}
