import { options } from "../config/options.ts";
import { PRODUCT } from "../config/product.ts";
import { Exit, type ExitCode, traceOf } from "../lib/errors.ts";
import { debugWanted } from "../lib/logger.ts";
import { errorCode } from "../lib/system-error.ts";
import { processOutput } from "./output.ts";
import { runCli } from "./root.ts";

/**
 * Runs the command line as this process: its environment, its streams, its signals.
 *
 * @returns the exit code; a signal outranks whatever the interrupted command returned
 */
export async function start(words: readonly string[]): Promise<ExitCode> {
  keepLoopbackFromProxies(process.env);
  const output = processOutput(process.env);
  const interrupt = new AbortController();
  let signalled: ExitCode | undefined;
  const onSignal = (code: ExitCode) => () => {
    // A second signal means that the person will not wait for an orderly end.
    if (signalled !== undefined) process.exit(code);
    signalled = code;
    interrupt.abort();
  };
  process.on("SIGHUP", onSignal(Exit.hungUp));
  process.on("SIGINT", onSignal(Exit.interrupted));
  process.on("SIGTERM", onSignal(Exit.terminated));

  const defect = (error: unknown): ExitCode => {
    if (isClosedPipe(error)) return Exit.done;
    const following = debugWanted(process.env[options.debug.variable]);
    const advice = following
      ? ""
      : ` Repeat it with ${options.debug.variable}=${PRODUCT} to see what happened, and report it.`;
    output.note(`${PRODUCT}: stopped by a defect of the program.${advice}`);
    if (following) output.note(traceOf(error));
    return Exit.failed;
  };
  process.on("uncaughtException", (error) => process.exit(defect(error)));
  process.on("unhandledRejection", (error) => process.exit(defect(error)));

  try {
    const code = await runCli(words, {
      environment: process.env,
      output,
      interrupt: interrupt.signal,
      stdin: () => Bun.stdin.stream(),
    });
    return signalled ?? code;
  } catch (error) {
    return signalled ?? defect(error);
  }
}

/** A tenant on this machine is spoken to in plain http: on the way through a proxy its token could be read. */
function keepLoopbackFromProxies(environment: NodeJS.ProcessEnv): void {
  const others = environment["no_proxy"] || environment["NO_PROXY"];
  environment["no_proxy"] = [others, "localhost", "127.0.0.0/8", "::1"].filter(Boolean).join(",");
}

/** The reader of our output has gone away, as `head` does: there is nobody left to tell. */
function isClosedPipe(error: unknown): boolean {
  return errorCode(error) === "EPIPE";
}
