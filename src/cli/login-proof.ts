import type { ClientProof } from "../auth/client-credentials.ts";
import { readClientKey } from "../auth/key-file.ts";
import { readVariable } from "../config/environment.ts";
import { options } from "../config/options.ts";
import { usageError } from "../lib/errors.ts";
import { askSecret } from "./ask-secret.ts";
import type { Invocation } from "./command.ts";
import { readStdin } from "./stdin.ts";
import { isTerminal } from "./terminal.ts";

/** How long a client secret on stdin may be, in bytes. */
const LONGEST_SECRET = 16 * 1024;

/** The flags by which an application proves who it is. */
export interface ProofArgs {
  readonly secret: string | undefined;
  readonly secretFromStdin: boolean | undefined;
  readonly keyFile: string | undefined;
  /** Whether a person may be asked. */
  readonly interaction: boolean;
}

/** By what an application proves who it is. */
export interface Proof {
  readonly proof: ClientProof;
  /** Absolute path of the key, where it can be read again. */
  readonly keyFile?: string | undefined;
}

/**
 * Where the secret or key of an application comes from: a flag, and a variable only where no flag of its sort is given.
 *
 * @returns what reads it, which throws AppError (exit 2) when it cannot be used
 * @throws AppError (exit 2) when there is none, or more than one
 */
export function proofSource(args: ProofArgs, invocation: Invocation): () => Promise<Proof> {
  const { environment } = invocation;
  const { clientSecret, clientSecretStdin, privateKey } = options;
  const { secret, secretFromStdin, keyFile } = args;
  const flags = [
    ...(secret === undefined ? [] : [clientSecret.flag]),
    ...(secretFromStdin === true ? [clientSecretStdin.flag] : []),
    ...(keyFile === undefined ? [] : [privateKey.flag]),
  ];
  if (flags.length > 1) {
    throw usageError(
      `${flags.map((flag) => `--${flag}`).join(" and ")} exclude each other.`,
      "Give one of them.",
    );
  }
  if (secret !== undefined) return async () => secretProof(secret, `--${clientSecret.flag}`);
  if (secretFromStdin === true) return stdinSource(args, invocation);
  if (keyFile !== undefined) return () => keyProof(keyFile, `--${privateKey.flag}`, invocation);
  const given = readVariable(environment, clientSecret.variable);
  const file = readVariable(environment, privateKey.variable);
  if (given !== undefined && file !== undefined) {
    throw usageError(
      `${clientSecret.variable} and ${privateKey.variable} are both set.`,
      `Choose with --${privateKey.flag} or --${clientSecretStdin.flag}, or unset one.`,
    );
  }
  if (given !== undefined) return async () => secretProof(given, clientSecret.variable);
  if (file !== undefined) return () => keyProof(file, privateKey.variable, invocation);
  throw usageError(
    "The application's secret or key is missing.",
    `Give --${clientSecretStdin.flag}, --${privateKey.flag} <file>, or set ${clientSecret.variable}.`,
  );
}

/** On a terminal a person is asked; anything else is read to its end. */
function stdinSource({ interaction }: ProofArgs, invocation: Invocation): () => Promise<Proof> {
  if (!isTerminal(0)) {
    return async () =>
      secretProof((await readStdin(invocation, LONGEST_SECRET)).replace(/\r?\n$/, ""), "stdin");
  }
  if (interaction) {
    return async () => secretProof(await askSecret("Client secret: ", invocation.interrupt), "stdin");
  }
  throw usageError(
    `--${options.clientSecretStdin.flag} reads from stdin, which is a terminal, and nothing may be asked there.`,
    `Write for example: … --${options.clientSecretStdin.flag} < secret`,
  );
}

function secretProof(secret: string, source: string): Proof {
  const clean = secret.trim();
  if (clean === "") throw usageError(`The client secret from ${source} is empty.`);
  if (/[\p{Cc}\s]/u.test(clean))
    throw usageError(`The client secret from ${source} holds blanks or line breaks.`);
  return { proof: { secret: clean } };
}

async function keyProof(path: string, source: string, { interrupt }: Invocation): Promise<Proof> {
  const { key, file } = await readClientKey(path, source, interrupt);
  return { proof: { key }, keyFile: file };
}
