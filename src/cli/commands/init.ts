import type { ConsolaInstance } from "consola/core";
import { nextStep } from "../../clients/client.ts";
import { type Machine, thisMachine } from "../../clients/machine.ts";
import type { EntryAddress, Workshop } from "../../clients/plan.ts";
import { options } from "../../config/options.ts";
import type { TenantProfile } from "../../config/tenants.ts";
import { systemClock } from "../../lib/clock.ts";
import { AppError, Exit, type ExitCode } from "../../lib/errors.ts";
import { applicationFlags } from "../application-flags.ts";
import { booleanFlag, defineCommand, type Invocation, stringFlag } from "../command.ts";
import { Agenda } from "../init/agenda.ts";
import { askClient } from "../init/ask-client.ts";
import { namedClients, pickClients } from "../init/choose-clients.ts";
import { describeChange, describeReplacement, describeWrite, planFiles, writeFile } from "../init/files.ts";
import { objectionTo } from "../init/kept-session.ts";
import type { LimitedPlan } from "../init/limited-plan.ts";
import { Report } from "../init/report.ts";
import { checkEntry } from "../init/self-check.ts";
import { describeShortfall, grantOf, shortfallOf } from "../init/shortfall.ts";
import { planSignIn, type SignInPlan } from "../init/sign-in.ts";
import { limitsOf } from "../launch.ts";
import type { Limits } from "../limits.ts";
import { patiently } from "../patiently.ts";
import { openSteps } from "../steps.ts";
import { addressFlags } from "./clients-args.ts";

/**
 * With `--json` prints `{"dry_run", "tenant", "session", "clients": [...], "problem"?, "error"?}`, in which
 * - `tenant`: its domain; null in a dry run that cannot know it
 * - `session`: "kept" or "new"; in a dry run what would be tried
 * - `clients`: `[{"id", "name", "scope", "file", "change", "server", "tools", "unusable", "listed", "next"}]`, where `name` is the
 *   entry's, `change` "add", "update" or "nothing", `server` and `tools` what the started server said, `unusable`
 *   those of them that the session lacks scopes for, `{"tools", "missing_scopes", "remedy"}` with how many they are, null
 *   for none, and `listed` whether the client's own command lists the entry, null where there is none to ask; in a dry run
 *   `diff` stands for the last five
 * - `error`: why it stopped, `{"code", "message", "hint"?}`; members of steps that were not reached are missing then
 * - `problem`: the message of `error`
 *
 * The exit code is 1 when everything was done and yet a client can use no tool at all, because the session was kept and its
 * scopes were not named. Scopes that were chosen for this very run are what was wanted, however few.
 */
export const init = defineCommand({
  meta: { name: "init", description: "Sign in and set up MCP clients, from nothing to working tools" },
  args: {
    client: {
      type: "string",
      description: "Clients to set up, several with commas between; or none, to sign in only",
      valueHint: "ids",
    },
    tenant: stringFlag({ ...options.tenant, default: "the current one, or the one chosen in the browser" }),
    scopes: stringFlag(options.scopes),
    "read-only": booleanFlag({
      ...options.readOnly,
      help: "Sign in for reading and expose only tools that read",
    }),
    tools: stringFlag(options.tools),
    "exclude-tools": stringFlag(options.excludeTools),
    ...addressFlags,
    login: { type: "boolean", description: "Sign in anew, even if a session would do" },
    "dry-run": { type: "boolean", description: "Show what would change in which file, and do nothing" },
    interaction: {
      type: "boolean",
      description: "Ask questions on a terminal",
      negativeDescription: "Ask nothing; open the browser at once where there is one",
    },
    json: { type: "boolean", description: "Print what was done as JSON" },
    ...applicationFlags,
  },
  examples: [
    { does: "Choose clients and scopes on the terminal", type: "init" },
    {
      does: "Set up Claude Code for reading only",
      type: "init --client claude-code --read-only --scopes 'read:*'",
    },
    { does: "See what it would change", type: "init --client cursor,vscode --scopes 'read:*' --dry-run" },
  ],
  variables: [options.loginDomain, options.loginClientId, options.store],
  async run(args, invocation) {
    const { environment, output, interrupt } = invocation;
    const machine = thisMachine(environment);
    const asked = { ...args, interaction: args.interaction ?? true };
    const limits = limitsOf(asked, invocation);
    const named = namedClients(asked);
    const signIn = await planSignIn(asked, invocation);
    const addresses = named ?? (await pickClients(asked, machine, invocation));

    const steps = await openSteps(output);
    const workshop = { machine, clock: systemClock, signal: interrupt };
    const report = new Report(args["dry-run"] === true, addresses);
    const job: Job = { invocation, steps, machine, workshop, limits, addresses, signIn, report };
    let exit: ExitCode = Exit.done;
    try {
      if (args["dry-run"] === true) await preview(job, args.json !== true);
      else exit = await setUp(job);
    } catch (error) {
      if (args.json === true && error instanceof AppError && error.exit !== Exit.usage) {
        report.failed(error);
        await output.json(report.toJson());
      }
      throw error;
    }
    if (args.json === true) await output.json(report.toJson());
    return exit;
  },
});

interface Job {
  readonly invocation: Invocation;
  readonly steps: ConsolaInstance;
  readonly machine: Machine;
  readonly workshop: Workshop;
  readonly limits: Limits;
  readonly addresses: readonly EntryAddress[];
  readonly signIn: SignInPlan;
  readonly report: Report;
}

/** Stands for a tenant that is not known before the sign-in. */
const SOME_TENANT = "your-tenant.auth0.com";

