import { describe, expect, test } from "bun:test";
import type { RenewalOutcome } from "../../src/auth/renewal.ts";
import { RenewingSource } from "../../src/auth/renewing-source.ts";
import type { SessionRecord } from "../../src/auth/session-record.ts";
import type { SessionKeeper } from "../../src/auth/steady-keeper.ts";
import type { AccessToken } from "../../src/auth/token-source.ts";
import { AppError, Exit, signedOutError } from "../../src/lib/errors.ts";
import { rejection } from "../support/rejection.ts";
import { harness, json, never } from "./harness.ts";

const HOUR = 3_600_000;
const START = Date.parse("2026-05-04T10:00:00.000Z");

function record(name: string, life: number | undefined = HOUR, from = START): SessionRecord {
  return {
    token: {
      value: `token-${name}`,
      expiresAt: life === undefined ? undefined : from + life,
      scopes: ["read:logs"],
    },
    obtainedAt: from,
    renewal: { kind: "refresh_token", value: `refresh-${name}` },
    clockOffset: 0,
  };
}

const unreachable = new AppError({ code: "authority_unreachable", message: "down", exit: Exit.unreachable });
const diskFull = new AppError({ code: "file_not_written", message: "the disk is full" });

interface Setup {
  readonly stored?: SessionRecord | undefined;
  /** What the session begins with where none is stored. */
  readonly signIn?: () => SessionRecord;
  /** Answers the nth renewal. */
  readonly renew?: (record: SessionRecord, number: number) => RenewalOutcome | Promise<RenewalOutcome>;
}

function setUp({ stored = record("1"), renew, signIn }: Setup = {}) {
  const place = harness(() => json({}));
  const { clock } = place;
  const world = { stored: stored as SessionRecord | undefined, version: 0, renewals: 0, writes: 0, reads: 0 };
  const faults: { read: AppError | undefined; write: AppError | undefined } = {
    read: undefined,
    write: undefined,
  };
  let queue = Promise.resolve();
  const keeper: SessionKeeper = {
    async read() {
      world.reads++;
      if (faults.read) throw faults.read;
      return world.stored;
    },
    async write(next) {
      if (faults.write) throw faults.write;
      world.writes++;
      world.stored = next;
    },
    exclusively<T>(work: () => Promise<T>): Promise<T> {
      const done = queue.then(work);
      queue = done.then(
        () => undefined,
        () => undefined,
      );
      return done;
    },
    version: async () => String(world.version),
  };
  const source = new RenewingSource({
    context: place.context,
    keeper,
    words: {
      signInHint: "auth0-mcp login",
      grantHint: (scopes) => scopes.join(),
      ended: (why) => `ended: ${why ?? "-"}`,
    },
    async signIn() {
      const first = signIn?.();
      if (first === undefined) throw signedOutError("nobody", "auth0-mcp login");
      return first;
    },
    async renew(former) {
      world.renewals++;
      return (
        (await renew?.(former, world.renewals)) ?? {
          kind: "renewed",
          record: record(String(world.renewals + 1), HOUR, clock.now()),
        }
      );
    },
  });
  return { ...place, source, world, faults };
}

describe("a token that still serves", () => {
  test("is handed out without a request, and the store is read once", async () => {
    const { source, world } = setUp();
    for (let call = 0; call < 5; call++) expect((await source.get(never)).value).toBe("token-1");
    expect(world).toMatchObject({ renewals: 0, reads: 1, writes: 0 });
  });

  test("counts as such until 60 s before its end, and a short-lived one until a fifth of its life", async () => {
    for (const [life, before] of [
      [HOUR, 60_000],
      [100_000, 20_000],
    ] as const) {
      const { source, clock, world } = setUp({ stored: record("1", life) });
      clock.time = START + life - before - 1;
      await source.get(never);
      expect(world.renewals).toBe(0);
      clock.time = START + life - before;
      await source.get(never);
      expect(world.renewals).toBe(1);
    }
  });

  test("cannot be told once the clock was set back: a renewal tells, and without one it is used on", async () => {
    const early = setUp();
    early.clock.time = START - 1;
    expect((await early.source.get(never)).value).toBe("token-2");
    const { source, clock, world } = setUp({ stored: { ...record("1"), renewal: undefined } });
    clock.time = START - 1;
    expect((await source.get(never)).value).toBe("token-1");
    expect(world.renewals).toBe(0);
  });

  test("is used on while its expiry is unknown, until the tenant refuses it", async () => {
    const unknown = { ...record("1"), token: { value: "token-1", expiresAt: undefined, scopes: undefined } };
    const { source, clock, world } = setUp({ stored: unknown });
    clock.time += 1000 * HOUR;
    const token = await source.get(never);
    expect(world.renewals).toBe(0);
    expect((await source.renew(token, never))?.value).toBe("token-2");
  });
});

