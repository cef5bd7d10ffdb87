import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { isConfidential, isLoopback, parseTenantAddress } from "../../src/config/domain.ts";
import { AppError } from "../../src/lib/errors.ts";

const parse = (text: string) => parseTenantAddress(text, "AUTH0_DOMAIN");

function refusal(text: string): AppError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(text)} was accepted`);
}

describe("accepted", () => {
  test.each([
    ["acme.eu.auth0.com", "https://acme.eu.auth0.com"],
    ["ACME.EU.Auth0.COM", "https://acme.eu.auth0.com"],
    ["acme.auth0.com", "https://acme.auth0.com"],
    ["login.example.co.uk", "https://login.example.co.uk"],
    ["xn--acm-dma.auth0.com", "https://xn--acm-dma.auth0.com"],
    ["1-2.auth0.com", "https://1-2.auth0.com"],
    ["acme.eu.auth0.com:8443", "https://acme.eu.auth0.com:8443"],
    ["acme.eu.auth0.com:443", "https://acme.eu.auth0.com"],
    ["acme.eu.auth0.com:80", "https://acme.eu.auth0.com:80"],
    ["https://acme.eu.auth0.com", "https://acme.eu.auth0.com"],
    ["https://acme.eu.auth0.com/", "https://acme.eu.auth0.com"],
    ["HTTPS://acme.eu.auth0.com:8443/", "https://acme.eu.auth0.com:8443"],
    ["https://192.168.1.10", "https://192.168.1.10"],
    ["127.0.0.1", "http://127.0.0.1"],
    ["127.0.0.1:4000", "http://127.0.0.1:4000"],
    ["127.0.0.1:443", "http://127.0.0.1:443"],
    ["127.0.0.1:80", "http://127.0.0.1"],
    ["127.8.9.10:4000", "http://127.8.9.10:4000"],
    ["localhost", "http://localhost"],
    ["LocalHost:4000", "http://localhost:4000"],
    ["[::1]", "http://[::1]"],
    ["[::1]:4000", "http://[::1]:4000"],
    ["http://localhost:4000/", "http://localhost:4000"],
    ["http://[::1]:4000", "http://[::1]:4000"],
    ["https://127.0.0.1:4000", "https://127.0.0.1:4000"],
    ["https://[::1]:443", "https://[::1]"],
  ])("%s is %s", (text, origin) => {
    expect(parse(text)).toEqual({ origin, domain: origin.replace(/^https?:\/\//, "") });
  });
});

describe("refused", () => {
  test.each([
    ["a bare word", "acme", "bare word"],
    ["a bare word with a scheme", "https://acme", "bare word"],
    ["nothing", "", "empty"],
    ["a blank inside", "acme .auth0.com", "blanks"],
    ["a line break", "acme.auth0.com\n", "blanks"],
    ["a no-break space", "acme.auth0.com\u00a0", "blanks"],
    ["a path", "acme.auth0.com/api/v2", "path"],
    ["a path behind a scheme", "https://acme.auth0.com/api/v2/", "path"],
    ["two slashes at the end", "https://acme.auth0.com//", "path"],
    ["a scheme without its slashes", "https:/acme.auth0.com", "path"],
    ["no scheme but slashes", "//acme.auth0.com", "path"],
    ["two schemes", "https://https://acme.auth0.com", "path"],
    ["credentials", "user:pw@acme.auth0.com", "credentials"],
    ["a user name", "https://acme.auth0.com@evil.example", "credentials"],
    ["a backslash", "https://acme.auth0.com\\@evil.example", "blanks"],
    ["a query", "acme.auth0.com?x=1", "query"],
    ["a fragment", "https://acme.auth0.com#x", "query"],
    ["http elsewhere", "http://acme.auth0.com", "loopback"],
    ["http to a name that only begins like loopback", "http://127.0.0.1.nip.io", "loopback"],
    ["http to another address", "http://0.0.0.0", "loopback"],
    ["another scheme", "ftp://acme.auth0.com", "ftp"],
    ["a script", "javascript://acme.auth0.com", "javascript"],
    ["a scheme alone", "https://", "host"],
    ["an IPv6 address without brackets", "::1", "host"],
    ["another IPv6 address", "[2001:db8::1]", "host"],
    ["a mapped IPv6 address", "[::ffff:127.0.0.1]", "in full"],
    ["a long form of ::1", "[0:0:0:0:0:0:0:1]", "in full"],
    ["a short IPv4 address", "127.1", "in full"],
    ["a decimal address", "2130706433", "in full"],
    ["a hexadecimal address", "0x7f.0.0.1", "in full"],
    ["an octal address", "0177.0.0.1", "in full"],
    ["a decimal address elsewhere", "3232235777", "in full"],
    ["percent encoding", "acme%2eeu.auth0.com", "in full"],
    ["a trailing dot", "acme.eu.auth0.com.", "host name"],
    ["localhost with a dot", "localhost.", "host name"],
    ["a loopback address with a dot", "127.0.0.1.", "in full"],
    ["an empty label", "acme..auth0.com", "host name"],
    ["a leading dot", ".auth0.com", "host name"],
    ["a leading dash", "-acme.auth0.com", "host name"],
    ["an underscore", "my_tenant.auth0.com", "host name"],
    ["a wildcard", "*.auth0.com", "host name"],
    ["two hosts", "acme.auth0.com,evil.example", "host name"],
    ["an empty port", "acme.auth0.com:", "in full"],
    ["port zero", "acme.auth0.com:0", "in full"],
    ["a port with a leading zero", "acme.auth0.com:08443", "in full"],
    ["a port out of range", "acme.auth0.com:65536", "host"],
    ["two ports", "acme.auth0.com:443:443", "host"],
    ["a port that is a word", "acme.auth0.com:https", "host"],
    ["letters outside ASCII", "acmé.auth0.com", "ASCII"],
    ["a look-alike", "аcme.auth0.com", "ASCII"],
    ["full-width letters", "ａcme.auth0.com", "ASCII"],
    ["an ideographic full stop", "acme。auth0.com", "ASCII"],
    ["a soft hyphen", "ac\u00adme.auth0.com", "ASCII"],
    ["a zero-width space", "acme.auth0.com\u200b", "ASCII"],
    ["a NUL", "acme.auth0.com\u0000", "ASCII"],
    ["a label that is too long", `${"a".repeat(64)}.auth0.com`, "host name"],
    ["a name that is too long", `${"a.".repeat(130)}com`, "host name"],
    ["a very long text", `${"a".repeat(1_000_000)}.com`, "host"],
  ])("%s", (_, text, why) => {
    const error = refusal(text);
    expect(error).toMatchObject({ code: "usage", exit: 2 });
    expect(error.message).toContain(why);
    expect(error.message).toStartWith("AUTH0_DOMAIN");
    expect(error.hint).toContain("acme.eu.auth0.com");
  });

  test("the error never repeats what was given: it may hold a password", () => {
    const { message, hint } = refusal("https://user:hunter2-hunter2@acme.auth0.com");
    expect(message + hint).not.toContain("hunter2");
  });
});

describe("properties", () => {
  test("whatever is accepted is a plain origin on the host that was written, and reads the same again", () => {
    const odd = fc.string({
      unit: fc.constantFrom(..."a1.-:/@?#[]\\ %é。127.0.0.1localhost".split("")),
      maxLength: 24,
      size: "max",
    });
    fc.assert(
      fc.property(
        fc.oneof(odd, fc.webAuthority(), fc.domain(), fc.webUrl(), fc.ipV4Extended(), fc.string()),
        (text) => {
          let address: ReturnType<typeof parse>;
          try {
            address = parse(text);
          } catch (error) {
            expect(error).toBeInstanceOf(AppError);
            return;
          }
          const url = new URL(address.origin);
          expect(url.origin).toBe(address.origin);
          expect(text.toLowerCase()).toContain(url.hostname);
          expect(url.protocol === "https:" || isLoopback(url.hostname)).toBe(true);
          expect(parse(address.origin)).toEqual(address);
          expect(isLoopback(url.hostname) || url.hostname.includes(".")).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test("every ordinary domain is accepted in any case, with and without its scheme", () => {
    fc.assert(
      fc.property(fc.domain(), fc.boolean(), (domain, upper) => {
        const text = upper ? domain.toUpperCase() : domain;
        expect(parse(text).domain).toBe(domain.toLowerCase());
        expect(parse(`https://${text}/`).domain).toBe(domain.toLowerCase());
      }),
    );
  });
});

test.each([
  ["127.0.0.1", true],
  ["127.255.0.3", true],
  ["localhost", true],
  ["[::1]", true],
  ["128.0.0.1", false],
  ["127.0.0.1.nip.io", false],
  ["localhost.example", false],
  ["0.0.0.0", false],
])("%s is this machine: %p", (host, loopback) => {
  expect(isLoopback(host)).toBe(loopback);
});

test.each([
  ["https://acme.example/", true],
  ["https://127.0.0.1/", true],
  ["http://127.0.0.1:8080/", true],
  ["http://localhost/", true],
  ["http://[::1]:80/", true],
  ["http://acme.example/", false],
  ["http://127.0.0.1.acme.example/", false],
  ["http://localhost.acme.example/", false],
  ["ftp://localhost/", false],
  ["file:///localhost", false],
])("what is sent to %s stays confidential: %p", (address, confidential) => {
  expect(isConfidential(new URL(address))).toBe(confidential);
});
