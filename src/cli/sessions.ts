import type { AuthContext } from "../auth/context.ts";
import { environmentSession } from "../auth/environment.ts";
import type { IdentifiedSession } from "../auth/session.ts";
import { storeOpener } from "../auth/store/open.ts";
import { type SessionPlaces, storedSession } from "../auth/stored-session.ts";
import { options } from "../config/options.ts";
import { configFolder } from "../config/paths.ts";
import { PRODUCT } from "../config/product.ts";
import { findProfile, TenantFile, type TenantList, type TenantProfile } from "../config/tenants.ts";
import { systemClock } from "../lib/clock.ts";
import { type AppError, signedOutError, usageError } from "../lib/errors.ts";
import type { Waiting } from "../lib/lock.ts";
import { didYouMean } from "../lib/suggest.ts";
import { Redactor } from "../policy/redaction.ts";
import type { Invocation } from "./command.ts";
import { debugLogger } from "./debug.ts";

/** What signing in and renewing need, taken from this process, and the redactor that knows its secrets. */
export function authContext(
  invocation: Invocation,
  redactor = new Redactor(),
): AuthContext & { readonly secrets: Redactor } {
  return {
    fetch,
    clock: systemClock,
    log: debugLogger(invocation, redactor),
    secrets: redactor,
    warn: (message) => invocation.output.note(`${PRODUCT}: ${redactor.text(message)}`),
  };
}

/** Where this user's sessions are. */
export function sessionPlaces({ environment, interrupt, output }: Invocation): SessionPlaces {
  const folder = configFolder(environment);
  const waitingFor = (what: string): Waiting => ({
    signal: interrupt,
    onWait: () => output.progress(`Waiting for another process that works on ${what} …`),
  });
  return {
    folder,
    tenants: new TenantFile(folder, systemClock, waitingFor("the list of tenants")),
    openStore: storeOpener(folder, systemClock, interrupt),
    waiting: (domain) => waitingFor(`the session of ${domain}`),
  };
}

/**
 * The session to work with: what the environment describes, else the stored one of the asked or the current tenant.
 *
 * @returns `undefined` when nobody is signed in to any tenant and none is asked for
 * @throws AppError exit 3 when nobody is signed in to the asked tenant or none is current, exit 2 when the environment is
 * about another tenant than the asked one
 */
export async function findSession(
  asked: string | undefined,
  invocation: Invocation,
  context: AuthContext,
): Promise<IdentifiedSession | undefined> {
  const described = await environmentOf(invocation, context);
  if (described === undefined) {
    const places = sessionPlaces(invocation);
    const profile = await chooseProfile(await places.tenants.read(), asked, invocation);
    return profile === undefined ? undefined : storedSession(context, places, profile);
  }
  if (asked === undefined || asked === described.tenant.domain) return described;
  throw usageError(
    `${options.domain.variable} says ${described.tenant.domain}, but ${asked} is asked for.`,
    `Unset the ${options.domain.variable} variables to use the stored session of ${asked}.`,
  );
}

async function environmentOf(
  { environment, interrupt }: Invocation,
  context: AuthContext,
): Promise<IdentifiedSession | undefined> {
  if (environment[options.clientId.variable]) {
    const { environmentApplication } = await import("../auth/environment-application.ts");
    const application = await environmentApplication(environment, context, interrupt);
    if (application !== undefined) return application;
  }
  const session = environmentSession(environment, context.clock);
  if (session === undefined) return undefined;
  return {
    ...session,
    method: "environment",
    store: undefined,
    isRenewable: () => false,
  };
}

/** @throws AppError (exit 3) when the asked tenant is not listed, or there are tenants and none is current */
export async function chooseProfile(
  list: TenantList,
  asked: string | undefined,
  invocation: Pick<Invocation, "environment">,
): Promise<TenantProfile | undefined> {
  const domains = list.profiles.map(({ tenant }) => tenant.domain);
  const wanted = asked ?? list.current;
  if (wanted === undefined) {
    if (domains.length === 0) return undefined;
    throw signedOutError(
      `No tenant is the current one; you are signed in to ${domains.join(", ")}.`,
      `Choose one with: ${PRODUCT} tenants use ${domains[0]}`,
    );
  }
  const profile = findProfile(list, wanted);
  if (profile === undefined) throw await notSignedIn(wanted, domains, invocation);
  return profile;
}

async function notSignedIn(
  domain: string,
  known: readonly string[],
  invocation: Pick<Invocation, "environment">,
): Promise<AppError> {
  const program = await typedName(invocation);
  return signedOutError(
    `Nobody is signed in to ${domain}.`,
    didYouMean(domain, known) ?? `Sign in with: ${program} login --${options.tenant.flag} ${domain}`,
  );
}

/** Nobody is signed in anywhere. */
export async function signedOutEverywhere(invocation: Pick<Invocation, "environment">): Promise<AppError> {
  const { domain, token, sandbox } = options;
  const program = await typedName(invocation);
  return signedOutError(
    "No tenant to work on: nobody is signed in.",
    `Set ${domain.variable} and ${token.variable}, try a demo tenant with --${sandbox.flag}, or sign in with: ${program} login`,
  );
}

/** What to type to start this program; loaded when nobody is signed in, since a server that starts needs none of it. */
async function typedName({ environment }: Pick<Invocation, "environment">): Promise<string> {
  const { typedCommand } = await import("../clients/launcher.ts");
  const { thisMachine } = await import("../clients/machine.ts");
  return typedCommand(thisMachine(environment));
}
