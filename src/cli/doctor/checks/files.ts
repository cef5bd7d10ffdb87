import { sessionsFolder } from "../../../auth/store/file.ts";
import { configFolder, shortPath } from "../../../config/paths.ts";
import { AppError } from "../../../lib/errors.ts";
import { exposedPaths, protect } from "../../../lib/private-modes.ts";
import { shellWord } from "../../../lib/shell.ts";
import { errorCode, systemReason } from "../../../lib/system-error.ts";
import type { Check } from "../check.ts";

/** Whether sessions that are kept in files are for their owner's eyes alone. */
export const files: Check = {
  id: "files",
  title: "Session files",
  async run({ invocation, machine }) {
    const folder = sessionsFolder(configFolder(invocation.environment));
    const exposed = await orProblem(folder, () => exposedPaths(folder));
    if (exposed.length === 0)
      return { status: "pass", message: "Nobody else may read what is kept in files." };
    const shown = exposed.map((path) => shortPath(path, machine)).join(", ");
    return {
      status: "fail",
      message: `Others may read ${shown}, so nothing in there is trusted.`,
      remedy: `Run: chmod go= ${exposed.map(shellWord).join(" ")}. If others may have read it, sign out and in again.`,
      async mend() {
        for (const path of exposed) await orProblem(path, () => protect(path));
        return `${shown} can be read by nobody else now. If others may have read it, sign out and in again.`;
      },
    };
  },
};

async function orProblem<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (errorCode(cause) === undefined) throw cause;
    throw new AppError({
      code: "unsafe_file",
      message: `${path} cannot be looked after: ${systemReason(cause)}.`,
      hint: `Make ${path} yours, or remove it and sign in again.`,
      cause,
    });
  }
}
