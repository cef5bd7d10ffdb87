import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseRecord, type SessionRecord, serializeRecord } from "../../src/auth/session-record.ts";
import { keepSignIn } from "../../src/auth/sign-in.ts";
import { signOut } from "../../src/auth/sign-out.ts";
import { readRecord, storedSession } from "../../src/auth/stored-session.ts";
import { parseTenantAddress } from "../../src/config/domain.ts";
import type { SignInTerms } from "../../src/config/sign-in-terms.ts";
import type { TenantProfile } from "../../src/config/tenants.ts";
import { Exit } from "../../src/lib/errors.ts";
import { rejection } from "../support/rejection.ts";
import { harness, json, never, type Reply } from "./harness.ts";
import { HOUR, machineOf, newPlaces, profileOf, recordFor, type TestPlaces } from "./places.ts";

let places: TestPlaces;
beforeEach(() => {
  places = newPlaces();
});
afterEach(() => places.remove());

describe("a stored session", () => {
  test.each(["sign-out", "record"])(
    "tells the command of its sign-in to the letter without its %s",
    async (gone) => {
      const { context, clock } = harness(() => new Response(""));
      const domain = "a.eu.auth0.com";
      const authority = parseTenantAddress("login.acme.com", "test");
      const profile = profileOf(domain, { authority, clientId: "own", scopes: "read:clients,*:logs" });
      await keepSignIn(context, places, profile, recordFor(clock));
      const { tokens } = storedSession(context, places, profileOf(domain));
      await tokens.get(never);
      if (gone === "record") rmSync(join(places.folder, "sessions", `${domain}.json`));
      else await signOut(context, places, domain, never);
      await places.tenants.update((list) => list);
      const { message, hint } = await rejection(tokens.get(never));
      expect(message).toBe(`Nobody is signed in to ${domain}.`);
      expect(hint).toBe(
        "Sign in again with: AUTH0_MCP_STORE=file AUTH0_MCP_LOGIN_DOMAIN=login.acme.com AUTH0_MCP_LOGIN_CLIENT_ID=own auth0-mcp login --tenant a.eu.auth0.com --scopes 'read:clients,*:logs'",
      );
    },
  );

  test("renews by its refresh token, and keeps the new one", async () => {
    const { context, clock, sent } = harness(() =>
      json({ access_token: "access-2", refresh_token: "refresh-2", expires_in: 3600 }),
    );
    await keepSignIn(context, places, profileOf("a.eu.auth0.com"), recordFor(clock));
    const { tokens } = storedSession(context, places, profileOf("a.eu.auth0.com"));
    clock.time += HOUR;
    expect((await tokens.get(never)).value).toBe("access-2");
    expect(sent).toEqual([
      {
        url: "https://auth0.auth0.com/oauth/token",
        form: {
          grant_type: "refresh_token",
          client_id: "2lhnuYMRQ8IpR5hNsOhDFQqrGQUQMRm5",
          refresh_token: "refresh-1",
        },
      },
    ]);
    expect((await readRecord(places, "a.eu.auth0.com", "file"))?.renewal?.value).toBe("refresh-2");
  });

  test("renews by its client secret, at its own tenant, for its own audience", async () => {
    const { context, clock, sent } = harness(() => json({ access_token: "access-2", expires_in: 3600 }));
    const tenant = parseTenantAddress("login.acme.com", "test");
    const profile = profileOf("login.acme.com", {
      method: "client_credentials",
      authority: tenant,
      clientId: "machine",
      audience: "https://acme.eu.auth0.com/api/v2/",
      scopes: undefined,
    });
    await keepSignIn(
      context,
      places,
      profile,
      recordFor(clock, { renewal: { kind: "client_secret", value: "hush-hush" } }),
    );
    const { tokens } = storedSession(context, places, profile);
    clock.time += HOUR;
    await tokens.get(never);
    expect(sent).toEqual([
      {
        url: "https://login.acme.com/oauth/token",
        form: {
          grant_type: "client_credentials",
          client_id: "machine",
          audience: "https://acme.eu.auth0.com/api/v2/",
          client_secret: "hush-hush",
        },
      },
    ]);
    expect((await readRecord(places, "login.acme.com", "file"))?.renewal).toEqual({
      kind: "client_secret",
      value: "hush-hush",
    });
  });

  test("names the command that signs in again the same way", async () => {
    const { context, clock } = harness(() => json({ error: "invalid_grant" }, 403));
    const profile = profileOf("a.eu.auth0.com", { authority: parseTenantAddress("127.0.0.1:4000", "test") });
    await keepSignIn(context, places, profile, recordFor(clock));
    const { tokens } = storedSession(context, places, profile);
    clock.time += HOUR;
    const error = await rejection(tokens.get(never));
    expect(error).toMatchObject({ exit: Exit.signedOut });
    expect(error.hint).toContain(
      "AUTH0_MCP_STORE=file AUTH0_MCP_LOGIN_DOMAIN=127.0.0.1:4000 auth0-mcp login --tenant a.eu.auth0.com --scopes 'read:*'",
    );
    expect(tokens.grantHint(["create:clients"])).toContain("--scopes 'read:*,create:clients'");
  });

  test("stays with its tenant, whatever becomes the current one", async () => {
    const { context, clock } = harness(() => json({}));
    await keepSignIn(context, places, profileOf("a.eu.auth0.com"), recordFor(clock));
    const { tenant, tokens } = storedSession(context, places, profileOf("a.eu.auth0.com"));
    await tokens.get(never);
    const other = { token: { value: "access-b", expiresAt: undefined, scopes: undefined } };
    await keepSignIn(context, places, profileOf("b.eu.auth0.com"), recordFor(clock, other));
    expect((await tokens.get(never)).value).toBe("access-1");
    expect(tenant.domain).toBe("a.eu.auth0.com");
  });

  test("that is damaged is exit 1 with the remedy", async () => {
    const { context, clock } = harness(() => json({}));
    await keepSignIn(context, places, profileOf("a.eu.auth0.com"), recordFor(clock));
    writeFileSync(join(places.folder, "sessions", "a.eu.auth0.com.json"), '{"version":1,"access_tok');
    const { tokens } = storedSession(context, places, profileOf("a.eu.auth0.com"));
    expect(await rejection(tokens.get(never))).toMatchObject({
      code: "store_unreachable",
      exit: Exit.failed,
    });
  });
});

