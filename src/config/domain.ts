import { usageError } from "../lib/errors.ts";

/** Where a tenant (or an authority) answers. */
export interface TenantAddress {
  /** Host, with the port when it is not the scheme's own: `acme.eu.auth0.com`, `127.0.0.1:4000`. */
  readonly domain: string;
  /** Scheme, host and port, without a trailing slash. */
  readonly origin: string;
}

/** The remedy when something else seems to answer at the tenant's address. */
export const CHECK_DOMAIN =
  "Check that the domain is the tenant's own and that no proxy answers in its place.";

const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i;
const HOST = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;
const HOST_AND_PORT = /^(\[[^\]]*\]|[^:/]*)(?::([1-9]\d*))?\/?$/;

/**
 * Reads a host, host:port or URL. https everywhere; http for loopback addresses only, where it is also the meaning
 * of a missing scheme.
 *
 * @param source the flag or variable the text came from, for the error
 * @throws AppError (exit 2) for a bare word, a path, credentials, a query, another scheme, a host in a short form
 */
export function parseTenantAddress(text: string, source: string): TenantAddress {
  const refuse = (why: string) =>
    usageError(
      `${source} is not a tenant domain: ${why}.`,
      "Give the full domain, for example acme.eu.auth0.com",
    );

  if (text === "" || /[\s\\]/.test(text)) throw refuse("it is empty or holds blanks");
  if (!/^[\x21-\x7e]+$/.test(text))
    throw refuse("it holds characters outside ASCII; write the xn-- form of the name");
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase();
  const rest = scheme === undefined ? text : text.slice(scheme.length + 3);
  if (scheme !== undefined && scheme !== "https" && scheme !== "http")
    throw refuse(`${scheme}:// is not supported`);
  if (rest.includes("@")) throw refuse("it holds credentials");
  if (/[?#]/.test(rest)) throw refuse("it holds a query or a fragment");
  if (/\/./.test(rest) || (scheme === undefined && rest.includes("/"))) throw refuse("it holds a path");

  const url = parseUrl(`${scheme ?? "http"}://${rest}`);
  if (url === undefined) throw refuse("it cannot be read as a host");
  const [, written = "", port] = HOST_AND_PORT.exec(rest) ?? [];
  // The URL parser reads 127.1, 2130706433 and acme%2eeu as other hosts; what a person did not write is refused.
  if (written.toLowerCase() !== url.hostname) throw refuse("its host or port is not written in full");

  const loopback = isLoopback(url.hostname);
  if (!loopback && !HOST.test(url.hostname)) throw refuse("it is no host name");
  if (!loopback && !url.hostname.includes(".")) {
    throw refuse("a bare word does not name a tenant, since the region is part of the domain");
  }
  if (!loopback && scheme === "http") throw refuse("http is for loopback addresses only, use https");

  const secure = !loopback || scheme === "https";
  const { origin } = new URL(
    `${secure ? "https" : "http"}://${url.hostname}${port === undefined ? "" : `:${port}`}`,
  );
  return { origin, domain: origin.replace(SCHEME, "") };
}

/** Whether a host is this machine itself: 127.0.0.0/8, ::1 or localhost. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** Whether nobody on the way can read or change what is sent to an address: https everywhere, http on this machine. */
export function isConfidential({ protocol, hostname }: Pick<URL, "protocol" | "hostname">): boolean {
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
