import { describe, expect, test } from "bun:test";
import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { configuration } from "../../src/cli/doctor/checks/configuration.ts";
import { folder } from "../../src/cli/doctor/checks/folder.ts";
import { checks } from "../../src/cli/doctor/checks/index.ts";
import { scopes } from "../../src/cli/doctor/checks/scopes.ts";
import { version } from "../../src/cli/doctor/checks/version.ts";
import { VERSION } from "../../src/config/product.ts";
import { asObjects } from "../../src/lib/json.ts";
import { examinationIn, freshHome, look } from "./doctor-harness.ts";
import { run } from "./harness.ts";

const home = freshHome();

test("version", async () => {
  expect((await look(version, examinationIn(home())))[0]).toMatchObject({
    status: "pass",
    message: expect.stringContaining(VERSION),
  });
});

describe("configuration", () => {
  test("each value with where it came from, and of secrets only that they are given", async () => {
    const environment = {
      AUTH0_MCP_READ_ONLY: "yes",
      AUTH0_MCP_TOOLS: "auth0_get_*",
      AUTH0_DOMAIN: "acme.eu.auth0.com",
      AUTH0_TOKEN: "canary-of-a-token",
      AUTH0_CLIENT_SECRET: "canary-of-a-secret",
      AUTH0_MCP_STORE: "",
    };
    const [result] = await look(configuration, examinationIn(home(), environment, { tools: "auth0_list_*" }));
    expect(result?.status).toBe("pass");
    const lines = result?.message.split("\n") ?? [];
    expect(lines).toContain("tools: auth0_list_* (--tools)");
    expect(lines).toContain("read-only: yes (AUTH0_MCP_READ_ONLY)");
    expect(lines).toContain("exclude-tools: none (default)");
    expect(lines).toContain("AUTH0_DOMAIN: acme.eu.auth0.com (AUTH0_DOMAIN)");
    expect(lines).toContain("AUTH0_TOKEN: given, not shown (AUTH0_TOKEN)");
    expect(lines).toContain("auth0-client-secret: given, not shown (AUTH0_CLIENT_SECRET)");
    expect(result?.message).not.toContain("canary");
    expect(result?.message).not.toContain("AUTH0_MCP_STORE");
  });

  test("a key that was put where its file's name belongs is not told", async () => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const [result] = await look(configuration, examinationIn(home(), { AUTH0_CLIENT_PRIVATE_KEY_FILE: pem }));
    expect(result?.message).toContain("(AUTH0_CLIENT_PRIVATE_KEY_FILE)");
    for (const line of pem.trim().split("\n")) expect(result?.message).not.toContain(line);
  });

  test("one bad setting hides none of the others", async () => {
    const environment = {
      AUTH0_MCP_READ_ONLY: "ja",
      AUTH0_MCP_READONLY: "1",
      AUTH0_MCP_TENANT: "acme",
      AUTH0_MCP_STORE: "cupboard",
    };
    const [result] = await look(configuration, examinationIn(home(), environment));
    expect(result?.status).toBe("fail");
    for (const name of Object.keys(environment)) expect(result?.message).toContain(name);
    expect(result?.message).toContain("tenant: acme (AUTH0_MCP_TENANT)");
    expect(result?.remedy).toContain("Write AUTH0_MCP_READ_ONLY for AUTH0_MCP_READONLY.");
    const [told] = await look(scopes, examinationIn(home(), environment));
    expect(told).toMatchObject({ status: "warn", remedy: "See the configuration above." });
  });

  test("the address of analytics may hold a password, and is not shown", async () => {
    const environment = { AUTH0_MCP_ANALYTICS_URL: "https://ada:canary@collector.example" };
    const [result] = await look(configuration, examinationIn(home(), environment));
    expect(result?.message).toContain("AUTH0_MCP_ANALYTICS_URL: given, not shown");
    expect(result?.message).not.toContain("canary");
  });

  test("a variable that looks like ours and is none", async () => {
    const [result] = await look(configuration, examinationIn(home(), { AUTH0_MCP_REDA_ONLY: "1" }));
    expect(result).toMatchObject({
      status: "warn",
      message: expect.stringContaining("AUTH0_MCP_REDA_ONLY"),
      remedy: "Write AUTH0_MCP_READ_ONLY for AUTH0_MCP_REDA_ONLY.",
    });
  });

  test.each([
    [{ AUTH0_MCP_READ_ONLY: "maybe" }, "AUTH0_MCP_READ_ONLY"],
    [{ AUTH0_MCP_TOOLS: "nothing_like_it" }, "AUTH0_MCP_TOOLS"],
    [{ AUTH0_MCP_TENANT: "acme" }, "AUTH0_MCP_TENANT"],
    [{ AUTH0_MCP_STORE: "drawer" }, "AUTH0_MCP_STORE"],
  ])("%j fails", async (environment, named) => {
    const [result] = await look(configuration, examinationIn(home(), environment));
    expect(result).toMatchObject({ status: "fail", message: expect.stringContaining(named) });
    expect(result?.remedy).toBeDefined();
  });
});

describe("working folder", () => {
  test("an ordinary one passes, with an .env that is about something else", async () => {
    writeFileSync(join(home(), ".env"), "PORT=3000\n# AUTH0_DOMAIN=commented\nMY_AUTH0_SECRET=canary\n");
    expect((await look(folder, examinationIn(home())))[0]?.status).toBe("pass");
  });

  test("names what is set, never a value", async () => {
    writeFileSync(
      join(home(), ".env"),
      'export AUTH0_DOMAIN=acme\n AUTH0_CLIENT_SECRET = "canary"\nAUTH0_DOMAIN=b\n',
    );
    writeFileSync(join(home(), "bunfig.toml"), 'preload = ["./canary.ts"]');
    const [result] = await look(folder, examinationIn(home()));
    expect(result).toMatchObject({
      status: "warn",
      message: expect.stringContaining(".env sets AUTH0_DOMAIN, AUTH0_CLIENT_SECRET. bunfig.toml is there."),
    });
    expect(JSON.stringify(result)).not.toContain("canary");
  });

  test("a pipe named .env is not waited for", async () => {
    Bun.spawnSync(["mkfifo", join(home(), ".env")]);
    expect((await look(folder, examinationIn(home())))[0]?.status).toBe("pass");
  });
});

describe("the command", () => {
  test("prints every check as JSON; exit 1 when one fails", async () => {
    const { code, json, stderr } = await run(["doctor", "--json"], {
      HOME: home(),
      AUTH0_MCP_TOOLS: "nothing",
    });
    expect([code, stderr]).toEqual([1, ""]);
    const told = asObjects(json["checks"]);
    expect(told.map(({ id }) => id).filter((id) => !String(id).startsWith("client."))).toEqual(
      checks.map(({ id }) => id),
    );
    for (const check of told) {
      expect(Object.keys(check).filter((key) => key !== "remedy")).toEqual([
        "id",
        "title",
        "status",
        "message",
      ]);
      expect(["pass", "warn", "fail"]).toContain(String(check["status"]));
      if (check["status"] !== "pass") expect(check["remedy"]).toBeString();
    }
    expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
  });

  test("for people, on stdout", async () => {
    const { code, stdout } = await run(["doctor"], { HOME: home() });
    expect(code).toBe(1);
    expect(stripVTControlCharacters(stdout)).toMatch(/^pass {2}Version +auth0-mcp /);
  });
});
