import { sep } from "node:path";
import type { IdentifiedSession } from "../../auth/session.ts";
import type { AccessToken } from "../../auth/token-source.ts";
import { type Machine, thisMachine } from "../../clients/machine.ts";
import { options, secretVariables } from "../../config/options.ts";
import { PRODUCT } from "../../config/product.ts";
import { systemClock } from "../../lib/clock.ts";
import { AppError, cancelledError, Exit, traceOf } from "../../lib/errors.ts";
import { Redactor } from "../../policy/redaction.ts";
import { askedTenant } from "../asked-tenant.ts";
import type { Invocation } from "../command.ts";
import { debugLogger } from "../debug.ts";
import type { RuntimeArgs } from "../runtime.ts";
import { authContext, findSession, signedOutEverywhere } from "../sessions.ts";
import type { Check, Examination, Finding, Status } from "./check.ts";

/** The outcome of one check, as it is told. */
export interface Result {
  readonly id: string;
  readonly title: string;
  readonly status: Status;
  readonly message: string;
  readonly remedy?: string | undefined;
  /** Puts it right, and says what was done, fit to be told. Throws AppError, fit to be told as well. */
  readonly mend?: (() => Promise<string>) | undefined;
}

/** What the checks look at, as this process sees it. */
export function examinationOf(args: RuntimeArgs, invocation: Invocation): Examination {
  const { environment, interrupt } = invocation;
  const redactor = new Redactor();
  for (const variable of secretVariables) redactor.register(environment[variable]?.trim() ?? "");
  let session: Promise<IdentifiedSession> | undefined;
  let token: Promise<AccessToken> | undefined;
  const findOrFail = async () => {
    const found = await findSession(
      askedTenant(args.tenant, invocation)?.domain,
      invocation,
      authContext(invocation, redactor),
    );
    if (found === undefined) throw await signedOutEverywhere(invocation);
    return found;
  };
  const examination: Examination = {
    args,
    invocation,
    machine: thisMachine(environment),
    folder: process.cwd(),
    clock: systemClock,
    redactor,
    session() {
      session ??= findOrFail();
      return session;
    },
    token() {
      token ??= examination.session().then(async (found) => {
        const usable = await found.tokens.get(interrupt);
        redactor.register(usable.value);
        return usable;
      });
      return token;
    },
  };
  return examination;
}

/**
 * Runs every check. One that crashes is told as failed, and the others go on.
 *
 * @returns the results in the order of the checks, each followed by those of the further checks it led to
 * @throws AppError (exit 130) when interrupted
 */
export async function runChecks(checks: readonly Check[], examination: Examination): Promise<Result[]> {
  const results = await Promise.all(checks.map((check) => runCheck(check, examination)));
  if (examination.invocation.interrupt.aborted) throw cancelledError();
  return results.flat();
}

async function runCheck(check: Check, examination: Examination): Promise<Result[]> {
  const { redactor, machine } = examination;
  const { status, message, remedy, mend, further = [] } = await findingOf(check, examination);
  const told = (text: string) => withoutHome(redactor.text(text), machine);
  const advice = [remedy, ...(mend === undefined ? [] : [`Or run: ${PRODUCT} doctor --fix`])]
    .filter((part) => part !== undefined)
    .join("\n");
  const result: Result = {
    id: check.id,
    title: check.title,
    status,
    message: told(message),
    ...(advice === "" ? {} : { remedy: redactor.text(advice) }),
    ...(mend === undefined ? {} : { mend: () => mending(mend, told) }),
  };
  return [result, ...(await runChecks(further, examination))];
}

async function mending(mend: () => Promise<string>, told: (text: string) => string): Promise<string> {
  try {
    return told(await mend());
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw error.with({ message: told(error.message) });
  }
}

/** The name of a person's home folder is nobody's business where a report is pasted. Remedies are typed as they are. */
function withoutHome(text: string, { home }: Machine): string {
  if (home === "") return text;
  // In a command the tilde means something outside of quotes only.
  return text.replaceAll(`'${home}${sep}`, `~${sep}'`).replaceAll(home + sep, `~${sep}`);
}

async function findingOf(check: Check, examination: Examination): Promise<Finding> {
  try {
    return await check.run(examination);
  } catch (error) {
    if (error instanceof AppError) {
      if (error.exit === Exit.interrupted) throw error;
      return { status: "fail", message: error.message, remedy: error.hint };
    }
    const { invocation, redactor } = examination;
    debugLogger(invocation, redactor)("check", { id: check.id, error: traceOf(error) });
    return {
      status: "fail",
      message: `This check stopped by a defect of the program (${error instanceof Error ? error.name : typeof error}).`,
      remedy: `Repeat it with ${options.debug.variable}=${PRODUCT} to see what happened, and report it.`,
    };
  }
}
