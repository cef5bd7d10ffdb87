import { needPrograms } from "../../scripts/support/packages.ts";
import { systemClock } from "../../src/lib/clock.ts";
import type { SandboxOptions } from "../../src/sandbox/tenant.ts";
import type { Gate } from "./gated-tenant.ts";

/** Whether the executable can be made to see another time than this machine has. */
export function haveFaketime(): boolean {
  return needPrograms("a clock that is put right while one is signed in", ["faketime"], ["faketime"]);
}

/** The environment of a program whose clock is so many seconds ahead; behind with a negative number. */
export function shiftedClock(seconds: number): Record<string, string> {
  if (seconds === 0) return {};
  return { ...preloaded(), FAKETIME: `${seconds < 0 ? "" : "+"}${seconds}s` };
}

/** The same with a clock that is so far ahead as a file says when it is looked at, in the form of `+600s`. */
export function clockOfFile(file: string): Record<string, string> {
  return { ...preloaded(), FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: "1" };
}

/**
 * Where Debian keeps the library; the loader fills in what stands for `$LIB`. The `faketime` command is not asked for it:
 * it fails now and then over a semaphore that an earlier process of the same number has left.
 */
const LIBRARY = "/usr/$LIB/faketime/libfaketime.so.1";

/** Time spans and the times of files stay as they are. */
function preloaded(): Record<string, string> {
  return { LD_PRELOAD: LIBRARY, FAKETIME_DONT_FAKE_MONOTONIC: "1", NO_FAKE_STAT: "1" };
}

/** An authority whose clock is so many seconds ahead, which is what its `Date` says. */
export function shiftedAuthority(seconds: number): { readonly options: SandboxOptions; readonly gate: Gate } {
  const now = () => Date.now() + seconds * 1_000;
  return {
    options: { clock: { now, sleep: systemClock.sleep } },
    async gate(_request, pass) {
      const answer = await pass();
      answer.headers.set("date", new Date(now()).toUTCString());
      return answer;
    },
  };
}
