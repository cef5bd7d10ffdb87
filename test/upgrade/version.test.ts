import { describe, expect, test } from "bun:test";
import { isNewer, readVersion } from "../../src/upgrade/version.ts";

describe("a version", () => {
  test.each(["1.2.3", "0.0.0", "1.2.3-rc.1", "1.2.3-0a.b-c", "1.2.3+build.01", "1.2.3-rc.1+b", "10.20.30"])(
    "%s is one, with and without its v",
    (version) => {
      expect(readVersion(version)).toBe(version);
      expect(readVersion(`v${version}`)).toBe(version);
    },
  );

  test.each([
    ...["", "v", "1", "1.2", "1.2.3.4", "01.2.3", "1.2.3-", "1.2.3-01", "1.2.3-a..b", "1.2.3+", "vv1.2.3"],
    ...["1.2.3/../..", "1.2.3 ", " 1.2.3", "1.2.3\n", "1.2.3\u001b[2J", "latest", `1.2.3-${"a".repeat(100)}`],
  ])("%j is none", (text) => {
    expect(readVersion(text)).toBeUndefined();
  });
});

test("versions stand in the order of semver §11", () => {
  const order = [
    ...["0.9.9", "1.0.0-0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2"],
    ...["1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1-rc.1", "1.0.1", "1.2.0", "1.10.0", "2.0.0"],
  ];
  for (const [index, version] of order.entries()) {
    for (const [other, than] of order.entries()) {
      expect([version, than, isNewer(version, than)]).toEqual([version, than, index > other]);
    }
  }
  expect(isNewer("1.0.0+b", "1.0.0+a")).toBe(false);
  expect(isNewer("1.0.0+b", "1.0.0")).toBe(false);
});
