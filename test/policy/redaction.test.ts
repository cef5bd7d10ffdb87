import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Json, JsonObject } from "../../src/lib/json.ts";
import { Redactor } from "../../src/policy/redaction.ts";
import { WITHHELD } from "../../src/policy/withholding.ts";
import { jwt } from "../auth/tokens.ts";

const CANARY = "canary/S3cr&t+value=é";
const PEM = `-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7bq\nAAAA\n-----END RSA PRIVATE KEY-----`;

const redact = (value: JsonObject, redactor = new Redactor()) => redactor.redact(value);

describe("by name", () => {
  test("at any depth, in lists, and told once", () => {
    const { value, withheld } = redact({
      name: "Shop",
      client_secret: CANARY,
      nested: [{ deep: [{ signing_secret: "s" }] }, { client_secret: ["a", "b"] }],
    });
    expect(value).toEqual({
      name: "Shop",
      client_secret: WITHHELD,
      nested: [{ deep: [{ signing_secret: WITHHELD }] }, { client_secret: [WITHHELD, WITHHELD] }],
    });
    expect(withheld).toEqual(["client_secret", "signing_secret"]);
  });

  test("everything in objects that stand in a list with such a name", () => {
    const list = ["a", { x: CANARY, y: [{ z: "b", n: 1 }], empty: "" }];
    const withheld = [WITHHELD, { x: WITHHELD, y: [{ z: WITHHELD, n: 1 }], empty: "" }];
    expect(redact({ secret_token: list })).toEqual({
      value: { secret_token: withheld },
      withheld: ["secret_token"],
    });
    expect(redact({ changes: { api_keys: { from: [list] } } }).value).toEqual({
      changes: { api_keys: { from: [withheld] } },
    });
  });

  test("settings objects, flags, numbers and empty texts stay", () => {
    const settings = {
      changes: { secrets: { from: [{ name: "API_KEY", updated_at: "2026-01-01" }] } },
      refresh_tokens: { policies: [{ audience: "https://api.example", scope: ["read:x"] }] },
      refresh_token: { rotation_type: "rotating", leeway: 0, infinite_token_lifetime: false },
      token_endpoint_auth_method: "none",
      password_policy: "good",
      client_secret: "",
      signing_secret: null,
      ext_access_token: true,
      change_password: { enabled: true },
      secrets: [{ name: "API_KEY", updated_at: "2026-01-01" }],
    };
    expect(redact(settings)).toEqual({ value: settings, withheld: [] });
  });

  test("the private members of a JSON Web Key, and only of one", () => {
    const key = { kty: "RSA", n: "public", e: "AQAB", d: "private1", p: "private2", dq: "private3" };
    expect(redact({ jwks: { keys: [key] } }).value).toEqual({
      jwks: { keys: [{ ...key, d: WITHHELD, p: WITHHELD, dq: WITHHELD }] },
    });
    expect(redact({ d: "readable", p: "x", k: "y" }).value).toEqual({ d: "readable", p: "x", k: "y" });
  });

  test("names that every object has do no harm", () => {
    const odd: JsonObject = JSON.parse(
      '{"__proto__":{"a":"1"},"constructor":{"b":"2"},"toString":{"c":"3"},"__defineGetter__":{"d":"4"},"hasOwnProperty":"5"}',
    );
    expect(JSON.stringify(redact(odd).value)).toBe(JSON.stringify(odd));
  });
});

describe("hidden characters", () => {
  const codes = [
    ...Array.from({ length: 0x20 }, (_, code) => code),
    0x7f,
    0x85,
    0x200b,
    0x202e,
    0x2066,
    0xfeff,
    0xe0041,
  ];
  const steering = codes.filter((code) => code !== 9 && code !== 10 && code !== 13);

  test.each(steering.map((code) => [code.toString(16), String.fromCodePoint(code)]))(
    "U+%s leaves names, values and texts, alone or among others",
    (_, character) => {
      const redactor = new Redactor();
      expect(redactor.text(`a${character}b`)).toBe("ab");
      expect(redact({ [`k${character}`]: [`a${character}b`, { c: character }] }).value).toEqual({
        k: ["ab", { c: "" }],
      });
      expect(redact({ plain: "text", x: `a${character}b` }).value).toEqual({ plain: "text", x: "ab" });
    },
  );

  test("tabs, line breaks and backslashes stay", () => {
    const value = { code: "a\tb\r\n\\u202e \\b \\f \\" };
    expect(redact(value).value).toEqual(value);
  });
});

