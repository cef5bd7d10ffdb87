import { describe, expect, test } from "bun:test";
import { environmentSession, fixedToken } from "../../src/auth/environment.ts";
import { SteppingClock } from "../lib/stepping-clock.ts";
import { jwt } from "./tokens.ts";

const clock = new SteppingClock();
const signal = new AbortController().signal;
const now = clock.now() / 1000;

describe("environmentSession", () => {
  test("neither set, or both exactly empty, is no session", () => {
    expect(environmentSession({}, clock)).toBeUndefined();
    expect(environmentSession({ AUTH0_DOMAIN: "", AUTH0_TOKEN: "" }, clock)).toBeUndefined();
  });

  test("both set are a session", async () => {
    const session = environmentSession(
      { AUTH0_DOMAIN: " acme.eu.auth0.com ", AUTH0_TOKEN: "opaque-token\n" },
      clock,
    );
    expect(session?.tenant.origin).toBe("https://acme.eu.auth0.com");
    expect(await session?.tokens.get(signal)).toEqual({
      value: "opaque-token",
      expiresAt: undefined,
      scopes: undefined,
    });
  });

  test.each([
    [{ AUTH0_DOMAIN: "acme.auth0.com" }, "AUTH0_TOKEN is not set"],
    [{ AUTH0_DOMAIN: "acme.auth0.com", AUTH0_TOKEN: "" }, "AUTH0_TOKEN is not set"],
    [{ AUTH0_DOMAIN: "acme.auth0.com", AUTH0_TOKEN: " " }, "AUTH0_TOKEN is blank"],
    [{ AUTH0_TOKEN: "x" }, "AUTH0_DOMAIN is not set"],
    [{ AUTH0_DOMAIN: "\t", AUTH0_TOKEN: "x" }, "AUTH0_DOMAIN is blank"],
    [{ AUTH0_DOMAIN: " " }, "AUTH0_DOMAIN is blank and AUTH0_TOKEN is not set"],
    [{ AUTH0_TOKEN: " " }, "AUTH0_DOMAIN is not set and AUTH0_TOKEN is blank"],
    [{ AUTH0_DOMAIN: " ", AUTH0_TOKEN: " " }, "AUTH0_DOMAIN is blank and AUTH0_TOKEN is blank"],
  ])("%j is exit 3 and says what is lacking", (environment, why) => {
    const session = () => environmentSession(environment, clock);
    expect(session).toThrow(expect.objectContaining({ exit: 3, code: "not_signed_in" }));
    expect(session).toThrow(why);
  });

  test.each([
    [{ AUTH0_CLIENT_SECRET: "x" }, "AUTH0_CLIENT_SECRET"],
    [{ AUTH0_CLIENT_PRIVATE_KEY_FILE: "/key.pem" }, "AUTH0_CLIENT_PRIVATE_KEY_FILE"],
  ])("a domain with %j and no client id is told to set the client id", (proof, named) => {
    const session = () => environmentSession({ AUTH0_DOMAIN: "acme.auth0.com", ...proof }, clock);
    expect(session).toThrow(
      expect.objectContaining({
        exit: 3,
        message: `AUTH0_DOMAIN and ${named} are given but AUTH0_CLIENT_ID is not set.`,
        hint: expect.stringContaining("Set AUTH0_CLIENT_ID"),
      }),
    );
    expect(environmentSession(proof, clock)).toBeUndefined();
  });

  test("a domain that is none is exit 2", () => {
    const session = () => environmentSession({ AUTH0_DOMAIN: "acme", AUTH0_TOKEN: "x" }, clock);
    expect(session).toThrow(expect.objectContaining({ exit: 2 }));
  });
});

describe("fixedToken", () => {
  test("tells what a JWT says of itself", async () => {
    const token = await fixedToken(jwt({ exp: now + 60, scope: "read:logs" }), clock).get(signal);
    expect(token).toMatchObject({ expiresAt: clock.now() + 60_000, scopes: ["read:logs"] });
  });

  test.each([
    "two words",
    'quo"ted',
    "'quoted'",
    "line\nbreak",
    "tøken",
    "Bearer abc",
    "a\u0000",
    "=",
    "a=b",
  ])("%j cannot be a token: exit 3, and the text is not repeated", (text) => {
    const make = () => fixedToken(text, clock);
    expect(make).toThrow(expect.objectContaining({ exit: 3 }));
    expect(make).not.toThrow(text);
  });

  test.each(["abc", "a.b.c", "A-Z_~+/09==", "x".repeat(20_000)])("%s can be one", (text) => {
    expect(() => fixedToken(text, clock)).not.toThrow();
  });

  test.each([
    [0, "0 seconds"],
    [-90, "1 minute"],
    [-600, "10 minutes"],
    [-4 * 3600, "4 hours"],
    [-12 * 86_400, "12 days"],
  ])("a token that ended %d seconds from now is refused with its age and the remedy", async (offset, age) => {
    const tokens = fixedToken(jwt({ exp: now + offset }), clock);
    const error = await tokens.get(signal).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ exit: 3, code: "not_signed_in" });
    expect(String(error)).toContain(age);
    expect(error).toMatchObject({ hint: expect.stringContaining("AUTH0_TOKEN") });
  });

  test("it cannot be renewed, and the advice names scopes", async () => {
    const tokens = fixedToken("opaque", clock);
    expect(await tokens.renew(await tokens.get(signal), signal)).toBeUndefined();
    expect(tokens.grantHint(["read:logs", "read:clients"])).toContain("read:logs and read:clients");
    expect(tokens.signInHint).toContain("AUTH0_TOKEN");
  });
});
