/** A version of semver 2.0.0, by its own grammar. */
const VERSION =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*))*)?(\+[\da-zA-Z-]+(\.[\da-zA-Z-]+)*)?$/;

/** The version that a text names, with or without its `v`; `undefined` when it names none. */
export function readVersion(text: string): string | undefined {
  const version = text.replace(/^v/, "");
  return version.length <= 100 && VERSION.test(version) ? version : undefined;
}

/** Whether a version comes after another: a pre-release before its release, build metadata not counting (semver §11). */
export function isNewer(version: string, than: string): boolean {
  return Bun.semver.order(version, than) > 0;
}
