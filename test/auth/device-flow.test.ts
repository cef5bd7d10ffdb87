import { describe, expect, test } from "bun:test";
import { type DeviceCode, signInByDevice } from "../../src/auth/device-flow.ts";
import { parseTenantAddress } from "../../src/config/domain.ts";
import { AppError, Exit } from "../../src/lib/errors.ts";
import { SteppingClock } from "../lib/stepping-clock.ts";
import { connectionCut, harness, json, never, type Reply } from "./harness.ts";

const authority = parseTenantAddress("auth0.auth0.com", "test");
const request = {
  authority,
  clientId: "device-client",
  audience: "https://*.auth0.com/api/v2/",
  scopes: ["read:clients"],
};
const code = {
  device_code: "device-code-canary",
  user_code: "ABCD-EFGH",
  verification_uri: "https://auth0.auth0.com/activate",
  verification_uri_complete: "https://auth0.auth0.com/activate?user_code=ABCD-EFGH",
  expires_in: 900,
  interval: 5,
};
const pending = () => json({ error: "authorization_pending", error_description: "…" }, 403);
const token = { access_token: "opaque.token", expires_in: 86_400, token_type: "Bearer" };
const granted = () => json(token);

/** Signs in at an authority that answers the code request first and the polls with these, the last one for good. */
async function signIn(
  polls: readonly Reply[],
  codes: readonly Reply[] = [() => json(code)],
  clock = new SteppingClock(),
) {
  const shown: DeviceCode[] = [];
  let coded = 0;
  let polled = 0;
  const place = harness((sent, number) => {
    const list = sent.url.endsWith("/oauth/device/code") ? codes : polls;
    const index = list === codes ? coded++ : polled++;
    const reply = list[Math.min(index, list.length - 1)];
    if (reply === undefined) throw new Error("nothing to answer with");
    return reply(sent, number);
  }, clock);
  const result = signInByDevice(place.context, request, (one) => shown.push(one), never);
  const outcome = await result.then(
    (grant) => ({ grant, error: undefined }),
    (error: unknown) => {
      if (!(error instanceof AppError)) throw error;
      return { grant: undefined, error };
    },
  );
  return { ...place, shown, ...outcome };
}

describe("a sign-in that is approved", () => {
  test("asks with client, audience, scopes and offline_access, shows the code, and gives the grant", async () => {
    const { grant, sent, shown } = await signIn([
      pending,
      () => json({ ...token, refresh_token: "refresh-canary" }),
    ]);
    expect(sent[0]).toEqual({
      url: "https://auth0.auth0.com/oauth/device/code",
      form: {
        client_id: "device-client",
        audience: "https://*.auth0.com/api/v2/",
        scope: "read:clients offline_access",
      },
    });
    expect(sent[1]).toEqual({
      url: "https://auth0.auth0.com/oauth/token",
      form: {
        grant_type: "urn:ietf:params:oauth:grant-type:device_code",
        device_code: "device-code-canary",
        client_id: "device-client",
      },
    });
    expect(shown).toMatchObject([
      { userCode: "ABCD-EFGH", completeUri: code.verification_uri_complete, lifetime: 900_000 },
    ]);
    expect(grant).toMatchObject({ token: { value: "opaque.token" }, refreshToken: "refresh-canary" });
  });

  test("waits for the interval before each poll and adds five seconds for each slow_down", async () => {
    const slow = () => json({ error: "slow_down" }, 429);
    const { clock } = await signIn([pending, slow, pending, slow, granted]);
    expect(clock.sleeps).toEqual([5_000, 5_000, 10_000, 10_000, 15_000]);
  });

  test("takes five seconds where no interval is given", async () => {
    const { clock } = await signIn([granted], [() => json({ ...code, interval: null })]);
    expect(clock.sleeps).toEqual([5_000]);
  });

  test("reads the error whatever the status: 400, 403, 401 and 500", async () => {
    for (const status of [400, 401, 403, 500]) {
      const { grant } = await signIn([() => json({ error: "authorization_pending" }, status), granted]);
      expect(grant).toBeDefined();
    }
  });

  test("goes on after cut connections and 5xx, more slowly each time, and at its pace afterwards", async () => {
    const cut = () => Promise.reject(connectionCut());
    const down = () => new Response("<html>bad gateway</html>", { status: 502 });
    const { grant, clock } = await signIn([cut, cut, down, pending, granted]);
    expect(grant).toBeDefined();
    expect(clock.sleeps).toEqual([5_000, 10_000, 20_000, 40_000, 5_000]);
  });

  test("copes without a refresh token and without expires_in", async () => {
    const { grant } = await signIn([() => json({ access_token: "opaque" })]);
    expect(grant).toMatchObject({ refreshToken: undefined, token: { expiresAt: undefined } });
  });
});