describe("a renewal", () => {
  test("is one, however many calls wait for it", async () => {
    const { source, clock, world } = setUp();
    clock.time += HOUR;
    const tokens = await Promise.all(Array.from({ length: 50 }, () => source.get(never)));
    expect(new Set(tokens.map(({ value }) => value))).toEqual(new Set(["token-2"]));
    expect(world.renewals).toBe(1);
    expect(world.stored?.renewal?.value).toBe("refresh-2");
  });

  test("is spared when another process has done it, which is seen under the lock", async () => {
    const { source, clock, world } = setUp();
    await source.get(never);
    clock.time += HOUR;
    world.stored = record("other", HOUR, clock.now());
    expect((await source.get(never)).value).toBe("token-other");
    expect(world.renewals).toBe(0);
  });

  test("goes on for the others when one call is withdrawn", async () => {
    const gate = Promise.withResolvers<void>();
    const { source, clock, world } = setUp({
      renew: async () => {
        await gate.promise;
        return { kind: "renewed", record: record("2", HOUR, START + HOUR) };
      },
    });
    clock.time += HOUR;
    const stop = new AbortController();
    const withdrawn = rejection(source.get(stop.signal));
    const other = source.get(never);
    stop.abort();
    expect((await withdrawn).code).toBe("cancelled");
    gate.resolve();
    expect((await other).value).toBe("token-2");
    expect(world.renewals).toBe(1);
  });

  test("that fails leaves a token in use that has not ended, and is tried again by the next call", async () => {
    let down = true;
    const { source, clock, world } = setUp({
      renew: () => {
        if (down) throw unreachable;
        return { kind: "renewed", record: record("2", HOUR, START + HOUR) };
      },
    });
    clock.time += HOUR - 30_000;
    expect((await source.get(never)).value).toBe("token-1");
    clock.time += 30_000;
    expect(await rejection(source.get(never))).toMatchObject({ exit: Exit.unreachable });
    down = false;
    expect((await source.get(never)).value).toBe("token-2");
    expect(world.renewals).toBe(3);
  });

  test("makes every secret known to the redactor", async () => {
    const { source, clock, context } = setUp();
    clock.time += HOUR;
    await source.get(never);
    expect(context.secrets.text("token-1 token-2 refresh-1 refresh-2")).not.toMatch(/token-\d|refresh-\d/);
  });
});

describe("a 401 of the API", () => {
  test("forces one renewal, and calls that come later get its token without another", async () => {
    const { source, world } = setUp();
    const refused = await source.get(never);
    const renewed = await Promise.all([1, 2, 3].map(() => source.renew(refused, never)));
    expect(renewed.map((token) => token?.value)).toEqual(["token-2", "token-2", "token-2"]);
    expect((await source.renew(refused, never))?.value).toBe("token-2");
    expect(world.renewals).toBe(1);
  });

  test("causes no second token request in a call that has had one", async () => {
    const { source, clock, world } = setUp();
    clock.time += HOUR;
    const fresh = await source.get(never);
    expect(await source.renew(fresh, never)).toBeUndefined();
    expect(world.renewals).toBe(1);
  });

  test("is answered with what somebody else signed in with meanwhile", async () => {
    const { source, clock, world } = setUp();
    clock.time += HOUR;
    const fresh = await source.get(never);
    world.stored = record("other", HOUR, clock.now());
    expect((await source.renew(fresh, never))?.value).toBe("token-other");
    expect(world.renewals).toBe(1);
  });

  test("is answered so as well when another call looks at the session at that moment", async () => {
    const { source, clock, world } = setUp();
    clock.time += HOUR;
    const fresh = await source.get(never);
    world.stored = record("other", HOUR, clock.now());
    const [, token] = await Promise.all([source.get(never), source.renew(fresh, never)]);
    expect(token?.value).toBe("token-other");
  });

  test("is final where nothing can renew the session", async () => {
    const { source, world } = setUp({ stored: { ...record("1"), renewal: undefined } });
    const token: AccessToken = await source.get(never);
    expect(await source.renew(token, never)).toBeUndefined();
    expect(world.renewals).toBe(0);
  });
});

