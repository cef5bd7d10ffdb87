import type { Pipeline } from "./pipeline.ts";

/** A call that has ended. Of its arguments and its answer nothing is told, so nobody who counts calls can pass them on. */
export interface FinishedCall {
  /** The name of the tool; it exists and is exposed. */
  readonly tool: string;
  /** What the MCP client calls itself: its own words, not checked. */
  readonly client: string | undefined;
  readonly success: boolean;
  readonly milliseconds: number;
}

/**
 * The same pipeline, which tells of every call that has ended, a cancelled one included. A call of a tool that is not
 * exposed is none.
 *
 * @param finished must not throw
 * @param now milliseconds that only grow
 */
export function observed(
  pipeline: Pipeline,
  finished: (call: FinishedCall) => void,
  now: () => number = () => performance.now(),
): Pipeline {
  return {
    selection: pipeline.selection,
    async call(name, args, options) {
      const started = now();
      const tell = (success: boolean) =>
        finished({ tool: name, client: options.client, success, milliseconds: now() - started });
      try {
        const outcome = await pipeline.call(name, args, options);
        if (outcome !== undefined) tell(outcome.ok);
        return outcome;
      } catch (error) {
        tell(false);
        throw error;
      }
    },
  };
}
