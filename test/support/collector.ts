import { afterEach } from "bun:test";
import { isObject, type JsonObject, parseJson } from "../../src/lib/json.ts";

/** One request as the collector received it. */
export interface Received {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body as a JSON object, empty when it is none. */
  readonly event: JsonObject;
}

export interface Collector {
  /** Its address, with a path. */
  readonly url: string;
  readonly received: Received[];
  /** Resolves as soon as it has received so many. */
  count(many: number): Promise<void>;
  /** Resolves when the other end has given up a request that was not answered. */
  readonly givenUp: Promise<void>;
  stop(): Promise<void>;
}

/** A loopback server that keeps every request. Without `answer` it sets a cookie and says no more. */
export function startCollector(answer: () => Response | Promise<Response> = thanks): Collector {
  const received: Received[] = [];
  const givenUp = Promise.withResolvers<void>();
  let arrived = Promise.withResolvers<void>();
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    async fetch(request) {
      request.signal.addEventListener("abort", () => givenUp.resolve());
      const { pathname, search } = new URL(request.url);
      const body = await request.text();
      const parsed = parseJson(body);
      received.push({
        method: request.method,
        path: pathname + search,
        headers: Object.fromEntries(request.headers),
        body,
        event: isObject(parsed) ? parsed : {},
      });
      arrived.resolve();
      arrived = Promise.withResolvers();
      return answer();
    },
  });
  return {
    url: new URL("/events?from=test", server.url).href,
    received,
    givenUp: givenUp.promise,
    async count(many) {
      while (received.length < many) await arrived.promise;
    },
    stop: () => server.stop(true),
  };
}

/** Starts collectors that stop after each test of the file. */
export function collectors(): typeof startCollector {
  const started: Collector[] = [];
  afterEach(() => Promise.all(started.splice(0).map((collector) => collector.stop())));
  return (answer) => {
    const collector = startCollector(answer);
    started.push(collector);
    return collector;
  };
}

/** The environment of a program that sends its events there. */
export const eventsTo = (url: string) => ({ AUTH0_MCP_ANALYTICS_URL: url });

/** An answer that never comes. */
export const silence = () => new Promise<Response>(() => undefined);

function thanks(): Response {
  return new Response(null, { status: 204, headers: { "set-cookie": "visitor=1" } });
}
