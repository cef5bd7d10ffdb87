import { describe, expect, test } from "bun:test";
import { signInCommand, storedSessionWords } from "../../src/auth/session-words.ts";
import { parseTenantAddress } from "../../src/config/domain.ts";
import { machineOf, profileOf } from "./places.ts";

const KEYRING = { store: "keyring" } as const;
const authority = (text: string) => parseTenantAddress(text, "test");

describe("the command that signs in again the same way", () => {
  test.each([
    ["acme.eu.auth0.com", {}, "auth0-mcp login --tenant acme.eu.auth0.com --scopes 'read:*'"],
    ["acme.eu.auth0.com", { scopes: "none" }, "auth0-mcp login --tenant acme.eu.auth0.com --scopes none"],
    [
      "acme.eu.auth0.com",
      { store: "file", authority: authority("https://127.0.0.1:5000"), clientId: "my id" },
      "AUTH0_MCP_STORE=file AUTH0_MCP_LOGIN_DOMAIN=https://127.0.0.1:5000 AUTH0_MCP_LOGIN_CLIENT_ID='my id' auth0-mcp login --tenant acme.eu.auth0.com --scopes 'read:*'",
    ],
    ["127.0.0.1:4000", {}, "auth0-mcp login --tenant 127.0.0.1:4000 --scopes 'read:*'"],
    ["https://127.0.0.1:4000", {}, "auth0-mcp login --tenant https://127.0.0.1:4000 --scopes 'read:*'"],
    ["https://localhost", {}, "auth0-mcp login --tenant https://localhost --scopes 'read:*'"],
    ["https://[::1]:4000", {}, "auth0-mcp login --tenant 'https://[::1]:4000' --scopes 'read:*'"],
    ["[::1]:4000", {}, "auth0-mcp login --tenant '[::1]:4000' --scopes 'read:*'"],
  ] as const)("in the browser: %s %j", (domain, more, command) => {
    expect(signInCommand(profileOf(domain, { ...KEYRING, ...more }))).toBe(command);
  });

  const start = "auth0-mcp login --auth0-domain";
  test.each([
    [
      "acme.eu.auth0.com",
      {},
      `${start} acme.eu.auth0.com --auth0-client-id machine --auth0-client-secret-stdin`,
    ],
    [
      "https://localhost:4000",
      { scopes: "read:clients,read:logs" },
      `${start} https://localhost:4000 --auth0-client-id machine --auth0-client-secret-stdin --scopes read:clients,read:logs`,
    ],
    [
      "login.acme.com",
      { proof: "key", keyFile: "/home/me/my keys/job.pem", audience: "https://acme.eu.auth0.com/api/v2/" },
      `${start} login.acme.com --auth0-client-id machine --auth0-private-key '/home/me/my keys/job.pem' --audience https://acme.eu.auth0.com/api/v2/`,
    ],
    [
      "acme.eu.auth0.com",
      { proof: "key" },
      `${start} acme.eu.auth0.com --auth0-client-id machine --auth0-private-key '<file>'`,
    ],
    [
      "acme.eu.auth0.com",
      { proof: undefined },
      `${start} acme.eu.auth0.com --auth0-client-id machine --auth0-client-secret-stdin`,
    ],
  ] as const)("as an application: %s %j", (domain, more, command) => {
    expect(signInCommand(machineOf(domain, { ...KEYRING, ...more }))).toBe(command);
  });
});

describe("the command for more scopes", () => {
  const { tenant } = profileOf("acme.eu.auth0.com");
  const hint = (profile: Parameters<typeof storedSessionWords>[1]) =>
    storedSessionWords(tenant, profile).grantHint(["create:clients", "read:logs"]);

  test("adds them to those that were asked for by name, for an application too", () => {
    expect(hint(profileOf(tenant.domain))).toEndWith("--scopes 'read:*,create:clients,read:logs'");
    const named = hint(machineOf(tenant.domain, { scopes: "read:clients" }));
    expect(named).toStartWith("Grant create:clients and read:logs to the application machine");
    expect(named).toEndWith("--scopes read:clients,create:clients,read:logs");
  });

  test("names none for an application that has all it was granted", () => {
    expect(hint(machineOf(tenant.domain))).not.toContain("--scopes");
  });
});
