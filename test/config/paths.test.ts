import { expect, test } from "bun:test";
import { configFolder } from "../../src/config/paths.ts";

test("the configuration folder is the platform's own", () => {
  const cases = [
    [{ HOME: "/home/ada" }, "linux", "/home/ada/.config/auth0-mcp"],
    [{ HOME: "/home/ada", XDG_CONFIG_HOME: "/cfg" }, "linux", "/cfg/auth0-mcp"],
    [{ HOME: "/home/ada", XDG_CONFIG_HOME: "relative" }, "linux", "/home/ada/.config/auth0-mcp"],
    [{ HOME: "/home/ada", XDG_CONFIG_HOME: "" }, "linux", "/home/ada/.config/auth0-mcp"],
    [
      { HOME: "/Users/ada", XDG_CONFIG_HOME: "/cfg" },
      "darwin",
      "/Users/ada/Library/Application Support/auth0-mcp",
    ],
    [{ APPDATA: "C:\\ada\\Roaming" }, "win32", "C:\\ada\\Roaming\\auth0-mcp"],
    [{ USERPROFILE: "C:\\ada" }, "win32", "C:\\ada\\AppData\\Roaming\\auth0-mcp"],
    [{ USERPROFILE: "C:\\ada", APPDATA: "Roaming" }, "win32", "C:\\ada\\AppData\\Roaming\\auth0-mcp"],
  ] as const;
  for (const [environment, platform, folder] of cases) {
    expect(configFolder(environment, platform, "auth0-mcp")).toBe(folder);
  }
});

test("run from source it is another one than the executable's", () => {
  expect(configFolder({ HOME: "/home/ada" }, "linux")).toBe("/home/ada/.config/auth0-mcp-dev");
});
