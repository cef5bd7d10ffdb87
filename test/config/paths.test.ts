import { expect, test } from "bun:test";
import { configFolder, shortPath, systemOf } from "../../src/config/paths.ts";

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

test.each([
  ["/home/ada/a b", "/home/ada", "linux", "~/a b"],
  ["/home/ada", "/home/ada", "linux", "/home/ada"],
  ["/home/adam/a", "/home/ada", "linux", "/home/adam/a"],
  ["/srv/home/ada/a", "/home/ada", "linux", "/srv/home/ada/a"],
  ["C:\\Users\\ada\\a", "C:\\Users\\ada", "win32", "~\\a"],
] as const)("%s below %s is told as people write it", (path, home, platform, written) => {
  expect(shortPath(path, systemOf({ HOME: home, USERPROFILE: home }, platform))).toBe(written);
});

test("without a home folder a path is told as it is", () => {
  expect(shortPath("/a", { platform: "linux", environment: {}, home: "" })).toBe("/a");
});
