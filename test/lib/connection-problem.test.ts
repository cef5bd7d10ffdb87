import { describe, expect, test } from "bun:test";
import { connectionProblem } from "../../src/lib/connection-problem.ts";

const failed = (code?: string) =>
  Object.assign(new TypeError("verbose: true"), code === undefined ? {} : { code });

describe("why a request got no answer", () => {
  test.each([
    ["ENOTFOUND", "the name does not resolve"],
    ["ECONNRESET", "the connection was closed"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "its certificate is not accepted (DEPTH_ZERO_SELF_SIGNED_CERT)"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "its certificate is not accepted (ERR_TLS_CERT_ALTNAME_INVALID)"],
    ["EWHATEVER", "the request failed (EWHATEVER)"],
    [undefined, "the request failed"],
  ])("%s", (code, words) => {
    expect(connectionProblem(failed(code))).toBe(words);
  });

  test("what is no error at all is told as little", () => {
    expect(connectionProblem("x")).toBe("the request failed");
  });

  test("is what Bun says of a port where nobody listens", async () => {
    const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
    await server.stop(true);
    const error: unknown = await fetch(server.url).catch((cause: unknown) => cause);
    expect(connectionProblem(error)).toBe("the connection was refused");
  });
});
