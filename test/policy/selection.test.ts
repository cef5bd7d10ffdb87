import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { AppError } from "../../src/lib/errors.ts";
import { parsePatterns, selectTools } from "../../src/policy/selection.ts";
import { registry } from "../../src/tools/registry.ts";
import { testTool } from "./harness.ts";

const tools = [
  testTool({ name: "auth0_list_applications" }),
  testTool({ name: "auth0_get_application" }),
  testTool({ name: "auth0_create_application", kind: "create" }),
  testTool({ name: "auth0_update_application", kind: "update" }),
  testTool({ name: "auth0_delete_application", kind: "delete" }),
  testTool({ name: "auth0_deploy_action", kind: "deploy" }),
  testTool({ name: "auth0_list_logs" }),
];

function select(include = "*", exclude?: string, readOnly = false) {
  return selectTools(tools, {
    tools: parsePatterns(include, "--tools"),
    excludeTools: exclude === undefined ? undefined : parsePatterns(exclude, "--exclude-tools"),
    readOnly,
  });
}

const names = (...args: Parameters<typeof select>) =>
  select(...args).exposed.map(({ name }) => name.replace("auth0_", ""));
const usage = (message: string | RegExp, hint?: string) =>
  expect.objectContaining({
    code: "usage",
    exit: 2,
    message: expect.stringMatching(message),
    ...(hint === undefined ? {} : { hint: expect.stringContaining(hint) }),
  });

describe("what is exposed", () => {
  test("everything by default, in the registry's order", () => {
    expect(select().exposed).toEqual(tools);
    expect(select().leftOut.size).toBe(0);
  });

  test.each([
    ["*_logs", ["list_logs"]],
    ["auth0_list_*", ["list_applications", "list_logs"]],
    ["auth0_[!cud]*", ["list_applications", "get_application", "list_logs"]],
    ["auth0_[^cud]*", ["list_applications", "get_application", "list_logs"]],
    ["auth0_[gl]*", ["list_applications", "get_application", "list_logs"]],
    ["auth0_list_logs,auth0_get_*", ["get_application", "list_logs"]],
    [" auth0_list_logs , auth0_get_* ", ["get_application", "list_logs"]],
    ["auth0_{list,get}_*", ["list_applications", "get_application", "list_logs"]],
    [
      "auth0_{list,get}_*,auth0_deploy_action",
      ["list_applications", "get_application", "deploy_action", "list_logs"],
    ],
    ["auth0_@(create|update)_application", ["create_application", "update_application"]],
    ["auth0_[dc]*", ["create_application", "delete_application", "deploy_action"]],
    ["auth0_!(delete)_application", ["get_application", "create_application", "update_application"]],
    ["*,auth0_list_logs", tools.map(({ name }) => name.replace("auth0_", ""))],
  ])("--tools %s", (include, expected) => {
    expect(names(include)).toEqual(expected);
  });

  test("exclusion subtracts", () => {
    expect(names("*", "*application*")).toEqual(["deploy_action", "list_logs"]);
    expect(names("auth0_list_*", "*_logs")).toEqual(["list_applications"]);
    expect(names("*", "auth0_{create,update,delete}_*,*deploy*")).toEqual([
      "list_applications",
      "get_application",
      "list_logs",
    ]);
  });

  test("read-only wins over every pattern", () => {
    expect(names("*", undefined, true)).toEqual(["list_applications", "get_application", "list_logs"]);
    expect(names("auth0_create_application,auth0_list_logs", undefined, true)).toEqual(["list_logs"]);
  });

  test("the reason why a tool is left out is told", () => {
    const { leftOut } = select("*application*", "*delete*", true);
    expect(Object.fromEntries([...leftOut].map(([tool, reason]) => [tool.name, reason]))).toEqual({
      auth0_create_application: "writes, and read-only is on",
      auth0_update_application: "writes, and read-only is on",
      auth0_delete_application: "writes, and read-only is on",
      auth0_deploy_action: "writes, and read-only is on",
      auth0_list_logs: "not matched by the patterns",
    });
    expect(select("*", "*delete*").leftOut.get(tools[4] ?? testTool())).toBe("excluded by a pattern");
  });
});

