import { Exit } from "../../lib/errors.ts";
import { defineCommand } from "../command.ts";
import { runtimeFlags } from "../runtime.ts";

const { tools, "exclude-tools": excludeTools, "read-only": readOnly, tenant } = runtimeFlags;

/**
 * With `--json` prints `{"checks": [{"id", "title", "status", "message", "remedy"?}]}`, in which `status` is "pass",
 * "warn" or "fail". Exit 1 when a check fails.
 */
export const doctor = defineCommand({
  meta: { name: "doctor", description: "Check that all that this program needs works, and say what to mend" },
  args: {
    json: { type: "boolean", description: "Print JSON" },
    tools,
    "exclude-tools": excludeTools,
    "read-only": readOnly,
    tenant,
  },
  examples: [
    { does: "Something does not work", type: "doctor" },
    { does: "What a read-only server would lack, for a script", type: "doctor --read-only --json" },
  ],
  async run(args, invocation) {
    const { output } = invocation;
    const { checks } = await import("../doctor/checks/index.ts");
    const { examinationOf, runChecks } = await import("../doctor/examine.ts");
    output.progress("Looking …");
    const results = await runChecks(checks, examinationOf(args, invocation));
    if (args.json === true) {
      await output.json({
        checks: results.map(({ id, title, status, message, remedy }) => ({
          id,
          title,
          status,
          message,
          ...(remedy === undefined ? {} : { remedy }),
        })),
      });
    } else {
      const { report } = await import("../doctor/report.ts");
      await output.data(report(results));
    }
    return results.some(({ status }) => status === "fail") ? Exit.failed : Exit.done;
  },
});
