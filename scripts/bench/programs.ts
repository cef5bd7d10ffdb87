import { join } from "node:path";
import { compile, EXECUTABLE, ROOT } from "../build.ts";

/** What is measured, and what it is compared to; all compiled with the same flags. */
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
  const compiled = async (name: string) => {
    const outfile = join(folder, name);
    await compile(join(import.meta.dir, `${name}.ts`), outfile);
    return outfile;
  };
  await compile(join(ROOT, "src", "main.ts"), EXECUTABLE);
  return {
    ours: EXECUTABLE,
    empty: await compiled("empty"),
    sdkServer: await compiled("sdk-server"),
    sdkFetch: await compiled("sdk-fetch"),
    rawWalk: await compiled("raw-walk"),
  };
}
