/**
 * Where Auth0 keeps secrets. Only strings are ever withheld, so a settings object whose name sounds secret
 * (`refresh_token` rotation, `password_policy`) stays readable; of a list of objects with such a name, all strings are.
 */

/** Names end with one of these; compared in lower case without separators. */
const ENDINGS = [
  "secret",
  "secrets",
  "password",
  "passwordhash",
  "passphrase",
  "smtppass",
  "assertion",
  "authorization",
  "cookie",
  "token",
  "tokens",
  "ticket",
  "ticketurl",
  "invitationurl",
  "connectionstring",
  "servercredentials",
  "privatekey",
  "privatekeys",
  "apikey",
  "apikeys",
  "secretkey",
  "masterkey",
  "saskey",
  "accountkey",
  "accesskey",
  "signingkey",
  "writekey",
  "serverkey",
  "wrappedkey",
  "decryptionkey",
  "pkcs7",
  "devicecode",
  "usercode",
  "recoverycode",
];

/** Members that are secret only below others: the names of those, then whether a member is. */
const BELOW: readonly { readonly parents: readonly string[]; readonly secret: (name: string) => boolean }[] =
  [
    { parents: ["secrets"], secret: (name) => !["name", "id", "created_at", "updated_at"].includes(name) },
    { parents: ["signing_keys"], secret: (name) => name === "key" },
    { parents: ["signing_key"], secret: (name) => name === "key" },
    { parents: ["decryptionKey"], secret: (name) => name === "key" },
    // What names a key is no part of it.
    { parents: ["encryption_key"], secret: (name) => !["alg", "kid", "name"].includes(name) },
    { parents: ["credentials"], secret: (name) => name === "pem" },
    { parents: ["options", "configuration"], secret: () => true },
    { parents: ["provider", "options"], secret: (name) => name === "skey" },
  ];

/** The same by the member directly above: most strings of an answer stand below none of these. */
const BELOW_BY_PARENT = Map.groupBy(BELOW, ({ parents }) => parents.at(-1) ?? "");

/** Texts that people are shown, by keys the tenant chooses: a label of the key `password` is none. */
const SHOWN_TEXTS: readonly (readonly string[])[] = [
  ["translations"],
  ["messages", "errors"],
  ["messages", "custom"],
];

/** The private members of a JSON Web Key (RFC 7518 §6). */
const PRIVATE_JWK = ["d", "p", "q", "dp", "dq", "qi", "k"];

/**
 * Whether the string at a path is a secret.
 *
 * @param path names of the members on the way to it, outermost first, without array positions
 */
export function holdsSecret(path: readonly string[]): boolean {
  if (isPlainName(path[path.length - 1]) && isPlainName(path[path.length - 2])) return false;
  const names = withoutComparison(path);
  const name = names.at(-1);
  if (name === undefined) return false;
  if (verdictOn(name) === "secret") {
    return !SHOWN_TEXTS.some((above) => names.some((_, index) => standBefore(names, index, above)));
  }
  const candidates = BELOW_BY_PARENT.get(names.at(-2) ?? "") ?? [];
  return candidates.some(
    ({ parents, secret }) => standBefore(names, names.length - 1, parents) && secret(name),
  );
}

/**
 * Whether objects in a list at a path are secret, with everything in them.
 *
 * @param path as for {@link holdsSecret}, up to the list's own name
 */
export function holdsSecretObjects(path: readonly string[]): boolean {
  return holdsSecret(path) && withoutComparison(path).at(-1) !== "secrets";
}

/** Whether a name has no part in any secret place, neither as the member itself nor as the one above: most have none. */
export function isPlainName(name: string | undefined): boolean {
  if (name === undefined) return true;
  const verdict = verdictOn(name);
  return verdict === "plain" || verdict === "identity";
}

/** Whether a member names a thing, or one of a few kinds: what the tenant shows there is no secret. */
export function isIdentity(name: string): boolean {
  return verdictOn(name) === "identity";
}

const IDENTITIES: ReadonlySet<string> = new Set([
  "id",
  "client_id",
  "identifier",
  "audience",
  "log_id",
  "trigger_id",
  "app_type",
  "runtime",
]);

/** What a name says by itself: `noted` ones matter for what stands around them. */
type Verdict = "plain" | "identity" | "secret" | "noted";

/** The same few hundred names come in every answer. */
const verdicts = new Map<string, Verdict>();
const MOST_NAMES = 5_000;

function verdictOn(name: string): Verdict {
  const known = verdicts.get(name);
  if (known !== undefined) return known;
  const isNoted = BELOW_BY_PARENT.has(name) || name === "from" || name === "to";
  const verdict = IDENTITIES.has(name)
    ? "identity"
    : soundsSecret(name)
      ? "secret"
      : isNoted
        ? "noted"
        : "plain";
  if (verdicts.size < MOST_NAMES) verdicts.set(name, verdict);
  return verdict;
}

/** Whether these members stand one directly below the other, the last of them right above a position. */
function standBefore(names: readonly string[], position: number, above: readonly string[]): boolean {
  return above.every((name, index) => names[position - above.length + index] === name);
}

function soundsSecret(name: string): boolean {
  const plain = name.toLowerCase().replace(/[_\-\s.]/g, "");
  return ENDINGS.some((ending) => plain.endsWith(ending));
}

/** Whether a member is the private part of a JSON Web Key. */
export function isPrivateKeyPart(name: string, key: Readonly<Record<string, unknown>>): boolean {
  return typeof key["kty"] === "string" && PRIVATE_JWK.includes(name);
}

/** A dry run tells old and new value of a member below it: `changes.<member>.from`, `changes.<member>.to`. */
function withoutComparison(path: readonly string[]): readonly string[] {
  const at = path.indexOf("changes") + 2;
  const compares = at > 1 && (path[at] === "from" || path[at] === "to");
  return compares ? [...path.slice(0, at), ...path.slice(at + 1)] : path;
}