describe("a session that has ended", () => {
  const refuse = () =>
    ({ kind: "refused", words: "Unknown or invalid refresh token. (invalid_grant)" }) as const;

  test("is exit 3 with the authority's words and the command that mends it", async () => {
    const { source, clock } = setUp({ renew: refuse });
    clock.time += HOUR;
    const error = await rejection(source.get(never));
    expect(error).toMatchObject({ exit: Exit.signedOut, hint: "auth0-mcp login" });
    expect(error.message).toContain("invalid refresh token");
  });

  test("does not ask again with a refresh token that was refused", async () => {
    const { source, clock, world } = setUp({ renew: refuse });
    clock.time += HOUR;
    for (let call = 0; call < 4; call++) await rejection(source.get(never));
    expect(world.renewals).toBe(1);
  });

  test("recovers as soon as somebody signs in again", async () => {
    const { source, clock, world } = setUp({ renew: refuse });
    clock.time += HOUR;
    await rejection(source.get(never));
    world.stored = record("new", HOUR, clock.now());
    world.version++;
    expect((await source.get(never)).value).toBe("token-new");
  });

  test("a sign-out is noticed at the next call", async () => {
    const { source, world } = setUp();
    await source.get(never);
    world.stored = undefined;
    world.version++;
    expect(await rejection(source.get(never))).toMatchObject({ exit: Exit.signedOut, message: "nobody" });
  });

  test("without a refresh token a running one is used to its end", async () => {
    const { source, clock } = setUp({ stored: { ...record("1"), renewal: undefined } });
    clock.time += HOUR - 1;
    expect((await source.get(never)).value).toBe("token-1");
    clock.time += 1;
    expect((await rejection(source.get(never))).message).toBe("ended: -");
  });
});

describe("a session that needs nobody to begin", () => {
  function nowhere() {
    let begun = 0;
    const place = setUp({ signIn: () => record(`begun-${++begun}`) });
    place.world.stored = undefined;
    return place;
  }

  test("begins at the first call, once for all that wait, and is kept", async () => {
    const { source, world } = nowhere();
    expect(source.renewable).toBe(false);
    const tokens = await Promise.all([1, 2, 3].map(() => source.get(never)));
    expect(tokens.map(({ value }) => value)).toEqual(["token-begun-1", "token-begun-1", "token-begun-1"]);
    expect(world).toMatchObject({ renewals: 0, writes: 1, stored: record("begun-1") });
    expect(source.renewable).toBe(true);
  });

  test("has had its one token request with that", async () => {
    const { source, world } = nowhere();
    expect(await source.renew(await source.get(never), never)).toBeUndefined();
    expect(world.renewals).toBe(0);
  });

  test("is renewed like every other one when its token ends", async () => {
    const { source, clock, world } = nowhere();
    await source.get(never);
    clock.time += HOUR;
    expect((await source.get(never)).value).toBe("token-2");
    expect(world.renewals).toBe(1);
  });
});

describe("a store that fails", () => {
  test("is found out before a refresh token is spent", async () => {
    const { source, clock, world, faults } = setUp();
    clock.time += HOUR;
    faults.write = diskFull;
    expect(await rejection(source.get(never))).toMatchObject({ code: "file_not_written" });
    expect(world.renewals).toBe(0);
    faults.write = undefined;
    expect((await source.get(never)).value).toBe("token-2");
  });

  test("just after the renewal: the process goes on, says so, and keeps the session as soon as it can", async () => {
    const { source, clock, world, faults, warnings } = setUp({
      renew: (_, number) => {
        faults.write = diskFull;
        return { kind: "renewed", record: record(String(number + 1), HOUR, clock.now()) };
      },
    });
    clock.time += HOUR;
    expect((await source.get(never)).value).toBe("token-2");
    expect(warnings.join()).toContain("the disk is full");
    expect(world.stored?.token.value).toBe("token-1");
    await source.get(never);
    expect(warnings).toHaveLength(1);
    faults.write = undefined;
    expect((await source.get(never)).value).toBe("token-2");
    expect(world).toMatchObject({ renewals: 1, stored: { renewal: { value: "refresh-2" } } });
  });

  test("after the renewal: whoever signs in or out meanwhile counts for more than what could not be kept", async () => {
    for (const stored of [record("other"), undefined]) {
      const { source, clock, world, faults } = setUp({
        renew: (_, number) => {
          faults.write = diskFull;
          return { kind: "renewed", record: record(String(number + 1), HOUR, clock.now()) };
        },
      });
      clock.time += HOUR - 30_000;
      expect((await source.get(never)).value).toBe("token-2");
      faults.write = undefined;
      world.stored = stored;
      clock.time = START;
      world.version++;
      const token = source.get(never).then(({ value }) => value);
      if (stored === undefined) expect((await rejection(token)).message).toBe("nobody");
      else expect(await token).toBe("token-other");
      expect(world.stored).toBe(stored);
    }
  });

  test("that cannot be read is its own error, not a missing session", async () => {
    const { source, faults } = setUp();
    faults.read = new AppError({ code: "store_unreachable", message: "locked" });
    expect(await rejection(source.get(never))).toMatchObject({
      code: "store_unreachable",
      exit: Exit.failed,
    });
  });
});

describe("a token that shall last", () => {
  test("is renewed for it when its kind lives long enough", async () => {
    const { source, clock, world } = setUp();
    clock.time += HOUR - 5 * 60_000;
    await source.get(never);
    expect(world.renewals).toBe(0);
    await source.get(never, 10 * 60_000);
    expect(world.renewals).toBe(1);
  });

  test("is not renewed where that cannot help", async () => {
    const { source, world } = setUp();
    await source.get(never, 2 * HOUR);
    expect(world.renewals).toBe(0);
  });
});
