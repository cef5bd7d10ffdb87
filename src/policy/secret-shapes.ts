/** A part of a text, from `start` to before `end`, in UTF-16 units. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

const PRIVATE_PEM = /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?)-----[\s\S]*?(?:-----END \1-----|$)/g;
/** A row of characters that a JWT may be part of. */
const TOKEN_ROW = /[A-Za-z0-9_.-]{20,}/g;

/** Whether a closer look is needed: no private key and no JWT is without one of these. */
export function mayHoldSecretShape(text: string): boolean {
  return text.includes("PRIVATE KEY") || text.includes("eyJ");
}

/** Secrets that their shape gives away, whatever name they stand under: private keys and JWTs. */
export function secretShapes(text: string): TextRange[] {
  const keys = [...text.matchAll(PRIVATE_PEM)].map(({ 0: key, index }) => ({
    start: index,
    end: index + key.length,
  }));
  const tokens = [...text.matchAll(TOKEN_ROW)].flatMap(({ 0: row, index }) => jwtsIn(row, index));
  return [...keys, ...tokens];
}

/** `<header>.<payload>.<signature>` in base64url, where the header is a JSON object (`eyJ`); the signature may be empty. */
function jwtsIn(row: string, offset: number): TextRange[] {
  const parts = row.split(".");
  const found: TextRange[] = [];
  let start = offset;
  for (let index = 0; index + 2 < parts.length; index++) {
    const [header = "", payload = "", signature = ""] = parts.slice(index, index + 3);
    const at = header.indexOf("eyJ");
    const end = start + header.length + payload.length + signature.length + 2;
    if (at !== -1 && header.length - at > 10 && payload.length >= 8) found.push({ start: start + at, end });
    start += header.length + 1;
  }
  return found;
}