describe("by shape", () => {
  test.each([
    ["a private key", PEM],
    ["a private key in one line of code", `const key = "${PEM.replaceAll("\n", "\\n")}";`],
    ["a PKCS#8 key", PEM.replaceAll("RSA PRIVATE", "PRIVATE")],
    ["an encrypted key", PEM.replaceAll("RSA", "ENCRYPTED")],
    ["an OpenSSH key", PEM.replaceAll("RSA", "OPENSSH")],
    ["a PGP key", PEM.replaceAll("RSA PRIVATE KEY", "PGP PRIVATE KEY BLOCK")],
    ["a key without an end", PEM.slice(0, 60)],
    ["two keys", `${PEM}\n${PEM}`],
  ])("%s", (_, text) => {
    const clean = new Redactor().text(`before ${text} after`);
    expect(clean).toStartWith("before ");
    expect(clean).toContain(WITHHELD);
    expect(clean).not.toContain("MIIEpAIBAAKCAQEA7bq");
  });

  test("what follows a key stays, and certificates are public", () => {
    expect(new Redactor().text(`${PEM} after`)).toBe(`${WITHHELD} after`);
    const certificate =
      "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----";
    expect(new Redactor().text(certificate)).toBe(certificate);
  });

  const token = jwt({ sub: "auth0|1", exp: 1 });
  test.each([
    ["alone", token, WITHHELD],
    ["in a header", `Bearer ${token}`, `Bearer ${WITHHELD}`],
    [
      "in a URL",
      `https://x.example/cb#id_token=${token}&state=1`,
      `https://x.example/cb#id_token=${WITHHELD}&state=1`,
    ],
    ["behind percent encoding", `Bearer%20${token}`, `Bearer%20${WITHHELD}`],
    ["behind letters", `x-${token}`, `x-${WITHHELD}`],
    ["behind a host name", `api.example.${token}`, `api.example.${WITHHELD}`],
    ["unsigned", `${token.slice(0, token.lastIndexOf(".") + 1)} rest`, `${WITHHELD} rest`],
    ["twice", `${token},${token}`, `${WITHHELD},${WITHHELD}`],
  ])("a JWT %s", (_, text, expected) => {
    expect(new Redactor().text(text)).toBe(expected);
  });

  const opaque = [jwt({ sub: "x" }).split(".")[0], "", "iv96bits", "ciphertextciphertext", "tagtagtagtag"];
  const encrypted = (header: object, key: string) =>
    [Buffer.from(JSON.stringify(header)).toString("base64url"), key, ...opaque.slice(2)].join(".");
  test.each([
    ["with a key", encrypted({ alg: "RSA-OAEP-256", enc: "A256GCM" }, "a".repeat(40)), WITHHELD],
    ["without one, as Auth0's opaque tokens", encrypted({ alg: "dir", enc: "A256GCM" }, ""), WITHHELD],
    [
      "behind a word",
      `token=${encrypted({ alg: "dir", enc: "A256GCM" }, "")} rest`,
      `token=${WITHHELD} rest`,
    ],
  ])("an encrypted token %s is withheld to its end", (_, text, expected) => {
    expect(new Redactor().text(text)).toBe(expected);
  });

  test.each([
    ["https://bot:s3cr3t@npm.example.com/x", `https://${WITHHELD}@npm.example.com/x`],
    ["see postgres://u:p%40ss@db:5432/x and", `see postgres://${WITHHELD}@db:5432/x and`],
    ["https://token@git.example", `https://${WITHHELD}@git.example`],
    ["https://shop.example/a@b", undefined],
    ["https://shop.example?mail=a@b", undefined],
    ["https://shop.example mail a@b", undefined],
    ["ada@example.com", undefined],
  ])("the login in %s", (text, expected = text) => {
    expect(new Redactor().text(text)).toBe(expected);
    expect(new Redactor().redact({ text }).value).toEqual({ text: expected });
  });

  test.each([
    "www.example.com",
    "eyJ",
    "a.b.c",
    "eyJhbGciOiJub25lIn0",
    "module.exports.eyJ = something.long.enough",
    "1.2.3-alpha.4",
    "samlp.urn.oasis.names.tc",
  ])("%s is none", (text) => {
    expect(new Redactor().text(text)).toBe(text);
  });

  test("hostile repetition takes no time", () => {
    const redactor = new Redactor();
    for (const piece of ["eyJ", "eyJ.", "eyJaaaaaaaaaa.", "-----BEGIN PRIVATE KEY-----", "a.".repeat(3)]) {
      redactor.text(piece.repeat(200_000));
    }
  });
});

