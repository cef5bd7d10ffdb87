import { cancelledError } from "../lib/errors.ts";
import type { Invocation } from "./command.ts";

/**
 * Everything that comes on stdin, up to its end.
 *
 * @throws AppError `cancelled` as soon as the command is interrupted: whoever feeds it may never close the pipe
 */
export async function readStdin({ stdin, interrupt }: Invocation): Promise<string> {
  const interrupted = Promise.withResolvers<never>();
  const onAbort = () => interrupted.reject(cancelledError());
  if (interrupt.aborted) onAbort();
  interrupt.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([new Response(stdin()).text(), interrupted.promise]);
  } finally {
    interrupt.removeEventListener("abort", onAbort);
  }
}
