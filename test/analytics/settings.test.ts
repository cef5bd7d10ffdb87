import { describe, expect, test } from "bun:test";
import { analyticsSettings } from "../../src/analytics/settings.ts";

const URL_NAME = "AUTH0_MCP_ANALYTICS_URL";
const HTTPS = "https://collector.example/events";
const BUILD = { analyticsUrl: "https://build.example/events" };

describe("where events go", () => {
  test("nowhere, when neither the variable nor the build names an address", () => {
    expect(analyticsSettings({}, {})).toMatchObject({ on: false, decidedBy: "build" });
  });

  test("to the build's address", () => {
    expect(analyticsSettings({}, BUILD)).toMatchObject({
      on: true,
      url: BUILD.analyticsUrl,
      decidedBy: "build",
    });
  });

  test("to the variable's, which beats the build's", () => {
    expect(analyticsSettings({ [URL_NAME]: HTTPS }, BUILD)).toMatchObject({
      on: true,
      url: HTTPS,
      decidedBy: URL_NAME,
    });
  });

  test("nowhere, when the variable is empty, whatever the build says", () => {
    expect(analyticsSettings({ [URL_NAME]: "" }, BUILD)).toMatchObject({
      on: false,
      decidedBy: URL_NAME,
      reason: `${URL_NAME} is empty.`,
    });
  });

  test.each([
    "http://127.0.0.1:4000/x",
    "http://localhost:4000",
    "http://[::1]:4000",
    "https://127.0.0.1",
    "https://collector.example:8443/a?b=c",
  ])("%s is fine", (url) => {
    expect(analyticsSettings({ [URL_NAME]: url }, {})).toMatchObject({ on: true, url: new URL(url).href });
  });

  test.each([
    ["http://collector.example/", "is not https"],
    ["http://127.0.0.1.example/", "is not https"],
    ["http://10.0.0.1/", "is not https"],
    ["ftp://collector.example/", "is not https"],
    ["file:///etc/passwd", "is not https"],
    ["collector.example", "is no URL"],
    ["https://", "is no URL"],
    ["   ", "is no URL"],
    ["https://canary:password@collector.example/", "carries credentials"],
    ["https://canary@collector.example/", "carries credentials"],
    ["http://canary:password@127.0.0.1/", "carries credentials"],
  ])("%s is not sent to, nor repeated", (url, why) => {
    for (const settings of [
      analyticsSettings({ [URL_NAME]: url }, BUILD),
      analyticsSettings({}, { analyticsUrl: url }),
    ]) {
      expect(settings.on).toBe(false);
      expect(settings.reason).toContain(why);
      expect(JSON.stringify(settings)).not.toMatch(/canary|password/);
    }
  });
});

describe("turning it off", () => {
  const on = { [URL_NAME]: HTTPS };

  test.each([
    ["DO_NOT_TRACK", ["1", "true", "TRUE", "yes", "on", " 1 "], ["0", "false", "no", "off", "", undefined]],
    ["AUTH0_MCP_ANALYTICS", ["0", "false", "False", "no", "off"], ["1", "true", "yes", "on", "", undefined]],
  ])("%s", (name, stopping, passing) => {
    for (const value of stopping)
      expect(analyticsSettings({ ...on, [name]: value }, BUILD)).toMatchObject({
        on: false,
        decidedBy: name,
      });
    for (const value of passing)
      expect({ value, on: analyticsSettings({ ...on, [name]: value }, BUILD).on }).toEqual({
        value,
        on: true,
      });
  });

  test.each(["DO_NOT_TRACK", "AUTH0_MCP_ANALYTICS"])(
    "%s that cannot be read counts as off, and never throws",
    (name) => {
      for (const value of ["flase", "2", " ", "please", "\u0000", "1;0"]) {
        const settings = analyticsSettings({ ...on, [name]: value }, BUILD);
        expect(settings).toMatchObject({ on: false, decidedBy: name });
        expect(settings.reason).toBe(`${name} is no boolean, which counts as off.`);
      }
    },
  );

  test("one that says off wins over one that says on", () => {
    expect(analyticsSettings({ ...on, DO_NOT_TRACK: "1", AUTH0_MCP_ANALYTICS: "true" }).on).toBe(false);
    expect(analyticsSettings({ ...on, DO_NOT_TRACK: "0", AUTH0_MCP_ANALYTICS: "false" }).on).toBe(false);
  });
});
