import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../scripts/build.ts";
import { options } from "../../src/config/options.ts";
import { releaseFolder, releasePlace } from "../../src/upgrade/address.ts";

const repository = "https://github.com/example/auth0-mcp";
const { variable } = options.downloadUrl;

describe("where releases are", () => {
  test("in the folder of the variable, before the repository of the build", () => {
    const place = releasePlace("https://mirror.example/auth0-mcp/", { repository });
    expect(place).toEqual({ kind: "folder", address: "https://mirror.example/auth0-mcp" });
    expect(releaseFolder(place, "1.2.3")).toBe("https://mirror.example/auth0-mcp");
  });

  test("in the repository of the build, by version, as install.sh finds them", () => {
    const place = releasePlace(undefined, { repository });
    expect(releaseFolder(place, "1.2.3")).toBe(`${repository}/releases/download/v1.2.3`);
    const installer = readFileSync(join(ROOT, "install.sh"), "utf8");
    expect(installer).toContain("base=$REPOSITORY/releases/download/v$version");
    expect(installer).toContain(variable);
  });

  test("nobody knows where, when there is neither", () => {
    expect(() => releasePlace(undefined, {})).toThrow(
      expect.objectContaining({ code: "no_release_place", exit: 1, hint: expect.stringContaining(variable) }),
    );
    expect(() => releasePlace(undefined, {})).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("SHA256SUMS and build-info.json") }),
    );
  });

  test.each([
    ["http://downloads.example", "only https"],
    ["ftp://127.0.0.1/x", "only https"],
    ["file:///tmp", "only https"],
    ["http://127.0.0.1:@downloads.example/", "only https"],
    ["http://localhost:80@downloads.example/", "only https"],
    ["https://downloads.example/?token=secret", "a query"],
    ["https://downloads.example/#here", "a fragment"],
    ["downloads.example", "no address"],
    ["/tmp/release", "no address"],
  ])("%s is refused, and not repeated", (text, why) => {
    const refusal = expect.objectContaining({ exit: 2, message: expect.stringContaining(why) });
    expect(() => releasePlace(text, { repository })).toThrow(refusal);
    expect(() => releasePlace(text, {})).not.toThrow(text);
  });

  test.each([
    ["https://me:a%20word@mirror.example/x/", "me:a word"],
    ["https://token@mirror.example/x", "token:"],
    ["https://me:100%@mirror.example/x", "me:100%"],
  ])("credentials in %s are kept out of the address", (text, credentials) => {
    expect(releasePlace(text, {})).toEqual({
      kind: "folder",
      address: "https://mirror.example/x",
      authorization: `Basic ${btoa(credentials)}`,
    });
  });
});
