import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { ApiFault } from "../../src/sandbox/fault.ts";
import { parseLogQuery } from "../../src/sandbox/resources/log-query.ts";

const entry = {
  type: "fp",
  date: "2026-05-04T10:15:30.250Z",
  user_id: "auth0|64b1",
  user_name: "jane.smith@example.com",
  description: 'Wrong "email" or password.',
  connection: "Username-Password-Authentication",
  client_id: "abcDEF123",
  ip: "2001:db8::7",
  organization_id: null,
  details: { secret: "hidden" },
};

const matches = (query: string) => parseLogQuery(query)(entry);

function refusal(query: string): string {
  try {
    parseLogQuery(query);
  } catch (error) {
    if (!(error instanceof ApiFault)) throw error;
    expect([error.status, error.errorCode]).toEqual([400, "invalid_query_string"]);
    return error.message;
  }
  throw new Error(`Not refused: ${query}`);
}

describe("terms", () => {
  test.each([
    ["type:fp", true],
    ["type:f", false],
    ["type:FP", false],
    ['user_id:"auth0|64b1"', true],
    ["user_id:auth0|64b1", true],
    ['description:"Wrong \\"email\\" or password."', true],
    ["description:Wrong", false],
    ["organization_id:org_1", false],
    ['ip:"2001:db8::7"', true],
    ["ip:2001\\:db8\\:\\:7", true],
  ])("%s", (query, expected) => expect(matches(query)).toBe(expected));

  test("a bare term is looked for in some fields only, and must be the whole value", () => {
    expect(matches("fp")).toBe(true);
    expect(matches("Username-Password-Authentication")).toBe(true);
    expect(matches("abcDEF123")).toBe(false);
    expect(matches("jane")).toBe(false);
  });

  test("whatever a value is, in quotes and escaped it is found", () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const quoted = `user_name:"${value.replace(/[\\"]/g, "\\$&")}"`;
        return parseLogQuery(quoted)({ user_name: value });
      }),
    );
  });

  test("no query makes the parser fail in any other way than with a 400", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'type:(f)[]{}"\\*?ANDORTO ~^!-&|') }), (query) => {
        try {
          parseLogQuery(query)(entry);
        } catch (error) {
          expect(error).toBeInstanceOf(ApiFault);
        }
      }),
    );
  });
});

describe("operators", () => {
  test.each([
    ["type:fp AND ip:x", false],
    ["type:fp OR ip:x", true],
    ["NOT type:fp", false],
    ["type:fp AND NOT ip:x", true],
    ["type:x OR type:fp AND ip:x", false],
    ["(type:fp OR type:x) AND ip:x", false],
    ["type:(f OR fp)", true],
    ["type:(f OR s)", false],
    ["type:x type:fp", true],
    ["NOT (type:f OR type:s)", true],
  ])("%s", (query, expected) => expect(matches(query)).toBe(expected));

  test("lower case operators are terms", () => expect(matches("type:fp and type:x")).toBe(true));
  test("4,000 parentheses are read", () => {
    expect(matches(`${"(".repeat(2000)}type:fp${")".repeat(2000)}`)).toBe(true);
  });
});

describe("wildcards", () => {
  test.each([
    ["user_name:jane*", true],
    ["user_name:*example.com", true],
    ["user_name:*smith*", true],
    ["user_name:jane*com", true],
    ["user_name:jane*org", false],
    ["user_name:jane.smith@example.com*", true],
    ["user_name:\\*jane", false],
    ["connection:Username*", true],
  ])("%s", (query, expected) => expect(matches(query)).toBe(expected));

  test("fewer than three characters are refused", () => {
    for (const query of ["type:s*", "user_name:ja*", "user_name:*", "*", "user_name:jane*m"]) {
      expect(refusal(query)).toContain("at least 3 characters");
    }
  });

  test("a piece is not counted twice", () => {
    expect(parseLogQuery("type:abc*abc")({ type: "abc" })).toBe(false);
    expect(parseLogQuery("type:abc*abc")({ type: "abcabc" })).toBe(true);
  });
});

describe("ranges", () => {
  test.each([
    ["date:[2026-05-04 TO 2026-05-05}", true],
    ["date:[2026-05-03 TO 2026-05-04]", false],
    ["date:[2026-05 TO *]", true],
    ["date:{2026-05-04T10:15:30.250Z TO *]", false],
    ["date:[2026-05-04T10:15:30.250Z TO *]", true],
    ["date:[* TO 2026-05-04T10:15:30.250Z}", false],
    ["date:[2026-05-04T12:15:30.250+02:00 TO *]", true],
    ['date:["2026-05-04T10:15" TO "2026-05-04T10:16"]', true],
    ["date:2026-05-04", false],
    ['date:"2026-05-04T10:15:30.250Z"', true],
    ["type:[fa TO fz]", true],
    ["type:{fp TO fz]", false],
    ["type:[* TO fp}", false],
  ])("%s", (query, expected) => expect(matches(query)).toBe(expected));
});

describe("refused", () => {
  test.each([
    ["details:hidden", "Field is not searchable: details"],
    ["Type:fp", "Field is not searchable: Type"],
    ["type:f?", "unexpected '?'"],
    ["type:fp^2", "unexpected '^'"],
    ["type:fp~", "unexpected '~'"],
    ["-type:fp", "unexpected '-'"],
    ["a && b", "unexpected '&'"],
    ["type:a:b", "unexpected ':'"],
    ["ip:2001:db8::7", "unexpected ':'"],
    ["type:", "has no value"],
    ["type: fp", "has no value"],
    ["(type:fp", "unexpected the end"],
    ["type:fp)", "unexpected ')'"],
    ["type:()", "unexpected ')'"],
    ['type:"fp', "quote is not closed"],
    ["type:fp OR", "unexpected the end"],
    ["OR type:fp", "nothing stands before OR"],
    ["[a TO b]", "a range needs a field"],
    ["date:[2026-05-04 2026-05-05]", "Syntax error"],
    ["date:[2026-13-01 TO *]", "Invalid date: 2026-13-01"],
    ["date:yesterday", "Invalid date"],
    ["date:2026*", "not allowed in dates"],
    ["type:fp\\", "backslash"],
  ])("%s", (query, reason) => expect(refusal(query)).toContain(reason));
});
