import { asObject, parseJson } from "../lib/json.ts";

/** A part of a text, from `start` to before `end`, in UTF-16 units. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

const PRIVATE_PEM = /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?)-----[\s\S]*?(?:-----END \1-----|$)/g;
/** A row of characters that a JWT may be part of. */
const TOKEN_ROW = /[A-Za-z0-9_.-]{20,}/g;
/** The user and password of an address (RFC 3986 §3.2.1). */
const USER_INFO = /(?<=:\/\/)[^\s/?#@"'<>\\]+(?=@)/g;

/** Whether a closer look is needed: no secret shape is without one of these. */
export function mayHoldSecretShape(text: string): boolean {
  return (
    text.includes("PRIVATE KEY") ||
    text.includes("eyJ") ||
    (text.includes("@") && text.search(USER_INFO) !== -1)
  );
}

/** Secrets that their shape gives away, whatever name they stand under: private keys, JWTs, logins in addresses. */
export function secretShapes(text: string): TextRange[] {
  const parts = [...text.matchAll(PRIVATE_PEM), ...text.matchAll(USER_INFO)];
  const plain = parts.map(({ 0: part, index }) => ({ start: index, end: index + part.length }));
  const tokens = [...text.matchAll(TOKEN_ROW)].flatMap(({ 0: row, index }) => tokensIn(row, index));
  return [...plain, ...tokens];
}

/**
 * Tokens in base64url whose header is a JSON object (`eyJ`): `<header>.<payload>.<signature>`, where the signature may be
 * empty (RFC 7515 §7.1), and encrypted ones of five parts, of which the key may be empty (RFC 7516 §7.1).
 */
function tokensIn(row: string, offset: number): TextRange[] {
  const parts = row.split(".");
  const found: TextRange[] = [];
  let start = offset;
  for (const [index, header] of parts.entries()) {
    const at = header.indexOf("eyJ");
    const following = parts.slice(index + 1, index + 5);
    if (at !== -1 && header.length - at > 10) {
      const members = isEncrypted(header.slice(at)) ? following : following.slice(0, 2);
      if (members.length >= 2 && members.some((part) => part.length >= 8)) {
        found.push({ start: start + at, end: start + [header, ...members].join(".").length });
      }
    }
    start += header.length + 1;
  }
  return found;
}

/** Whether a token's header names the way its content is encrypted. */
function isEncrypted(header: string): boolean {
  return asObject(parseJson(Buffer.from(header, "base64url").toString()))?.["enc"] !== undefined;
}
