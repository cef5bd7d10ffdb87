import { realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile, EXECUTABLE, ROOT } from "./build.ts";
import { readRuns } from "./picture/cells.ts";
import { playSession } from "./picture/session.ts";
import { terminalSvg } from "./picture/svg.ts";

/** The picture of a first session that the README shows. */
export const PICTURE = join(ROOT, "docs", "terminal.svg");

/** What the picture has to be now, as the executable behaves. */
export async function terminalPicture(executable: string): Promise<string> {
  const shown = await playSession(realpathSync(executable));
  return terminalSvg("A terminal: auth0-mcp init signs in and sets up Claude Code", readRuns(shown));
}

/** Builds the executable and takes the picture of it. */
export async function takePicture(): Promise<void> {
  await compile(join(ROOT, "src", "main.ts"), EXECUTABLE);
  writeFileSync(PICTURE, await terminalPicture(EXECUTABLE));
}