describe("what a store holds says itself how it was signed in", () => {
  const domain = "a.eu.auth0.com";
  const machine = machineOf(domain, { scopes: "read:clients,read:logs" });
  const answer = () => json({ access_token: "access-2", expires_in: 3600 });

  /** The list names a sign-in in the browser, and the store holds a newer one as an application. */
  async function half(reply: Reply = answer) {
    const place = harness(reply);
    await keepSignIn(place.context, places, profileOf(domain), recordFor(place.clock));
    const newer = { token: { value: "newer", expiresAt: place.clock.now() + HOUR, scopes: undefined } };
    const proof = { renewal: { kind: "client_secret", value: "hush-hush" }, terms: machine } as const;
    await write(recordFor(place.clock, { ...newer, ...proof }));
    return { ...place, session: storedSession(place.context, places, profileOf(domain)) };
  }

  async function write(record: SessionRecord): Promise<void> {
    await (await places.openStore("file")).write(domain, serializeRecord(record));
  }

  test("so a sign-in whose listing was cut short is shown and renewed as what it is", async () => {
    const { session, clock, sent } = await half();
    expect((await session.tokens.get(never)).value).toBe("newer");
    expect(session).toMatchObject({ method: "client_credentials", store: "file" });
    clock.time += HOUR;
    expect((await session.tokens.get(never)).value).toBe("access-2");
    expect(sent).toEqual([
      {
        url: `https://${domain}/oauth/token`,
        form: {
          grant_type: "client_credentials",
          client_id: "machine",
          audience: `https://${domain}/api/v2/`,
          scope: "read:clients read:logs",
          client_secret: "hush-hush",
        },
      },
    ]);
    expect((await readRecord(places, domain, "file"))?.terms).toEqual(profileTerms(machine));
  });

  test("and the advice is the one for that sign-in", async () => {
    const { session, clock } = await half(() => json({ error: "access_denied" }, 401));
    clock.time += HOUR;
    const { hint } = await rejection(session.tokens.get(never));
    expect(hint).toContain(
      `login --auth0-domain ${domain} --auth0-client-id machine --auth0-client-secret-stdin`,
    );
  });

  test("a record of an older version goes by the list, and carries terms from its renewal on", async () => {
    const { context, clock, sent } = harness(answer);
    await keepSignIn(context, places, profileOf(domain), recordFor(clock));
    const { terms: _, ...older } = recordFor(clock);
    await write(older);
    expect(readFileSync(join(places.folder, "sessions", `${domain}.json`), "utf8")).not.toContain("terms");
    clock.time += HOUR;
    const session = storedSession(context, places, profileOf(domain));
    expect((await session.tokens.get(never)).value).toBe("access-2");
    expect(sent[0]?.url).toBe("https://auth0.auth0.com/oauth/token");
    expect((await readRecord(places, domain, "file"))?.terms).toEqual(profileTerms(profileOf(domain)));
  });

  test("terms that are damaged, or of another tenant, are damage", async () => {
    const { context, clock } = harness(answer);
    await keepSignIn(context, places, profileOf(domain), recordFor(clock));
    const session = storedSession(context, places, profileOf(domain));
    await write(recordFor(clock, { terms: machineOf("b.eu.auth0.com") }));
    expect(await rejection(session.tokens.get(never))).toMatchObject({ code: "store_unreachable" });
    const text = serializeRecord(recordFor(clock, { terms: machine }));
    for (const [from, to] of [
      [`"url":"https:`, `"url":"http:`],
      [`"method":"client_credentials"`, `"method":"magic"`],
      [`"terms":{`, `"terms":7,"x":{`],
    ] as const) {
      expect(text).toContain(from);
      expect(parseRecord(text)).toBeDefined();
      expect(parseRecord(text.replace(from, to))).toBeUndefined();
    }
  });

  test("a session of the same host by another scheme is another one's", async () => {
    const { context, clock } = harness(answer);
    const plain = profileOf("http://localhost:4000");
    const secure = profileOf("https://localhost:4000");
    await keepSignIn(context, places, plain, recordFor(clock));
    const session = storedSession(context, places, plain);
    expect((await session.tokens.get(never)).value).toBe("access-1");
    await keepSignIn(context, places, secure, recordFor(clock));
    const error = await rejection(session.tokens.get(never));
    expect(error).toMatchObject({ exit: Exit.signedOut });
    expect(error.hint).toContain("--tenant https://localhost:4000");
  });
});

/** What of a listed sign-in a record keeps. */
function profileTerms({ store: _, ...terms }: TenantProfile): SignInTerms {
  return terms;
}