describe("by value", () => {
  const knowing = (...secrets: string[]) => {
    const redactor = new Redactor();
    for (const secret of secrets) redactor.register(secret);
    return redactor;
  };

  test.each([
    ["as it is", CANARY],
    ["URL-encoded", encodeURIComponent(CANARY)],
    ["form-encoded", new URLSearchParams({ x: CANARY }).toString().slice(2)],
    ["inside JSON", JSON.stringify({ a: CANARY })],
    ["with a character hidden inside", `${CANARY.slice(0, 5)}\u200b${CANARY.slice(5)}`],
    ["with an escape sequence inside", `${CANARY.slice(0, 5)}\u001b[0m${CANARY.slice(5)}`],
  ])("%s", (_, text) => {
    const clean = knowing(CANARY).text(`a ${text} b`);
    expect(clean).toContain(WITHHELD);
    expect(clean).not.toContain("S3cr");
  });

  test("a secret with quotes and line breaks inside a JSON text", () => {
    const secret = 'quo"te\nline\\end';
    expect(knowing(secret).text(JSON.stringify({ a: secret }))).toBe(`{"a":"${WITHHELD}"}`);
  });

  test("every time it appears", () => {
    expect(knowing(CANARY).text(`${CANARY} and ${CANARY}${CANARY}`)).toBe(`${WITHHELD} and ${WITHHELD}`);
  });

  test("secrets that contain or overlap each other leave nothing behind", () => {
    expect(knowing("abcdef", "abcdefghijkl").text("x abcdefghijkl y")).toBe(`x ${WITHHELD} y`);
    expect(knowing("abcdefghijkl", "abcdef").text("x abcdefghijkl y")).toBe(`x ${WITHHELD} y`);
    expect(knowing("abcdefgh", "ghijklmn").text("x abcdefghijklmn y")).toBe(`x ${WITHHELD} y`);
  });

  test("what was withheld by name once is withheld everywhere after", () => {
    const redactor = new Redactor();
    redactor.redact({ client_secret: CANARY });
    expect(redactor.text(`error near ${CANARY}`)).toBe(`error near ${WITHHELD}`);
    expect(redactor.redact({ description: `was ${CANARY}` }).value).toEqual({
      description: `was ${WITHHELD}`,
    });
  });

  test("what the tenant shows as an identity is no secret, whatever a member with a telling name holds", () => {
    const redactor = new Redactor();
    const secrets = [{ name: "M2M_CLIENT_ID", value: "client-one" }];
    redactor.registerSecretsOf({ secrets });
    expect(redactor.text("client-one")).toBe(WITHHELD);
    redactor.registerAnswer({ answer: [{ client_id: "client-one", app_type: "native" }] });
    expect(redactor.text("client-one")).toBe("client-one");
    redactor.registerSecretsOf({ secrets });
    expect(redactor.redact({ client_id: "client-one", secrets }).value).toEqual({
      client_id: "client-one",
      secrets: [{ name: "M2M_CLIENT_ID", value: WITHHELD }],
    });
  });

  test("what a caller gives as an identity is a secret all the same", () => {
    const redactor = new Redactor();
    redactor.registerSecretsOf({ client_id: CANARY, client_secret: CANARY });
    expect(redactor.text(CANARY)).toBe(WITHHELD);
  });

  test("an identity does not free this process's own secrets", () => {
    const redactor = knowing(CANARY);
    redactor.registerAnswer({ id: CANARY });
    expect(redactor.text(CANARY)).toBe(WITHHELD);
  });

  test("secrets in arguments are known before anything is sent", () => {
    const redactor = new Redactor();
    redactor.registerSecretsOf({ secrets: [{ name: "API", value: CANARY }] });
    expect(redactor.text(CANARY)).toBe(WITHHELD);
  });

  test("secrets that arrived in an earlier turn are known as well, each by its value then", async () => {
    const redactor = new Redactor();
    const values = [{ client_secret: CANARY }, { signing_secret: `${CANARY} 2` }];
    for (const value of values) redactor.registerSecretsOf(value);
    await new Promise((resolve) => setImmediate(resolve));
    for (const value of values) Object.assign(value, { client_secret: "", signing_secret: "" });
    expect(redactor.redact({ note: `${CANARY} 2, ${CANARY}` }).value).toEqual({
      note: `${WITHHELD}, ${WITHHELD}`,
    });
  });

  test("in names of members, but a common word does not make settings unreadable", () => {
    expect(knowing(CANARY).redact({ [`x ${CANARY}`]: { [CANARY]: 1 } }).value).toEqual({
      [`x ${WITHHELD}`]: { [WITHHELD]: 1 },
    });
    expect(knowing("password").redact({ password_policy: "good", note: "the password" }).value).toEqual({
      password_policy: "good",
      note: `the ${WITHHELD}`,
    });
  });

  test("short values and parts of the mark are not looked for", () => {
    expect(knowing("short", "withheld", "auth0-mcp", WITHHELD, "").text("short withheld auth0-mcp")).toBe(
      "short withheld auth0-mcp",
    );
  });

  test("half a surrogate pair in a secret breaks nothing", () => {
    expect(knowing("secret\ud800").text("a secret\ud800 b")).toBe(`a ${WITHHELD} b`);
  });

  test("what outsiders call a secret is withheld all over their text, and not looked for elsewhere", () => {
    const redactor = new Redactor();
    const query = { b_token: "203.0.113.9", c_token: "client-one", d_token: "Failed Login" };
    const entry = {
      details: { body: { token: "https://", tokens: ["regular_web"] }, query },
      description: "regular_web from 203.0.113.9",
      client_id: "client-one",
      ip: "203.0.113.9",
      type_description: "Failed Login",
    };
    expect(redactor.redact(entry, false)).toEqual({
      value: {
        details: {
          body: { token: WITHHELD, tokens: [WITHHELD] },
          query: { b_token: WITHHELD, c_token: WITHHELD, d_token: WITHHELD },
        },
        description: `${WITHHELD} from ${WITHHELD}`,
        client_id: "client-one",
        ip: "203.0.113.9",
        type_description: "Failed Login",
      },
      withheld: ["token", "tokens", "b_token", "c_token", "d_token", "description"],
    });
    const app = { app_type: "regular_web", callbacks: ["https://shop.example/cb"] };
    expect(redactor.redact(app).value).toEqual(app);
  });

  test("what the tenant answers never drives out this process's own secrets", () => {
    const redactor = knowing(CANARY);
    for (let count = 0; count < 3_000; count++)
      redactor.registerSecretsOf({ client_secret: `secret-${count}` });
    expect(redactor.text(CANARY)).toBe(WITHHELD);
  });

  test("what is used stays known, however many secrets pass", () => {
    const redactor = knowing(CANARY);
    for (let count = 0; count < 1_999; count++) redactor.register(`secret-${count}`);
    redactor.register(CANARY);
    for (let count = 0; count < 1_999; count++) redactor.register(`other-${count}`);
    expect(redactor.text(CANARY)).toBe(WITHHELD);
    expect(redactor.text("secret-0")).toBe("secret-0");
  });
});