describe("fails closed", () => {
  test.each(["", " ", "\t"])("an empty list (%j)", (text) => {
    expect(() => select(text)).toThrow(usage("--tools is an empty list"));
  });

  test.each([",", " , ", "a,,b", "auth0_list_logs,", ",auth0_list_logs"])("a bare separator (%j)", (text) => {
    expect(() => select(text)).toThrow(usage("--tools has an empty pattern"));
    expect(() => select("*", text)).toThrow(usage("--exclude-tools has an empty pattern"));
  });

  test.each(["!auth0_delete_*", "*,!auth0_delete_*", " !x", "!", "!(auth0_delete_application)"])(
    "a negation (%j) points to --exclude-tools",
    (text) => {
      expect(() => select(text)).toThrow(usage('begins with "!"', "--exclude-tools"));
      expect(() => select("*", text)).toThrow(usage('begins with "!"'));
    },
  );

  test("a pattern that matches nothing, with the nearest name", () => {
    expect(() => select("auth0_list_aplications")).toThrow(
      usage("auth0_list_aplications", "auth0_list_applications"),
    );
    expect(() => select("*,nothing_at_all_like_it")).toThrow(usage("nothing_at_all_like_it", "tools list"));
    expect(() => select("AUTH0_LIST_LOGS")).toThrow(usage("AUTH0_LIST_LOGS", "auth0_list_logs"));
    expect(() => select("list_logs")).toThrow(usage("list_logs"));
    expect(() => select("*", "*_log")).toThrow(usage("--exclude-tools"));
  });

  test.each(["auth0_{list,get", "auth0_[list", "auth0_list)", "auth0_(list"])(
    "a broken glob (%s)",
    (text) => {
      expect(() => select(text)).toThrow(usage("is not a valid glob"));
      expect(() => select(text)).toThrow(expect.objectContaining({ cause: expect.any(Error) }));
    },
  );

  test("nothing left", () => {
    expect(() => select("auth0_create_*", undefined, true)).toThrow(usage("No tool is left"));
    expect(() => select("*", "*")).toThrow(usage("No tool is left"));
    expect(() => select("auth0_list_logs", "*logs")).toThrow(usage("No tool is left"));
  });

  test("a pattern list that was built empty matches nothing", () => {
    const rules = { tools: { patterns: [], source: "x" }, excludeTools: undefined, readOnly: false };
    expect(() => selectTools(tools, rules)).toThrow(usage("No tool is left"));
  });
});

describe("properties", () => {
  const pattern = fc.oneof(
    fc.constantFrom(
      "*",
      "auth0_*",
      "*_application*",
      "auth0_{create,delete}_*",
      "auth0_list_logs",
      "**",
      "?*",
    ),
    fc.string({ unit: fc.constantFrom(..."auth0_list*?{},![]()|".split("")), maxLength: 16, size: "max" }),
  );

  test("read-only never exposes a tool that writes, whatever the patterns", () => {
    fc.assert(
      fc.property(
        fc.array(pattern, { maxLength: 4 }),
        fc.option(pattern, { nil: undefined }),
        (include, exclude) => {
          try {
            const { exposed } = selectTools(registry, {
              tools: parsePatterns(include.join(","), "--tools"),
              excludeTools: exclude === undefined ? undefined : parsePatterns(exclude, "--exclude-tools"),
              readOnly: true,
            });
            expect(exposed.every(({ kind }) => kind === "read")).toBe(true);
            expect(exposed.length).toBeGreaterThan(0);
          } catch (error) {
            expect(error).toBeInstanceOf(AppError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test("what is excluded is never exposed, and nothing is exposed that no pattern names", () => {
    const name = fc.constantFrom(...tools.map((tool) => tool.name));
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { minLength: 1 }),
        fc.uniqueArray(name, { minLength: 1 }),
        (include, exclude) => {
          const expected = tools
            .map((tool) => tool.name)
            .filter((one) => include.includes(one) && !exclude.includes(one));
          if (expected.length === 0)
            expect(() => select(include.join(","), exclude.join(","))).toThrow(AppError);
          else
            expect(select(include.join(","), exclude.join(",")).exposed.map((tool) => tool.name)).toEqual(
              expected,
            );
        },
      ),
    );
  });
});
