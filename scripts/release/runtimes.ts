import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile, ROOT } from "../build.ts";
import type { Target } from "./targets.ts";

/**
 * Checks what the list of targets rests on: that Bun's runtime for old x64 processors is also its runtime for new ones,
 * so that there is nothing to gain from another executable. Compiles an empty program on both.
 *
 * @param plain the runtime that the target's one is compared with
 * @throws Error when they differ
 */
export async function checkOneRuntime(
  target: Target,
  plain: string = target.runtime.replace(/-baseline$/, ""),
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "auth0-mcp-runtimes-"));
  try {
    const programs: Buffer[] = [];
    for (const runtime of [target.runtime, plain]) {
      const outfile = join(folder, runtime, target.executable);
      await compile(join(ROOT, "scripts", "bench", "empty.ts"), outfile, { flags: [`--target=${runtime}`] });
      programs.push(readFileSync(outfile));
    }
    const [first, second] = programs;
    if (first === undefined || second === undefined || !first.equals(second)) {
      throw new Error(
        `${plain} is no longer the same as ${target.runtime}: decide in targets.ts whether both are released`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
