import { tenantVariables } from "../../config/options.ts";
import { Exit } from "../../lib/errors.ts";
import { defineCommand } from "../command.ts";
import { runtimeFlags } from "../runtime.ts";

const { tools, "exclude-tools": excludeTools, "read-only": readOnly, tenant } = runtimeFlags;

/**
 * With `--fix` tells on stderr what was put right, and then how everything stands.
 * With `--json` prints `{"checks": [{"id", "title", "status", "message", "remedy"?}]}`, in which `status` is "pass",
 * "warn" or "fail". Exit 1 when a check fails.
 */
export const doctor = defineCommand({
  meta: { name: "doctor", description: "Check that all that this program needs works, and say what to mend" },
  args: {
    json: { type: "boolean", description: "Print JSON" },
    fix: {
      type: "boolean",
      description: "Put right what takes nobody's decision: rights of session files, entries of clients",
    },
    tools,
    "exclude-tools": excludeTools,
    "read-only": readOnly,
    tenant,
  },
  examples: [
    { does: "Something does not work", type: "doctor" },
    { does: "Let clients' entries start this version", type: "doctor --fix" },
    { does: "What a read-only server would lack, for a script", type: "doctor --read-only --json" },
  ],
  variables: tenantVariables,
  async run(args, invocation) {
    const { output } = invocation;
    const { checks } = await import("../doctor/checks/index.ts");
    const { examinationOf, runChecks } = await import("../doctor/examine.ts");
    output.progress("Looking …");
    let results = await runChecks(checks, examinationOf(args, invocation));
    if (args.fix === true) {
      const { mendAll } = await import("../doctor/mend.ts");
      await mendAll(results, output);
      // Everything is looked at again: what was mended may have been in the way of another check.
      results = await runChecks(checks, examinationOf(args, invocation));
    }
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