describe("offline_access", () => {
  const refusals: readonly Reply[] = [
    () => json({ error: "invalid_scope" }, 400),
    () => json({ error: "invalid_request", error_description: "offline_access is not allowed" }, 403),
  ];
  for (const [index, refusal] of refusals.entries()) {
    test(`is left out once the authority refuses it (${index + 1})`, async () => {
      const { grant, sent } = await signIn([granted], [refusal, () => json(code)]);
      expect(grant).toBeDefined();
      expect(sent.map(({ form }) => form["scope"])).toEqual([
        "read:clients offline_access",
        "read:clients",
        undefined,
      ]);
    });
  }

  test("a second refusal is final", async () => {
    const { error, sent } = await signIn([granted], [() => json({ error: "invalid_scope" }, 400)]);
    expect(error?.exit).toBe(Exit.signedOut);
    expect(sent).toHaveLength(2);
  });
});

describe("a sign-in that fails", () => {
  test("denied: exit 3, in the authority's words", async () => {
    const { error, sent } = await signIn([
      () =>
        json({ error: "access_denied", error_description: "User cancelled the confirmation prompt." }, 403),
    ]);
    expect(error?.exit).toBe(Exit.signedOut);
    expect(error?.message).toBe("The sign-in was denied (User cancelled the confirmation prompt).");
    expect(sent).toHaveLength(2);
  });

  test("expired_token and invalid_grant: exit 3, and no further poll", async () => {
    for (const word of ["expired_token", "invalid_grant"]) {
      const { error, sent } = await signIn([() => json({ error: word }, 403)]);
      expect(error?.exit).toBe(Exit.signedOut);
      expect(sent).toHaveLength(2);
    }
  });

  test("nobody approves: ends at the deadline without polling past it", async () => {
    const clock = new SteppingClock();
    const start = clock.now();
    const { error } = await signIn([pending], [() => json({ ...code, expires_in: 60 })], clock);
    expect(error).toMatchObject({ code: "sign_in_expired", exit: Exit.signedOut });
    expect(clock.now() - start).toBeLessThanOrEqual(60_000);
  });

  test("a network that never comes back: exit 4 at the deadline", async () => {
    const { error } = await signIn([() => Promise.reject(connectionCut())], [() => json(code)]);
    expect(error).toMatchObject({ exit: Exit.unreachable });
    expect(error?.message).toContain("auth0.auth0.com");
  });

  test("an authority that cannot be reached at all: exit 4", async () => {
    for (const reply of [
      () => Promise.reject(connectionCut()),
      () => new Response("", { status: 503 }),
      () => new Response("<html>log in to the hotel</html>", { status: 200 }),
    ]) {
      const { error, sent } = await signIn([granted], [reply]);
      expect(error?.exit).toBe(Exit.unreachable);
      expect(sent).toHaveLength(1);
    }
  });

  test("an authority that refuses the request: exit 3, and what to check in place of doing the same again", async () => {
    const refusals = ["unauthorized_client", "access_denied", "invalid_scope", "invalid_request"];
    for (const word of refusals) {
      const { error } = await signIn([granted], [() => json({ error: word }, 403)]);
      expect(error).toMatchObject({ exit: Exit.signedOut });
      expect(error?.hint).toMatch(
        /tenant's domain.*--scopes.*AUTH0_MCP_LOGIN_DOMAIN.*AUTH0_MCP_LOGIN_CLIENT_ID/,
      );
      expect(error?.hint).not.toContain("same command");
    }
  });

  test("one that a person denied or left can be started again", async () => {
    for (const word of ["access_denied", "expired_token", "invalid_grant"]) {
      const { error } = await signIn([() => json({ error: word }, 403)]);
      expect(error?.hint).toBe("Start it again with the same command.");
    }
    const { error } = await signIn([pending], [() => json({ ...code, expires_in: 60 })]);
    expect(error?.hint).toBe("Start it again with the same command.");
  });

  test("an answer without a code, with a code that a terminal would obey, or a link of another kind", async () => {
    for (const change of [
      { device_code: null },
      { user_code: "AB\u001b[2J" },
      { verification_uri: "javascript:alert(1)" },
      { verification_uri: "file:///etc/passwd" },
    ]) {
      const { error, shown } = await signIn([granted], [() => json({ ...code, ...change })]);
      expect(error?.code).toBe("unexpected_answer");
      expect(shown).toHaveLength(0);
    }
  });

  test("Ctrl+C ends it at once: exit 130", async () => {
    const stop = new AbortController();
    const { context } = harness(
      (sent) => (sent.url.endsWith("/device/code") ? json(code) : pending()),
      new SteppingClock(0, () => stop.abort()),
    );
    const signingIn = signInByDevice(context, request, () => undefined, stop.signal);
    await expect(signingIn).rejects.toMatchObject({ code: "cancelled", exit: Exit.interrupted });
  });

  test("the authority's words are told without secrets and control characters", async () => {
    const { error } = await signIn([
      () =>
        json(
          { error: "invalid_grant", error_description: "no \u001b[31mdevice-code-canary\u202e here" },
          403,
        ),
    ]);
    expect(error?.message).not.toContain("canary");
    expect(error?.message).not.toMatch(/[\u001b\u202e]/);
  });
});
