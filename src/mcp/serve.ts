import { untilAborted } from "../lib/cancellation.ts";
import { errorCode } from "../lib/system-error.ts";
import type { Pipeline } from "../policy/pipeline.ts";
import { createServer } from "./server.ts";
import { type StdioStreams, StdioTransport } from "./stdio.ts";

/** How long answers may still take after the input has ended, in milliseconds. */
const GRACE = 100;

/**
 * Serves MCP until the input ends, nobody reads the output any longer, or `stop` aborts. Calls still in flight are
 * aborted then, and what is ready is written.
 */
export async function serveStdio(
  pipeline: Pipeline,
  instructions: string,
  streams: StdioStreams,
  stop: AbortSignal,
): Promise<void> {
  const inFlight = new Set<Promise<unknown>>();
  const tracked: Pipeline = {
    selection: pipeline.selection,
    call: (name, args, options) => track(inFlight, pipeline.call(name, args, options)),
  };
  let deserted = false;
  const desertion = Promise.withResolvers<void>();
  const write = async (text: string) => {
    try {
      await streams.write(text);
    } catch (error) {
      if (errorCode(error) === "EPIPE") {
        deserted = true;
        desertion.resolve();
      }
      throw error;
    }
  };
  const transport = new StdioTransport({ ...streams, write: (text) => track(inFlight, write(text)) });
  const server = createServer(tracked, instructions);
  server.onerror = () => {
    if (!deserted) streams.warn("ignored a message that is not part of the protocol");
  };
  const interrupted = untilAborted(stop);
  await server.connect(transport);
  await Promise.race([transport.ended, interrupted, desertion.promise]);

  // A script that pipes its requests in and closes the pipe still gets the answers that are a moment away.
  const isOver = stop.aborted || deserted;
  if (!isOver) await Promise.race([settled(inFlight), interrupted, desertion.promise, Bun.sleep(GRACE)]);
  // Closing aborts what is left; a call that ends by that is not answered.
  await server.close();
  await Promise.race([settled(inFlight), Bun.sleep(GRACE)]);
}

function track<T>(inFlight: Set<Promise<unknown>>, work: Promise<T>): Promise<T> {
  inFlight.add(work);
  const forget = () => inFlight.delete(work);
  work.then(forget, forget);
  return work;
}

/** Waits until nothing is in flight; an answer that follows from a call counts as well. */
async function settled(inFlight: Set<Promise<unknown>>): Promise<void> {
  do {
    await Promise.allSettled(inFlight);
    await Bun.sleep(0);
  } while (inFlight.size > 0);
}
