import { parseTenantAddress } from "../config/domain.ts";
import type { Environment } from "../config/environment.ts";
import { options } from "../config/options.ts";
import { signedOutError, usageError } from "../lib/errors.ts";
import { managementAudience } from "./audience.ts";
import { type ClientCredentials, type ClientProof, signInWithCredentials } from "./client-credentials.ts";
import type { AuthContext } from "./context.ts";
import { readClientKey } from "./key-file.ts";
import { renewSession } from "./renewal.ts";
import { RenewingSource } from "./renewing-source.ts";
import type { IdentifiedSession } from "./session.ts";
import { keptProof, recordOf, type SessionRecord } from "./session-record.ts";

const DOMAIN = options.domain.variable;
const CLIENT_ID = options.clientId.variable;
const SECRET = options.clientSecret.variable;
const KEY_FILE = options.privateKey.variable;
const AUDIENCE = options.audience.variable;

/**
 * The session of the application that `AUTH0_DOMAIN`, `AUTH0_CLIENT_ID` and its secret or key describe, or `undefined`
 * when `AUTH0_CLIENT_ID` is not set or `AUTH0_TOKEN` is. Tokens are taken when asked for, and kept in memory only.
 *
 * @throws AppError exit 3 when one of the variables is missing or blank, exit 2 when one cannot be used, exit 130 when the
 * signal aborts
 */
export async function environmentApplication(
  environment: Environment,
  context: AuthContext,
  signal: AbortSignal,
): Promise<IdentifiedSession | undefined> {
  // A development machine has these variables for its own application; a token says plainly what is meant.
  if (environment[options.token.variable] || !environment[CLIENT_ID]) return undefined;
  const tenant = parseTenantAddress(needed(environment, DOMAIN), DOMAIN);
  const clientId = needed(environment, CLIENT_ID);
  const audience = optional(environment, AUDIENCE) ?? managementAudience(tenant);
  const proof = await readProof(environment, signal);
  context.secrets.register(keptProof(proof).value);
  const credentials: ClientCredentials = { tenant, clientId, proof, audience, audienceSource: AUDIENCE };

  let record: SessionRecord | undefined;
  const variables = [DOMAIN, CLIENT_ID, ...(environment[AUDIENCE] ? [AUDIENCE] : [])];
  const signInHint = `Check ${variables.join(", ")} and ${"secret" in proof ? SECRET : KEY_FILE}.`;
  const tokens = new RenewingSource({
    context,
    keeper: {
      read: async () => record,
      write: async (renewed) => {
        record = renewed;
      },
      exclusively: (work) => work(),
      version: async () => "environment",
    },
    words: {
      signInHint,
      grantHint: (scopes) =>
        `Grant ${scopes.join(" and ")} to the application ${clientId} for the Management API.`,
      ended: (why) =>
        `${tenant.domain} gave no token to the application ${clientId}: ${(why ?? "").replace(/\.$/, "")}.`,
    },
    signIn: async () => recordOf(await signInWithCredentials(context, credentials), proof),
    renew: (former) => renewSession(context, { tenant, authority: tenant, clientId, audience }, former),
  });
  return {
    tenant,
    tokens,
    method: "environment",
    store: undefined,
    isRenewable: () => true,
  };
}

async function readProof(environment: Environment, signal: AbortSignal): Promise<ClientProof> {
  const secret = optional(environment, SECRET);
  const file = optional(environment, KEY_FILE);
  if (secret !== undefined && file !== undefined) {
    throw usageError(
      `${SECRET} and ${KEY_FILE} are both set.`,
      "Set only the one that the application uses.",
    );
  }
  if (secret !== undefined) return { secret };
  if (file === undefined) {
    throw signedOutError(
      `${CLIENT_ID} is given but neither ${SECRET} nor ${KEY_FILE} is.`,
      `Set ${SECRET} or ${KEY_FILE}, or unset ${CLIENT_ID}.`,
    );
  }
  const { key } = await readClientKey(file, KEY_FILE, signal);
  return { key };
}

function needed(environment: Environment, name: string): string {
  const value = optional(environment, name);
  if (value !== undefined) return value;
  throw signedOutError(
    `${CLIENT_ID} is given but ${name} is not set.`,
    `Set ${DOMAIN} and ${CLIENT_ID} together, or unset both.`,
  );
}

/** A value without the blanks around it; exactly empty counts as unset, blanks alone do not. */
function optional(environment: Environment, name: string): string | undefined {
  const value = environment[name];
  if (!value) return undefined;
  if (value.trim() !== "") return value.trim();
  throw signedOutError(`${name} is blank.`, `Give ${name} a value, or unset it.`);
}
