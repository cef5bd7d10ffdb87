import { PRODUCT, VERSION } from "../config/product.ts";
import type { Fetch } from "../lib/fetch.ts";
import { bodyOf, type UsageEvent } from "./event.ts";

/** How long one event may take, in milliseconds. */
const DEADLINE = 2_000;
/** Events under way at a time. What comes on top is dropped, so that a silent address costs a busy server little. */
const MOST_IN_FLIGHT = 32;

export interface Sender {
  /** Sends an event, once. Resolves when it was answered or is lost; never rejects. */
  send(event: UsageEvent): Promise<void>;
  /** Gives up what is under way. */
  abort(): void;
}

/**
 * Sends usage events as JSON by POST. No redirect is followed and the answer is not read.
 *
 * @param url an address that `analyticsSettings` has let pass
 */
export function createSender(url: string, fetch: Fetch = globalThis.fetch): Sender {
  const ended = new AbortController();
  let inFlight = 0;
  return {
    abort: () => ended.abort(),
    async send(event) {
      if (inFlight >= MOST_IN_FLIGHT || ended.signal.aborted) return;
      inFlight++;
      try {
        const response = await fetch(url, {
          method: "POST",
          redirect: "manual",
          // On connections of their own nothing ties the events of one server together.
          keepalive: false,
          headers: { "content-type": "application/json", "user-agent": `${PRODUCT}/${VERSION}` },
          body: bodyOf(event),
          signal: AbortSignal.any([ended.signal, AbortSignal.timeout(DEADLINE)]),
        });
        await response.body?.cancel();
      } catch {
        // An event that cannot be delivered is lost. It is nothing that a person should hear of or act on.
      } finally {
        inFlight--;
      }
    },
  };
}