describe("properties", () => {
  const canary = fc
    .string({ unit: "grapheme", minLength: 12, maxLength: 40, size: "max" })
    .map((text) => `k${text}k`);

  function planted(secret: string): fc.Arbitrary<JsonObject> {
    const text = fc.tuple(fc.string(), fc.string()).map(([before, after]) => before + secret + after);
    const leaf = fc.oneof(
      text,
      fc.constant(secret),
      fc.constant(encodeURIComponent(secret)),
      fc.string(),
      fc.integer(),
      fc.constant(null),
    );
    const key = fc.oneof(
      fc.string({ maxLength: 6 }),
      fc.constantFrom("client_secret", "changes", "from", "secrets", "kty", secret),
    );
    const { node } = fc.letrec<{ node: Json }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie("node"), { maxLength: 3 }),
        fc.dictionary(key, tie("node"), { maxKeys: 3 }),
      ),
    }));
    return fc.dictionary(key, node, { maxKeys: 4 });
  }

  test("a registered secret appears in no output, whatever the structure", () => {
    const cases = canary.chain((secret) => fc.tuple(fc.constant(secret), planted(secret)));
    fc.assert(
      fc.property(cases, ([secret, value]) => {
        const redactor = new Redactor();
        redactor.register(secret);
        const strings = new Set<string>();
        JSON.stringify(redactor.redact(value).value, (key, item) => {
          strings.add(key);
          if (typeof item === "string") strings.add(item);
          return item;
        });
        for (const text of strings) expect(text.includes(secret)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test("text without secrets comes back as it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme-ascii" }), (text) => {
        const redactor = new Redactor();
        redactor.register("something-else-entirely");
        expect(redactor.text(text)).toBe(text);
      }),
    );
  });
});
