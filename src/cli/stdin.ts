import { unlessAborted } from "../lib/cancellation.ts";
import { usageError } from "../lib/errors.ts";
import type { Invocation } from "./command.ts";

/**
 * Everything that comes on stdin, up to its end.
 *
 * @param most bytes that there may be
 * @throws AppError `cancelled` as soon as the command is interrupted: whoever feeds it may never close the pipe; exit 2 when
 * more comes than there may be
 */
export function readStdin(
  { stdin, interrupt }: Invocation,
  most = Number.POSITIVE_INFINITY,
): Promise<string> {
  return unlessAborted(interrupt, async () => {
    const decoder = new TextDecoder();
    let text = "";
    let size = 0;
    for await (const chunk of stdin()) {
      size += chunk.byteLength;
      if (size > most) throw usageError(`More than ${most / 1024} KiB came on stdin.`);
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  });
}
