import { describe, expect, test } from "bun:test";
import { signInWithin } from "../../src/auth/limited-sign-in.ts";
import { parseTenantAddress } from "../../src/config/domain.ts";
import { Exit } from "../../src/lib/errors.ts";
import { harness, json, never } from "./harness.ts";

const tenant = parseTenantAddress("acme.eu.auth0.com", "test");
const credentials = {
  tenant,
  clientId: "machine",
  audience: "https://acme.eu.auth0.com/api/v2/",
  proof: { secret: "hush-hush" },
};
const declared = ["read:clients", "update:clients", "read:logs"];
const reading = { declared, needed: undefined, readOnly: true };

/** A tenant that gives what is asked for, or all that it granted, as Auth0 does. */
const granting = (...granted: readonly string[]) =>
  harness(({ form }, number) => {
    const asked = form["scope"]?.split(" ") ?? granted;
    if (asked.some((scope) => !granted.includes(scope))) return json({ error: "access_denied" }, 403);
    return json({ access_token: `token-${number}`, expires_in: 3600, scope: asked.join(" ") });
  });

describe("an application within limits", () => {
  test("gets exactly those of its scopes that only read", async () => {
    const { context, sent } = granting("update:clients", "read:logs", "read:clients", "read:brand_new");
    const { grant, scopes, granted } = await signInWithin(context, credentials, reading, never);
    expect(sent.map(({ form }) => form["scope"])).toEqual([undefined, "read:logs read:clients"]);
    expect(scopes).toEqual(["read:logs", "read:clients"]);
    expect(grant.token).toMatchObject({ value: "token-2", scopes });
    expect(granted).toBe(4);
  });

  test("gets exactly those that the chosen tools need", async () => {
    const { context } = granting(...declared);
    const limits = { declared, needed: ["update:clients", "create:clients"], readOnly: false };
    expect((await signInWithin(context, credentials, limits, never)).scopes).toEqual(["update:clients"]);
  });

  test("that was granted no more than they allow is asked for one token only, and keeps its names", async () => {
    const { context, sent } = granting("read:logs");
    expect(await signInWithin(context, credentials, reading, never)).toMatchObject({
      grant: { token: { value: "token-1" } },
      scopes: ["read:logs"],
      granted: 1,
    });
    expect(sent).toHaveLength(1);
  });

  test("with none of them is exit 3, naming what to grant", async () => {
    const { context, sent } = granting("update:clients");
    await expect(signInWithin(context, credentials, reading, never)).rejects.toMatchObject({
      exit: Exit.signedOut,
      hint: expect.stringContaining("read:clients, read:logs"),
    });
    expect(sent).toHaveLength(1);
  });

  test("whose scopes nobody tells is exit 3, naming the flag that does", async () => {
    const { context } = harness(() => json({ access_token: "opaque", expires_in: 3600 }));
    await expect(signInWithin(context, credentials, reading, never)).rejects.toMatchObject({
      exit: Exit.signedOut,
      hint: expect.stringContaining("--scopes"),
    });
  });

  test("that is refused is told so", async () => {
    const { context } = harness(() => json({ error: "access_denied" }, 401));
    const refused = signInWithin(context, credentials, reading, never);
    await expect(refused).rejects.toMatchObject({
      exit: Exit.signedOut,
      hint: expect.stringContaining("secret"),
    });
  });
});
