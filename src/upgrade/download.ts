import { isConfidential } from "../config/domain.ts";
import { PRODUCT, VERSION } from "../config/product.ts";
import { connectionProblem } from "../lib/connection-problem.ts";
import { AppError, cancelledError, Exit } from "../lib/errors.ts";
import type { Logger } from "../lib/logger.ts";
import { refused } from "./refused.ts";

/** How long nothing may come before a download is given up, in milliseconds. */
const STALL = 30_000;
const MOST_REDIRECTS = 5;

export interface DownloadOptions {
  readonly fetch: (url: string, init: BunFetchRequestInit) => Promise<Response>;
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** A header of this name, which is for the host that is asked first alone. */
  readonly authorization?: string | undefined;
  /** Milliseconds without a byte after which a download is given up. */
  readonly stall?: number;
}

/** What is told while a file comes, in bytes; the size is unknown where the server does not tell it. */
export type OnBytes = (received: number, size: number | undefined) => void;

/** Fetches files of a release. Nothing is fetched but over https, or over http from this machine; redirects included. */
export class Downloads {
  readonly #options: DownloadOptions;

  constructor(options: DownloadOptions) {
    this.#options = options;
  }

  /**
   * A whole file.
   *
   * @param limit bytes it may have
   * @throws AppError `not_found` or another answer that is none (exit 1), `unreachable` (exit 4), `cancelled`
   */
  async file(address: string, limit: number, onBytes?: OnBytes): Promise<Buffer> {
    return this.#watched(address, async (watch) => {
      const { response } = await this.#follow(new URL(address), "GET", watch);
      if (response === undefined) throw new TypeError("a file that is to be read to its end was not");
      const told = Number(response.headers.get("content-length") ?? Number.NaN);
      const size = Number.isSafeInteger(told) ? told : undefined;
      const chunks: Uint8Array[] = [];
      let received = 0;
      for await (const chunk of response.body ?? []) {
        received += chunk.byteLength;
        if (Math.max(received, size ?? 0) > limit)
          throw refused(`${address} is larger than anything that is expected there.`);
        chunks.push(chunk);
        watch.alive();
        onBytes?.(received, size);
      }
      return Buffer.concat(chunks);
    });
  }

  /**
   * The last part of the address that a path leads to, when it has the form that is asked for.
   *
   * @param form what the path of that address must match; its first group is returned. It is not fetched itself
   * @returns `undefined` when the way ends somewhere else
   * @throws AppError as `file` does
   */
  async destination(address: string, form: RegExp): Promise<string | undefined> {
    return this.#watched(address, async (watch) => {
      const { url } = await this.#follow(new URL(address), "HEAD", watch, form);
      return form.exec(url.pathname)?.[1];
    });
  }

  /** Gives a request up when nothing has come for long, or when the person has; words for both, and for a cut line. */
  async #watched<T>(address: string, work: (watch: Watch) => Promise<T>): Promise<T> {
    const { signal, stall = STALL } = this.#options;
    const stalled = new AbortController();
    const timer = setTimeout(() => stalled.abort(), stall);
    try {
      return await work({
        signal: AbortSignal.any([signal, stalled.signal]),
        alive: () => void timer.refresh(),
      });
    } catch (error) {
      if (signal.aborted) throw cancelledError();
      if (error instanceof AppError) throw error;
      const why = stalled.signal.aborted ? "nothing came for too long" : connectionProblem(error);
      throw unreachable(address, why, error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Follows redirects to their end, or to an address whose path has a form. */
  async #follow(start: URL, method: "GET" | "HEAD", watch: Watch, form?: RegExp): Promise<Followed> {
    const { fetch, log, authorization } = this.#options;
    let url = start;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      if (form?.test(url.pathname)) return { url };
      const response = await fetch(url.href, {
        method,
        headers: {
          "user-agent": `${PRODUCT}/${VERSION}`,
          "accept-encoding": "identity",
          ...(authorization === undefined || url.origin !== start.origin ? {} : { authorization }),
        },
        redirect: "manual",
        // The checksum is of the file as it is stored, even where a server calls its compression one of transport.
        decompress: false,
        signal: watch.signal,
      });
      watch.alive();
      log("download", { method, host: url.host, path: url.pathname, status: response.status });
      if (response.ok) return { url, response };
      await response.body?.cancel();
      const location = response.status >= 300 && response.status < 400 && response.headers.get("location");
      if (!location) throw badAnswer(start.href, response.status);
      url = redirected(url, location);
    }
    throw refused(`${start.href} leads from one address to the next without an end.`);
  }
}

interface Watch {
  readonly signal: AbortSignal;
  /** Something has come. */
  readonly alive: () => void;
}

interface Followed {
  readonly url: URL;
  /** Absent when the address was not fetched. */
  readonly response?: Response;
}

/** What a signed address of a file holds besides its host is nobody's business, so only that is told. */
function redirected(from: URL, location: string): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (to === undefined) throw refused(`${from.host} redirects to something that is no address.`);
  if (!isConfidential(to) || (from.protocol === "https:" && to.protocol !== "https:"))
    throw refused(`${from.host} redirects to ${to.protocol}//${to.host}, which is not https.`);
  return to;
}

function badAnswer(address: string, status: number): AppError {
  if (status >= 500 || status === 408 || status === 429)
    return unreachable(address, `the server answered ${status}`);
  const missing = status === 404 || status === 410;
  return new AppError({
    code: missing ? "not_found" : "download_refused",
    message: missing
      ? `${address} does not exist.`
      : `${address} cannot be downloaded: the server answered ${status}.`,
    hint: "Check that this version is published there.",
    status,
  });
}

function unreachable(address: string, why: string, cause?: unknown): AppError {
  return new AppError({
    code: "unreachable",
    message: `${address} cannot be downloaded: ${why}.`,
    hint: "Check the network, then try again.",
    exit: Exit.unreachable,
    cause,
  });
}
