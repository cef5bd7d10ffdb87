import { asString } from "../../lib/json.ts";
import { isUnloaded } from "./unloaded.ts";

/** One entry of the system's keyring. */
export interface KeyringEntry {
  getPassword(signal: AbortSignal): Promise<string | undefined>;
  setPassword(password: string, signal: AbortSignal): Promise<void>;
  /** `false` when there was nothing to delete. */
  deleteCredential(signal: AbortSignal): Promise<boolean>;
}

export type OpenEntry = (service: string, account: string) => KeyringEntry;

type Work =
  | { readonly kind: "get" }
  | { readonly kind: "set"; readonly password: string }
  | { readonly kind: "delete" };

/** What the thread is asked. */
interface Question {
  readonly id: number;
  readonly service: string;
  readonly account: string;
  readonly work: Work;
  /** Shared with the thread; its first number is 1 as soon as nobody waits for the answer any more. */
  readonly withdrawn: Int32Array;
}

/** What the thread answers, to withdrawn questions too. */
interface Answer {
  readonly id: number;
  readonly value?: string | boolean | null;
  readonly error?: string;
}

/**
 * The thread that talks to the keyring. The native module waits without end for a session bus that accepts a
 * connection and is silent, and for a person who is asked to unlock the keyring. It connects while an entry is
 * constructed, so that even its asynchronous entry would stop the whole program, and what it then does asynchronously
 * takes up one of the few threads that also read the program's files.
 */
class KeyringThread {
  #worker: Worker | undefined;
  #lastId = 0;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  /** Questions that were withdrawn while the thread had them. As long as there are any, it is busy with one. */
  readonly #overdue = new Set<number>();

  /** @throws the signal's reason when it aborts; Error in the keyring's words, or when it still owes an answer */
  async ask(service: string, account: string, work: Work, signal: AbortSignal): Promise<unknown> {
    signal.throwIfAborted();
    if (this.#overdue.size > 0) {
      throw new Error("an earlier request is still unanswered; it may be locked and waiting for you");
    }
    this.#worker ??= this.#start();
    const id = ++this.#lastId;
    const answered = Promise.withResolvers<unknown>();
    const withdrawn = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const withdraw = () => {
      Atomics.store(withdrawn, 0, 1);
      this.#overdue.add(id);
      answered.reject(signal.reason);
    };
    this.#waiting.set(id, answered);
    signal.addEventListener("abort", withdraw, { once: true });
    this.#worker.postMessage({ id, service, account, work, withdrawn } satisfies Question);
    try {
      return await answered.promise;
    } finally {
      signal.removeEventListener("abort", withdraw);
      this.#waiting.delete(id);
    }
  }

  #start(): Worker {
    // This very file: compiled it is a chunk of its own, because it is only ever imported on demand.
    const worker = new Worker(import.meta.url, { ref: false, smol: true });
    worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
      this.#overdue.delete(data.id);
      const answered = this.#waiting.get(data.id);
      if (data.error === undefined) answered?.resolve(data.value);
      else answered?.reject(new Error(data.error));
    });
    worker.addEventListener("error", ({ message }) => {
      this.#worker = undefined;
      this.#overdue.clear();
      for (const { reject } of this.#waiting.values()) reject(new Error(message));
    });
    return worker;
  }
}

const thread = new KeyringThread();

/** An entry whose operations take as long as they take, but never hold up anything else. One of them runs at a time. */
export const openEntry: OpenEntry = (service, account) => ({
  getPassword: async (signal) => asString(await thread.ask(service, account, { kind: "get" }, signal)),
  setPassword: async (password, signal) => {
    await thread.ask(service, account, { kind: "set", password }, signal);
  },
  deleteCredential: async (signal) =>
    (await thread.ask(service, account, { kind: "delete" }, signal)) === true,
});

if (!Bun.isMainThread) {
  addEventListener("message", async ({ data }: MessageEvent<Question>) => {
    postMessage(await answer(data));
  });
}

/** Runs in the thread, and blocks it. */
async function answer({ id, service, account, work, withdrawn }: Question): Promise<Answer> {
  try {
    // Loaded here: a machine on which it cannot be loaded is one without a keyring.
    const { Entry } = await import("@napi-rs/keyring");
    if (isSet(withdrawn)) return { id };
    // Unpinned, Linux falls back to the kernel's keyring without a word, which forgets everything at reboot.
    const entry = new Entry(service, account, { linux: { store: "secret-service" } });
    if (isSet(withdrawn)) return { id };
    switch (work.kind) {
      case "get":
        return { id, value: entry.getPassword() };
      case "set":
        entry.setPassword(work.password);
        return { id };
      case "delete":
        return { id, value: entry.deleteCredential() };
    }
  } catch (error) {
    return { id, error: describe(error) };
  }
}

/** A package that has several ways to load its module says only that none worked; why is in what caused that. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (isUnloaded(cause.message)) return cause.message;
  }
  return error.message;
}

function isSet(flag: Int32Array): boolean {
  return Atomics.load(flag, 0) !== 0;
}
