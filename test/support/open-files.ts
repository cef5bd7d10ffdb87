import { readdirSync, readlinkSync } from "node:fs";

/** How long is waited for processes, in milliseconds. */
const PATIENCE = 10_000;
/** How long it takes them where the system does not tell, in milliseconds. */
const GUESS = 150;

/**
 * Waits until so many processes have a file open. Only Linux tells; elsewhere a moment passes in which they should.
 *
 * @throws Error when they do not
 */
export async function untilOpenedBy(count: number, file: string): Promise<void> {
  if (process.platform !== "linux") return Bun.sleep(GUESS);
  const end = performance.now() + PATIENCE;
  while (processesWith(file) < count) {
    if (performance.now() > end) throw new Error(`${file} is not open in ${count} processes`);
    await Bun.sleep(1);
  }
}

function processesWith(file: string): number {
  return entries("/proc").filter(
    (pid) => /^\d+$/.test(pid) && entries(`/proc/${pid}/fd`).some((fd) => target(pid, fd) === file),
  ).length;
}

/** A process may end while it is looked at, and others may not be looked at. */
function entries(folder: string): string[] {
  return unlessGone(() => readdirSync(folder)) ?? [];
}

function target(pid: string, fd: string): string | undefined {
  return unlessGone(() => readlinkSync(`/proc/${pid}/fd/${fd}`));
}

function unlessGone<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}
