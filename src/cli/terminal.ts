import { fstatSync, statSync } from "node:fs";
import { errorCode } from "../lib/system-error.ts";

/**
 * Whether a descriptor is a terminal. Asking loads Node's streams, which takes as long as the rest of a short command; so
 * it is asked only of a device that may be one, which pipes, files and `/dev/null` are not.
 */
export function isTerminal(descriptor: number): boolean {
  return mayBeTerminal(descriptor) && process.getBuiltinModule("node:tty").isatty(descriptor);
}

function mayBeTerminal(descriptor: number): boolean {
  try {
    const status = fstatSync(descriptor);
    if (!status.isCharacterDevice()) return false;
    return process.platform === "win32" || status.rdev !== statSync("/dev/null").rdev;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    // Closed before we started, or a system without that device.
    return false;
  }
}
