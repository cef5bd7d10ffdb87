import { BUILD_FLAGS } from "../build.ts";
import type { BuiltExecutable } from "./build-target.ts";
import { sha256 } from "./checksums.ts";
import type { Source } from "./source.ts";

/** What is needed to build the same executables again, and what they must then be. */
export function buildInfo(source: Source, built: readonly BuiltExecutable[]): object {
  return {
    version: source.version,
    commit: source.commit,
    changed: source.changed,
    time: new Date(source.epoch * 1000).toISOString(),
    bun: { version: Bun.version, revision: Bun.revision },
    executables: built.map(({ target, flags, bytes }) => ({
      target: target.name,
      flags: inForce([...BUILD_FLAGS, ...flags]),
      keyring: target.binding,
      bytes: bytes.length,
      sha256: sha256(bytes),
    })),
  };
}

/** The last of two flags that contradict each other wins, and alone is told. */
function inForce(flags: readonly string[]): string[] {
  const nameOf = (flag: string) => flag.replace(/=.*/, "");
  return flags.filter(
    (flag, index) => !flags.some((later, at) => at > index && nameOf(later) === nameOf(flag)),
  );
}
