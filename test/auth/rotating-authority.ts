import { asString } from "../../src/lib/json.ts";

/**
 * An authority on a loopback port that rotates refresh tokens and ends the session when one is used twice, as RFC 9700
 * §4.14.2 asks.
 */
export function rotatingAuthority() {
  let issued = 0;
  let good = "refresh-0";
  let reused = 0;
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const form = Object.fromEntries(new URLSearchParams(await request.text()));
      if (asString(form["refresh_token"]) !== good) {
        reused++;
        return Response.json({ error: "invalid_grant" }, { status: 403 });
      }
      issued++;
      good = `refresh-${issued}`;
      return Response.json({ access_token: `access-${issued}`, refresh_token: good, expires_in: 60 });
    },
  });
  return {
    origin: `http://127.0.0.1:${server.port}`,
    domain: `127.0.0.1:${server.port}`,
    /** How many tokens were issued, and how often a spent refresh token came. */
    counts: () => ({ issued, reused }),
    /** Begins again with a refresh token that is good. */
    reset(refreshToken: string) {
      good = refreshToken;
    },
    stop: () => server.stop(true),
  };
}
