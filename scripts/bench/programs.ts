import { chmodSync, copyFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile, ROOT } from "../build.ts";
import { buildTarget } from "../release/build-target.ts";
import { copySource } from "../release/source.ts";
import { hostTarget } from "../release/targets.ts";

/** What is measured, as it is released, and what it is compared to; all compiled with the same flags. */
export interface Programs {
  readonly ours: string;
  /** A program that does nothing. */
  readonly empty: string;
  /** A server with one tool that answers by itself. */
  readonly sdkServer: string;
  /** A server with one tool that passes a fetch on. */
  readonly sdkFetch: string;
  /** The requests of a walk over all applications. */
  readonly rawWalk: string;
}

export async function compilePrograms(): Promise<Programs> {
  const folder = join(ROOT, "dist", "bench");
  const source = mkdtempSync(join(tmpdir(), "auth0-mcp-bench-"));
  try {
    copySource(source);
    const { target, flags, bytes } = await buildTarget(hostTarget(), source);
    const compiled = async (name: string) => {
      const outfile = join(folder, name);
      await compile(join(import.meta.dir, `${name}.ts`), outfile, { flags });
      return outfile;
    };
    const programs = {
      ours: join(folder, target.executable),
      empty: await compiled("empty"),
      sdkServer: await compiled("sdk-server"),
      sdkFetch: await compiled("sdk-fetch"),
      rawWalk: await compiled("raw-walk"),
    };
    // Not written over: a program that is running cannot be.
    rmSync(programs.ours, { force: true });
    writeFileSync(programs.ours, bytes);
    chmodSync(programs.ours, 0o755);
    for (const program of Object.values(programs)) rewrite(program);
    return programs;
  } finally {
    rmSync(source, { recursive: true });
  }
}

/** Copies a file over itself: how it was written decides how it lies in memory, and that is a fourth of a start. */
function rewrite(file: string): void {
  const copy = `${file}.copy`;
  copyFileSync(file, copy);
  renameSync(copy, file);
}