async function preview(job: Job, printed: boolean): Promise<void> {
  const { steps, report } = job;
  const { stored } = job.signIn;
  const domain = knownDomain(job);
  report.session(domain, stored === undefined ? "new" : "kept");
  steps.info(
    stored === undefined
      ? `Would sign in${domain === undefined ? "" : ` to ${domain}`}.`
      : `Would use the session of ${domain}, or sign in again if it does not serve.`,
  );
  if (domain === undefined && job.addresses.length > 0) {
    steps.info(`The tenant is chosen at the sign-in; ${SOME_TENANT} stands for it.`);
  }
  const checked = await checkFiles(job);
  const plans =
    domain === undefined ? await planFiles(job.addresses, SOME_TENANT, job.limits, job.workshop) : checked;
  for (const plan of plans) {
    const diff = await describeChange(plan);
    report.file(plan, diff);
    if (diff === "") steps.info(describeWrite(plan, job.machine));
    else if (printed) await job.invocation.output.data(diff);
    const replaced = describeReplacement(plan, job.machine);
    if (replaced !== undefined) steps.info(replaced);
  }
  steps.info("Nothing was changed.");
}

/** The tenant, as far as it is known before the sign-in. */
function knownDomain({ signIn: { wish, stored } }: Job): string | undefined {
  return wish.domain ?? stored?.tenant.domain;
}

/**
 * A file that cannot be edited is better known before anybody signs in. What is then to be put into it by hand names the
 * tenant only where it is known.
 */
async function checkFiles(job: Job): Promise<LimitedPlan[]> {
  try {
    return await planFiles(job.addresses, knownDomain(job), job.limits, job.workshop);
  } catch (error) {
    throw error instanceof AppError ? new Agenda([]).explain(error) : error;
  }
}

/** @returns the exit code when nothing failed */
async function setUp(job: Job): Promise<ExitCode> {
  const { addresses, invocation, steps } = job;
  await checkFiles(job);
  const clients = addresses.map(({ client }) => client.name);
  const agenda = new Agenda([
    "the sign-in",
    ...clients.map((client) => `the file of ${client}`),
    ...clients.map((client) => `the check of ${client}`),
  ]);
  let exit: ExitCode;
  try {
    exit = await takeSteps(job, agenda);
  } catch (error) {
    if (invocation.interrupt.aborted && agenda.standing !== undefined) steps.warn(agenda.standing);
    throw error instanceof AppError && error.code !== "cancelled" ? agenda.explain(error) : error;
  }
  for (const { client, scope } of addresses) steps.info(nextStep(client, scope));
  if (addresses.length === 0) steps.info("No client is set up: none was chosen.");
  return exit;
}

async function takeSteps(job: Job, agenda: Agenda): Promise<ExitCode> {
  const { steps, report, workshop, machine, limits, addresses, invocation } = job;
  const { profile, chosen } = await agenda.step(() => openSession(job));
  const { domain } = profile.tenant;
  const grant = addresses.length === 0 ? undefined : await grantOf(profile, invocation);
  let exit: ExitCode = Exit.done;
  const written: LimitedPlan[] = [];
  for (const plan of await planFiles(addresses, domain, limits, workshop)) {
    written.push(await agenda.step(() => writeFile(plan, domain, workshop)));
    report.file(plan);
    steps.success(describeWrite(plan, machine));
  }
  for (const plan of written) {
    const { address } = plan;
    const { client, name } = address;
    const checked = await agenda.step(() =>
      patiently(`${client.name}: waiting for the server that its entry starts …`, invocation, () =>
        checkEntry(plan, invocation),
      ),
    );
    const shortfall = grant && shortfallOf(plan.limits, grant, machine);
    report.checked(address, checked, shortfall);
    steps.success(`${client.name}: its entry starts ${checked.server} with ${checked.tools} tools.`);
    if (shortfall !== undefined) steps.warn(`${client.name}: ${describeShortfall(shortfall)}`);
    if (!chosen && shortfall !== undefined && shortfall.unusable === shortfall.exposed) exit = Exit.failed;
    const listing =
      client.listing &&
      (await patiently(
        `${client.name}: waiting for ${client.listing.join(" ")}, which starts each of its servers …`,
        invocation,
        () => askClient(address, workshop),
      ));
    report.listed(address, listing);
    if (listing === undefined) continue;
    const { command, line, failing, problem } = listing;
    if (line !== undefined) steps[failing ? "warn" : "info"](`${client.name}: ${command} says: ${line}`);
    else if (problem !== undefined) steps.warn(`${client.name}: ${command} could not be asked: ${problem}.`);
    else steps.warn(`${client.name}: ${command} does not list ${name}.`);
  }
  return exit;
}

interface Opened {
  readonly profile: TenantProfile;
  /** Whether its scopes were chosen in this run. */
  readonly chosen: boolean;
}

/** Keeps the session that is there, or signs in. */
async function openSession({ signIn, invocation, steps, report }: Job): Promise<Opened> {
  const { stored, wish } = signIn;
  if (stored !== undefined) {
    const { domain } = stored.tenant;
    const objection = await objectionTo(stored, wish, invocation);
    if (objection === undefined) {
      report.session(domain, "kept");
      steps.success(`Signed in to ${domain} already; the session is kept. --login signs in anew.`);
      return { profile: stored, chosen: wish.scopes !== undefined };
    }
    steps.info(`${objection} A new sign-in is needed.`);
  }
  const profile = await signIn.signIn((text) => steps.success(text));
  report.session(profile.tenant.domain, "new");
  return { profile, chosen: true };
}
