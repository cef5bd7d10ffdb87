import { applyEdit } from "../../clients/apply.ts";
import type { Plan, Workshop } from "../../clients/plan.ts";
import type { Output } from "../output.ts";

/**
 * Makes planned changes one after the other, and tells of each.
 *
 * @throws the first failure, after saying what was left undone
 */
export async function applyAll(
  plans: readonly Plan[],
  workshop: Workshop,
  output: Output,
  told: (plan: Plan) => readonly string[],
): Promise<void> {
  for (const [index, plan] of plans.entries()) {
    try {
      await applyEdit(plan, workshop);
    } catch (error) {
      const undone = plans.slice(index).map(({ address }) => address.client.name);
      output.note(`Not done: ${undone.join(", ")}.`);
      throw error;
    }
    for (const line of told(plan)) output.note(line);
  }
}
