import { expect, test } from "bun:test";
import { browserCommand } from "../../src/cli/browser.ts";

const LINK = "https://auth0.auth0.com/activate?user_code=ABCD-EFGH&x='$(id)'";

test("the system's own way, with the address as one argument", () => {
  expect(browserCommand(LINK, { DISPLAY: ":0" }, "linux")).toEqual(["xdg-open", LINK]);
  expect(browserCommand(LINK, { WAYLAND_DISPLAY: "wayland-0" }, "linux")).toEqual(["xdg-open", LINK]);
  expect(browserCommand(LINK, {}, "darwin")).toEqual(["open", LINK]);
  expect(browserCommand(LINK, {}, "win32")).toEqual(["rundll32", "url.dll,FileProtocolHandler", LINK]);
});

test("nothing where there is no screen", () => {
  expect(browserCommand(LINK, {}, "linux")).toBeUndefined();
});

test("BROWSER wins: a program, a command with arguments, the first of a list", () => {
  expect(browserCommand(LINK, { BROWSER: "firefox" }, "linux")).toEqual(["firefox", LINK]);
  expect(browserCommand(LINK, { BROWSER: "firefox -P work %s:lynx" }, "linux")).toEqual([
    "firefox",
    "-P",
    "work",
    LINK,
  ]);
  expect(browserCommand(LINK, { BROWSER: "/bin/sh" }, "linux")).toEqual(["/bin/sh", LINK]);
});

test("nothing but http and https is opened", () => {
  for (const address of ["file:///etc/passwd", "javascript:alert(1)", "-x", "vscode://x"]) {
    expect(browserCommand(address, { BROWSER: "firefox" }, "linux")).toBeUndefined();
  }
});
