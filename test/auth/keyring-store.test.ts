import { describe, expect, test } from "bun:test";
import type { KeyringEntry } from "../../src/auth/store/keyring.ts";
import { keyringStore } from "../../src/auth/store/keyring-store.ts";
import type { SecretStore } from "../../src/auth/store/secret-store.ts";
import type { Clock } from "../../src/lib/clock.ts";
import { Exit } from "../../src/lib/errors.ts";
import { rejection } from "../support/rejection.ts";

/** A clock on which a time limit passes only when a test says so. */
class HeldClock implements Clock {
  #limits: { readonly milliseconds: number; readonly pass: () => void }[] = [];
  now = () => 0;
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#limits.push({ milliseconds, pass: resolve });
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  }
  /** Lets every limit pass that is not longer, those of the next moment included. */
  async pass(longest: number): Promise<void> {
    await Bun.sleep(0);
    for (const { milliseconds, pass } of this.#limits) if (milliseconds <= longest) pass();
  }
}

/** A keyring in memory. `before` runs ahead of every operation and may throw, as a broken one does. */
class Keyring {
  readonly entries = new Map<string, string>();
  before: (operation: "get" | "set" | "delete", account: string) => void | Promise<void> = () => undefined;

  open = (service: string, account: string): KeyringEntry => {
    const key = `${service}/${account}`;
    return {
      getPassword: async () => {
        await this.before("get", account);
        return this.entries.get(key);
      },
      setPassword: async (value) => {
        await this.before("set", account);
        this.entries.set(key, value);
      },
      deleteCredential: async () => {
        await this.before("delete", account);
        return this.entries.delete(key);
      },
    };
  };

  names(): string[] {
    return [...this.entries.keys()].map((key) => key.replace("auth0-mcp-dev/", "")).sort();
  }
}

const DOMAIN = "acme.eu.auth0.com";
const secretOf = (length: number, letter = "s") => letter.repeat(length);

function open() {
  const keyring = new Keyring();
  const clock = new HeldClock();
  const interrupt = new AbortController();
  const store = keyringStore(clock, interrupt.signal, async () => keyring.open);
  return { keyring, clock, interrupt, store };
}

/** A keyring that is asked and never answers. */
function openHanging() {
  const opened = open();
  opened.keyring.before = () => new Promise<void>(() => undefined);
  return opened;
}

describe("what is written", () => {
  for (const length of [1, 1_199, 1_200, 1_201, 2_400, 16_000]) {
    test(`comes back whole: ${length} characters, in pieces that Windows takes`, async () => {
      const { keyring, store } = open();
      const secret = Array.from({ length }, (_, index) => String.fromCharCode(33 + (index % 90))).join("");
      await store.write(DOMAIN, secret);
      expect(await store.read(DOMAIN)).toBe(secret);
      for (const value of keyring.entries.values()) expect(value.length).toBeLessThanOrEqual(1_200);
      expect(keyring.entries.size).toBe(1 + Math.ceil(length / 1_200));
    });
  }

  test("leaves no piece of a longer or shorter one before it", async () => {
    const { keyring, store } = open();
    for (const length of [6_000, 100, 3_000, 1, 6_000]) {
      await store.write(DOMAIN, secretOf(length));
      expect(keyring.entries.size).toBe(1 + Math.ceil(length / 1_200));
      expect(await store.read(DOMAIN)).toBe(secretOf(length));
    }
    expect(await store.remove(DOMAIN)).toBe(true);
    expect(keyring.names()).toEqual([]);
    expect(await store.remove(DOMAIN)).toBe(false);
  });

  test("does not touch another tenant", async () => {
    const { store } = open();
    await store.write("a.auth0.com", secretOf(3_000, "a"));
    await store.write("a.auth0.com.example", secretOf(3_000, "b"));
    await store.remove("a.auth0.com");
    expect(await store.read("a.auth0.com.example")).toBe(secretOf(3_000, "b"));
  });
});

test("a process that ends at any step leaves the old secret or the new one, and the next write leaves nothing over", async () => {
  const [former, next] = [secretOf(5_000, "o"), secretOf(3_500, "n")];
  const seen = new Set<string | undefined>();
  for (let steps = 0; ; steps++) {
    const { keyring, store } = open();
    await store.write(DOMAIN, former);
    let left = steps;
    keyring.before = (operation) => {
      if (operation !== "get" && left-- === 0) throw new Error("killed");
    };
    const finished = await store.write(DOMAIN, next).then(
      () => true,
      () => false,
    );
    keyring.before = () => undefined;
    const now = await store.read(DOMAIN);
    expect([former, next]).toContain(now ?? "nothing");
    seen.add(now);
    await store.write(DOMAIN, secretOf(10, "x"));
    expect(keyring.entries.size).toBe(2);
    if (finished) break;
  }
  expect(seen).toEqual(new Set([former, next]));
});

