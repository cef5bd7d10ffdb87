import { randomBytes, randomInt } from "node:crypto";

const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** So many random letters and digits. */
export function randomText(length: number, alphabet = alphanumeric): string {
  let text = "";
  while (text.length < length) text += alphabet.charAt(randomInt(alphabet.length));
  return text;
}

export function newClientId(): string {
  return randomText(32);
}

export function newClientSecret(): string {
  return randomText(64, `${alphanumeric}_-`);
}

export function newGrantId(): string {
  return `cgr_${randomText(16)}`;
}

export function newCredentialId(): string {
  return `cred_${randomText(22)}`;
}

/** 24 hexadecimal digits, as APIs have. */
export function newResourceServerId(): string {
  return randomBytes(12).toString("hex");
}
