import { describe, expect, test } from "bun:test";
import { generateKeyPairSync } from "node:crypto";
import { signInWithCredentials } from "../../src/auth/client-credentials.ts";
import { readClaims } from "../../src/auth/jwt.ts";
import { parseClientKey } from "../../src/auth/private-key-jwt.ts";
import { renewSession } from "../../src/auth/renewal.ts";
import { parseTenantAddress } from "../../src/config/domain.ts";
import { Exit } from "../../src/lib/errors.ts";
import { SteppingClock } from "../lib/stepping-clock.ts";
import { connectionCut, harness, json, type SentForm } from "./harness.ts";

const tenant = parseTenantAddress("acme.eu.auth0.com", "test");
const audience = "https://acme.eu.auth0.com/api/v2/";
const pem = generateKeyPairSync("ec", { namedCurve: "P-256" })
  .privateKey.export({ type: "pkcs8", format: "pem" })
  .toString();
const bySecret = { tenant, clientId: "machine", audience, proof: { secret: "hush-hush" } };
const byKey = { tenant, clientId: "machine", audience, proof: { key: parseClientKey(pem, "key.pem") } };
const renewal = { kind: "private_key", value: pem } as const;

describe("signing in with client credentials", () => {
  test("a refusal is exit 3 in the tenant's words, no answer is exit 4", async () => {
    const refusing = harness(() => json({ error: "access_denied", error_description: "Unauthorized" }, 401));
    const refused = signInWithCredentials(refusing.context, bySecret);
    await expect(refused).rejects.toMatchObject({
      exit: Exit.signedOut,
      message: "acme.eu.auth0.com refused the application machine: Unauthorized (access_denied).",
    });
    expect(refusing.sent).toHaveLength(1);
    const { context } = harness(() => Promise.reject(connectionCut()));
    await expect(signInWithCredentials(context, bySecret)).rejects.toMatchObject({ exit: Exit.unreachable });
  });

  describe("a refusal says what to look at", () => {
    const audience = "https://other.example/api/v2/";
    const unauthorized = { error: "access_denied", error_description: "Unauthorized" };
    const service = { error: "access_denied", error_description: "Service not found: https://x/api/v2/" };
    const scopes = { error: "access_denied", error_description: "Client has not been granted scopes: a:b" };
    test.each([
      [bySecret, unauthorized, /the client id and its secret, and/],
      [byKey, unauthorized, /the client id and its key, and/],
      [
        { ...bySecret, audience },
        unauthorized,
        /the audience https:\/\/other\.example\/api\/v2\/ \(--audience\)/,
      ],
      [{ ...bySecret, audience, audienceSource: "AUTH0_AUDIENCE" }, unauthorized, /\(AUTH0_AUDIENCE\)/],
      [bySecret, service, /^Check the audience https:\/\/acme\.eu\.auth0\.com\/api\/v2\/ \(--audience\)/],
      [{ ...bySecret, scopes: ["a:b"] }, scopes, /^Grant the application these scopes/],
    ])("%#", async (credentials, body, advice) => {
      const { context } = harness(() => json(body, 403));
      await expect(signInWithCredentials(context, credentials)).rejects.toMatchObject({
        exit: Exit.signedOut,
        hint: expect.stringMatching(advice),
      });
    });
  });

  test("the secret and every assertion are known to the redactor", async () => {
    const { context, sent } = harness(() => json({ access_token: "t", expires_in: 60 }));
    await signInWithCredentials(context, bySecret);
    await signInWithCredentials(context, byKey);
    const assertion = sent[1]?.form["client_assertion"] ?? "";
    expect(context.secrets.text(`hush-hush ${assertion}`)).not.toMatch(/hush|ey/);
  });
});

describe("a clock that is ten minutes off", () => {
  /** A tenant whose clock is right, and which refuses assertions of another time. */
  function tenantAt(rightTime: (localTime: number) => number, clock: SteppingClock) {
    return harness(({ form }: SentForm) => {
      const now = rightTime(clock.now());
      const headers = { date: new Date(now).toUTCString() };
      const expiresAt = readClaims(form["client_assertion"] ?? "")?.expiresAt ?? 0;
      return expiresAt > now && expiresAt <= now + 120_000
        ? json({ access_token: "opaque", expires_in: 3600 }, 200, headers)
        : json({ error: "invalid_client" }, 401, headers);
    }, clock);
  }

  for (const minutes of [-10, 10]) {
    test(`${minutes} minutes: the assertion is signed by the tenant's clock, and renewals need no second try`, async () => {
      const clock = new SteppingClock();
      const { context, sent } = tenantAt((local) => local + minutes * 60_000, clock);
      const grant = await signInWithCredentials(context, byKey);
      expect(sent).toHaveLength(2);
      // The token ends an hour from now by our own clock, whatever it says.
      expect(grant.token.expiresAt).toBe(clock.now() + 3_600_000);
      const record = { renewal, clockOffset: grant.clockOffset };
      clock.time += 3_600_000;
      const terms = { tenant, authority: tenant, clientId: "machine", audience };
      expect(await renewSession(context, terms, record)).toMatchObject({ kind: "renewed" });
      expect(sent).toHaveLength(3);
    });
  }

  test("set between two renewals: the first learns the time, the next ones know it", async () => {
    const clock = new SteppingClock();
    const { context, sent } = tenantAt((local) => local - 600_000, clock);
    const terms = { tenant, authority: tenant, clientId: "machine", audience };
    let clockOffset = 0;
    for (const requests of [2, 3, 4]) {
      const outcome = await renewSession(context, terms, { renewal, clockOffset });
      if (outcome.kind !== "renewed") throw new Error(outcome.words);
      clockOffset = outcome.record.clockOffset;
      expect(sent).toHaveLength(requests);
    }
  });

  test("with a right clock a refusal is final", async () => {
    const { context, sent } = harness(() => json({ error: "invalid_client" }, 401));
    await expect(signInWithCredentials(context, byKey)).rejects.toMatchObject({ exit: Exit.signedOut });
    expect(sent).toHaveLength(1);
  });
});
