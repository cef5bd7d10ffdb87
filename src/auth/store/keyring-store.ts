import { createHash } from "node:crypto";
import { options } from "../../config/options.ts";
import { STORAGE_NAME } from "../../config/paths.ts";
import { untilAborted } from "../../lib/cancellation.ts";
import type { Clock } from "../../lib/clock.ts";
import { cancelledError } from "../../lib/errors.ts";
import { asNumber, asObject, asString, parseJson } from "../../lib/json.ts";
import type { KeyringEntry, OpenEntry } from "./keyring.ts";
import { type SecretStore, storeError } from "./secret-store.ts";
import { isUnloaded } from "./unloaded.ts";

/** Characters of one piece. Windows takes 2,560 bytes an entry and keeps text as UTF-16, two bytes a character. */
const PIECE = 1_200;
/** How long one operation may take, in milliseconds: a locked keyring waits for a person, perhaps for good. */
const TIMEOUT = 3_000;
/** How long one may still take after an interrupt, in milliseconds: a keyring that works has answered by then. */
const GRACE = 250;
/** The variable that names the temporary folder. */
const TEMPORARY = process.platform === "win32" ? "TEMP" : "TMPDIR";

/** Loads what opens entries, and with it nothing native: that happens in a thread, when an entry is used. */
async function loadEntries(): Promise<OpenEntry> {
  const { openEntry } = await import("./keyring.ts");
  return openEntry;
}

/**
 * Secrets in the system's keyring: Keychain, Credential Manager, or the Secret Service.
 *
 * A secret is cut into numbered pieces of one of two sets, `a` and `b`. The header, written last, names the set that
 * counts, how many pieces it has and their digest; the other set is then removed. So the header always points to a
 * whole secret, whenever the process ends.
 *
 * @param interrupt aborts when the process is asked to end: nobody then waits for a keyring that does not answer
 */
export function keyringStore(
  clock: Clock,
  interrupt?: AbortSignal,
  load: () => Promise<OpenEntry> = loadEntries,
): SecretStore {
  let opened: Promise<OpenEntry> | undefined;

  async function use<T>(
    account: string,
    work: (entry: KeyringEntry, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const ended = new AbortController();
    try {
      opened ??= load();
      const open = await opened;
      return await Promise.race([
        work(open(STORAGE_NAME, account), ended.signal),
        expiry(ended.signal),
        ...(interrupt === undefined ? [] : [interruption(interrupt, ended.signal)]),
      ]);
    } catch (cause) {
      throw interrupt?.aborted ? cancelledError() : unreachable(cause);
    } finally {
      ended.abort();
    }
  }

  async function expiry(ended: AbortSignal): Promise<never> {
    await clock.sleep(TIMEOUT, ended);
    throw new Error(`no answer within ${TIMEOUT / 1000} seconds; it may be locked and waiting for you`);
  }

  async function interruption(interrupted: AbortSignal, ended: AbortSignal): Promise<never> {
    await untilAborted(interrupted, ended);
    await clock.sleep(GRACE, ended);
    throw cancelledError();
  }

  const get = (account: string) => use(account, (entry, signal) => entry.getPassword(signal));
  const set = (account: string, value: string) =>
    use(account, (entry, signal) => entry.setPassword(value, signal));
  const drop = (account: string) => use(account, (entry, signal) => entry.deleteCredential(signal));

  /** Removes the pieces of a set from a number on. From the last to the first, so that no gap ever hides one. */
  async function sweep(domain: string, set: PieceSet, from: number): Promise<number> {
    let end = from;
    while ((await get(pieceName(domain, set, end))) !== undefined) end++;
    for (let number = end - 1; number >= from; number--) await drop(pieceName(domain, set, number));
    return end - from;
  }

  async function readSet(domain: string, header: Header): Promise<string | undefined> {
    let secret = "";
    for (let number = 1; number <= header.pieces; number++) {
      const piece = await get(pieceName(domain, header.set, number));
      if (piece === undefined) return undefined;
      secret += piece;
    }
    return digest(secret) === header.digest ? secret : undefined;
  }

  async function read(domain: string): Promise<string | undefined> {
    const header = parseHeader(await get(domain));
    return header === undefined ? undefined : readSet(domain, header);
  }

  return {
    kind: "keyring",
    async check() {
      // A locked keyring answers that an entry is missing; only writing shows whether it will take one. Others may be
      // trying it at the same time, so the entry has a name of its own.
      const probe = `probe-${crypto.randomUUID()}`;
      await set(probe, probe);
      const kept = await get(probe);
      await drop(probe);
      if (kept !== probe) throw notKept();
    },
    read,
    async write(domain, secret) {
      const former = parseHeader(await get(domain));
      const header: Header = {
        set: former?.set === "a" ? "b" : "a",
        pieces: Math.max(1, Math.ceil(secret.length / PIECE)),
        digest: digest(secret),
      };
      for (let number = 1; number <= header.pieces; number++) {
        const piece = secret.slice((number - 1) * PIECE, number * PIECE);
        await set(pieceName(domain, header.set, number), piece);
      }
      if ((await readSet(domain, header)) !== secret) throw notKept();
      await set(domain, JSON.stringify(header));
      if ((await read(domain)) !== secret) throw notKept();
      await sweep(domain, header.set, header.pieces + 1);
      await sweep(domain, header.set === "a" ? "b" : "a", 1);
    },
    async remove(domain) {
      const headed = await drop(domain);
      const pieces = (await sweep(domain, "a", 1)) + (await sweep(domain, "b", 1));
      return headed || pieces > 0;
    },
  };
}

type PieceSet = "a" | "b";

interface Header {
  readonly set: PieceSet;
  readonly pieces: number;
  readonly digest: string;
}

function pieceName(domain: string, set: PieceSet, number: number): string {
  return `${domain}#${set}${number}`;
}

function parseHeader(text: string | undefined): Header | undefined {
  const value = asObject(parseJson(text ?? ""));
  const set = value?.["set"];
  const pieces = asNumber(value?.["pieces"]);
  const sum = asString(value?.["digest"]);
  if ((set !== "a" && set !== "b") || pieces === undefined || sum === undefined) return undefined;
  return { set, pieces, digest: sum };
}

function digest(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}

function unreachable(cause: unknown) {
  const [line = ""] = (cause instanceof Error ? cause.message : "unknown error").split("\n");
  const remedy = isUnloaded(line)
    ? `Its module is loaded from the temporary folder, which must be writable and allow programs: ${TEMPORARY} names another one. Or`
    : "Unlock or start it, or";
  return storeError(
    `The system's keyring cannot be used: ${line.slice(0, 300).replace(/\.$/, "")}.`,
    `${remedy} keep new sign-ins in a file: ${options.store.variable}=file`,
    cause,
  );
}

function notKept() {
  return storeError(
    "The system's keyring does not hold what was written to it.",
    `Keep the sign-in in a file instead: ${options.store.variable}=file`,
  );
}
