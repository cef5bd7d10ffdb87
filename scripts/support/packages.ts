/**
 * Finds programs that a test or a release needs, and installs their Debian packages where this user may. Where a program
 * cannot be had, the tests that need it are left out with a loud word; in CI that is a failure.
 *
 * @returns whether every program is there
 */
export function needPrograms(
  what: string,
  programs: readonly string[],
  packages: readonly string[],
): boolean {
  const missing = () => programs.filter((program) => Bun.which(program) === null);
  if (missing().length === 0) return true;
  if (process.getuid?.() === 0 && Bun.which("apt-get") !== null) {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    for (const command of [
      ["apt-get", "update"],
      ["apt-get", "install", "-y", "--no-install-recommends", ...packages],
    ]) {
      Bun.spawnSync(command, { env, stdout: "ignore", stderr: "ignore" });
    }
  }
  const left = missing();
  if (left.length === 0) return true;
  const message = `NOT TESTED: ${what}. ${left.join(", ")} cannot be installed here (Debian: ${packages.join(" ")}).`;
  if (process.env["CI"]) throw new Error(message);
  process.stderr.write(`\n*** ${message}\n\n`);
  return false;
}
