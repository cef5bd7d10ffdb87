import { errorCode } from "./system-error.ts";

/** By the codes of the system, and by those that Bun gives in their place. */
const REASONS: Readonly<Record<string, string>> = {
  ConnectionRefused: "the connection was refused",
  ConnectionClosed: "the connection was closed",
  FailedToOpenSocket: "no connection could be opened",
  ZlibError: "its answer cannot be decompressed",
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was closed",
  EPIPE: "the connection was closed",
  ENOTFOUND: "the name does not resolve",
  EAI_AGAIN: "the name does not resolve",
  EHOSTUNREACH: "there is no way to it from here",
  ENETUNREACH: "there is no way to it from here",
  ETIMEDOUT: "the connection timed out",
  EPROTO: "it does not speak TLS on that port",
  ERR_PROXY_TUNNEL: "the proxy does not let it through",
};

/** Why a request got no whole answer, in words that may follow a colon. */
export function connectionProblem(error: unknown): string {
  if (error instanceof Error && error.name === "TimeoutError") return "it did not answer in time";
  const code = errorCode(error);
  if (code === undefined) return "the request failed";
  const certificate = /CERT|TLS|SSL|SIGN|VERIFY/i.test(code);
  return (
    REASONS[code] ??
    (certificate ? `its certificate is not accepted (${code})` : `the request failed (${code})`)
  );
}
