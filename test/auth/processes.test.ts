import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SessionRecord } from "../../src/auth/session-record.ts";
import { keepSignIn } from "../../src/auth/sign-in.ts";
import { storeOpener } from "../../src/auth/store/open.ts";
import { readRecord, type SessionPlaces } from "../../src/auth/stored-session.ts";
import { TenantFile } from "../../src/config/tenants.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { asObject, asString, type JsonObject } from "../../src/lib/json.ts";
import { harness, json } from "./harness.ts";
import { rotatingAuthority } from "./rotating-authority.ts";

const HOUR = 3_600_000;
const { context } = harness(() => json({}), systemClock);
let folder: string;
let places: SessionPlaces;
let authority: ReturnType<typeof rotatingAuthority>;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "auth0-mcp-"));
  places = {
    folder,
    tenants: new TenantFile(folder, systemClock),
    openStore: storeOpener(folder, systemClock),
  };
  authority = rotatingAuthority();
  await signIn("refresh-0");
});
afterEach(() => {
  authority.stop();
  rmSync(folder, { recursive: true });
});

async function signIn(refreshToken: string): Promise<void> {
  authority.reset(refreshToken);
  const tenant = { origin: authority.origin, domain: authority.domain };
  const profile = {
    tenant,
    authority: tenant,
    method: "device",
    store: "file",
    clientId: "device-client",
    audience: `${authority.origin}/api/v2/`,
    signedInAt: new Date().toISOString(),
  } as const;
  const record: SessionRecord = {
    token: { value: "access-0", expiresAt: 0, scopes: undefined },
    obtainedAt: 0,
    refreshToken,
    clockOffset: 0,
  };
  await keepSignIn(context, places, profile, record);
}

function worker() {
  const waiting: ((answer: JsonObject) => void)[] = [];
  const answers: JsonObject[] = [];
  const child = Bun.spawn(
    [process.execPath, join(import.meta.dir, "renewing-worker.ts"), folder, authority.domain],
    {
      stdio: ["ignore", "inherit", "inherit"],
      ipc(message) {
        const answer = asObject(message) ?? {};
        const next = waiting.shift();
        if (next) next(answer);
        else answers.push(answer);
      },
    },
  );
  const answer = () =>
    new Promise<JsonObject>((resolve) => {
      const ready = answers.shift();
      if (ready) resolve(ready);
      else waiting.push(resolve);
    });
  return { child, answer, tell: (now: number) => child.send(now) };
}

test("two processes renew at once, 200 times, with rotating refresh tokens: one request each time, no session lost", async () => {
  const workers = [worker(), worker()];
  for (const { answer } of workers) expect(await answer()).toEqual({ ready: true });
  for (let round = 1; round <= 200; round++) {
    for (const { tell } of workers) tell(round * HOUR);
    const answers = await Promise.all(workers.map(({ answer }) => answer()));
    expect(answers).toEqual([{ token: `access-${round}` }, { token: `access-${round}` }]);
  }
  expect(authority.counts()).toEqual({ issued: 200, reused: 0 });
  for (const { child } of workers) child.kill();
}, 60_000);

test("kill -9 at any moment of a renewal leaves the session before it or the one after, and no lock", async () => {
  let now = HOUR;
  for (let round = 0; round < 25; round++) {
    await signIn(`refresh-again-${round}`);
    const before = authority.counts().issued;
    const { child, answer, tell } = worker();
    await answer();
    now += HOUR;
    tell(now);
    await Bun.sleep((round % 13) * 0.7);
    child.kill("SIGKILL");
    await child.exited;
    const { issued } = authority.counts();
    const left = await readRecord(places, authority.domain, "file");
    expect(["access-0", `access-${issued}`]).toContain(left?.token.value ?? "nothing");
    expect(left?.refreshToken).toBe(
      left?.token.value === "access-0" ? `refresh-again-${round}` : `refresh-${issued}`,
    );
    expect(issued - before).toBeLessThanOrEqual(1);
  }
  // Whoever comes next is not kept waiting by the dead.
  await signIn("refresh-last");
  const { child, answer, tell } = worker();
  await answer();
  tell(now + HOUR);
  expect(asString((await answer())["token"])).toBe(`access-${authority.counts().issued}`);
  child.kill();
}, 60_000);
