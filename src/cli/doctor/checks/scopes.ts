import { AppError, Exit } from "../../../lib/errors.ts";
import type { Selection } from "../../../policy/selection.ts";
import { selectionOf, unusableTools } from "../../runtime.ts";
import { type Check, type Examination, NO_SESSION } from "../check.ts";

export const scopes: Check = {
  id: "scopes",
  title: "Scopes",
  async run(examination) {
    const selection = selectionOrNone(examination);
    if (selection === undefined) {
      return {
        status: "warn",
        message: "Not looked at, since it is not clear which tools are exposed.",
        remedy: "See the configuration above.",
      };
    }
    const { exposed, leftOut } = selection;
    const found = await sessionAndScopes(examination);
    if (found === undefined) return NO_SESSION;
    const lacking = unusableTools({ exposed, leftOut }, found.scopes);
    if (found.scopes === undefined) {
      return { status: "pass", message: "The token does not tell its scopes; the tenant judges each call." };
    }
    if (lacking.size === 0) {
      return { status: "pass", message: `The token has what all ${exposed.length} exposed tools need.` };
    }
    const missing = [...new Set([...lacking.values()].flat())].sort();
    const names = [...lacking.keys()].map(({ name }) => name).join(", ");
    return {
      status: lacking.size === exposed.length ? "fail" : "warn",
      message: `${lacking.size} of ${exposed.length} exposed tools cannot be used, since the token lacks ${missing.join(", ")}: ${names}.`,
      remedy: found.grantHint(missing),
    };
  },
};

/** `undefined` where the check of the configuration says what is wrong with the limits. */
function selectionOrNone({ args, invocation }: Examination): Selection | undefined {
  try {
    return selectionOf(args, invocation);
  } catch (error) {
    if (error instanceof AppError && error.exit === Exit.usage) return undefined;
    throw error;
  }
}

interface Granted {
  readonly scopes: readonly string[] | undefined;
  grantHint(scopes: readonly string[]): string;
}

/** `undefined` where the session's own check says why there is none. */
async function sessionAndScopes(examination: Examination): Promise<Granted | undefined> {
  try {
    const { tokens } = await examination.session();
    const { scopes } = await examination.token();
    return { scopes, grantHint: (missing) => tokens.grantHint(missing) };
  } catch (error) {
    if (error instanceof AppError && error.exit !== Exit.interrupted) return undefined;
    throw error;
  }
}