describe("a keyring that cannot be used is an error, never nothing", () => {
  test("the module or the session bus is missing", async () => {
    const store = keyringStore(new HeldClock(), undefined, () =>
      Promise.reject(new Error("Platform failure: DBus error: no bus\nmore")),
    );
    for (const work of [
      store.check(),
      store.read(DOMAIN),
      store.write(DOMAIN, "secret"),
      store.remove(DOMAIN),
    ]) {
      const error = await rejection(work);
      expect(error).toMatchObject({ code: "store_unreachable", exit: Exit.failed });
      expect(error.message).toContain("no bus");
      expect(error.message).not.toContain("more");
      expect(error.hint).toContain("AUTH0_MCP_STORE=file");
    }
  });

  test.each([
    "/tmp/.bun-1000-3f2a.node: failed to map segment from shared object",
    "ENOENT: no such file or directory, open '/$bunfs/root/keyring.linux-x64-gnu-1a2b.node'",
    "LoadLibrary failed: B:\\~BUN\\root\\keyring.win32-x64-msvc.node",
  ])("a module that the temporary folder does not let be loaded: %s", async (message) => {
    const store = keyringStore(new HeldClock(), undefined, () => Promise.reject(new Error(message)));
    const { hint } = await rejection(store.check());
    expect(hint).toContain("TMPDIR names another one");
    expect(hint).toContain("AUTH0_MCP_STORE=file");
    expect(hint).not.toContain("Unlock");
  });

  test("every single operation may fail", async () => {
    const { keyring, store } = open();
    await store.write(DOMAIN, "secret");
    keyring.before = () => {
      throw new Error("Couldn't access platform storage: unlock prompt was dismissed");
    };
    for (const work of [
      store.check(),
      store.read(DOMAIN),
      store.write(DOMAIN, "secret"),
      store.remove(DOMAIN),
    ]) {
      expect((await rejection(work)).code).toBe("store_unreachable");
    }
  });

  test("a locked one that waits for a person is given up after the time limit", async () => {
    const { clock, store } = openHanging();
    const reading = rejection(store.read(DOMAIN));
    await clock.pass(2_999);
    await clock.pass(3_000);
    expect((await reading).message).toContain("locked");
  });

  test("one that hangs is not waited for after an interrupt", async () => {
    for (const begin of [
      (store: SecretStore) => store.check(),
      (store: SecretStore) => store.read(DOMAIN),
      (store: SecretStore) => store.write(DOMAIN, "secret"),
      (store: SecretStore) => store.remove(DOMAIN),
    ]) {
      const { clock, interrupt, store } = openHanging();
      const ended = rejection(begin(store));
      interrupt.abort();
      await clock.pass(250);
      expect(await ended).toMatchObject({ code: "cancelled", exit: Exit.interrupted });
    }
  });

  test("one that forgets what it is given is found out on writing", async () => {
    const { keyring, store } = open();
    const set = keyring.entries.set.bind(keyring.entries);
    keyring.entries.set = (key, value) => set(key, value.slice(0, 3));
    expect((await rejection(store.write(DOMAIN, "a long enough secret"))).message).toContain("does not hold");
    expect((await rejection(store.check())).code).toBe("store_unreachable");
  });
});

test("a set that lacks a piece, or was changed, counts as absent", async () => {
  const { keyring, store } = open();
  await store.write(DOMAIN, secretOf(3_000));
  const piece = [...keyring.entries.keys()].find((key) => key.endsWith("2")) ?? "";
  keyring.entries.set(piece, "changed");
  expect(await store.read(DOMAIN)).toBeUndefined();
  keyring.entries.delete(piece);
  expect(await store.read(DOMAIN)).toBeUndefined();
});

test("what a working keyring has begun is finished after an interrupt", async () => {
  const { interrupt, store } = open();
  interrupt.abort();
  await store.write(DOMAIN, secretOf(3_000));
  expect(await store.read(DOMAIN)).toBe(secretOf(3_000));
});

test("trying the keyring leaves nothing behind", async () => {
  const { keyring, store } = open();
  await store.check();
  expect(keyring.names()).toEqual([]);
});
