/** The system's own word for what went wrong, such as `ENOENT`; `undefined` for errors that are not the system's. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** Whether an error says that there is nothing: no such file, or not even a folder that it could be in. */
export function isMissing(error: unknown): boolean {
  const code = errorCode(error);
  return code === "ENOENT" || code === "ENOTDIR";
}

/** What is read; `undefined` where there is nothing to read. */
export async function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The code of an error of ours: what replaces a file could not be given to that one's owner. */
export const OWNER_LOST = "OWNER_LOST";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EEXIST: "it exists already",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "your quota is used up",
  EFBIG: "it would be larger than you may write",
  ENOTDIR: "a part of its path is no folder",
  EISDIR: "it is a folder",
  ELOOP: "its links go round in a circle",
  ENAMETOOLONG: "its name is too long",
  EMFILE: "too many files are open",
  EBUSY: "it is in use, or mounted by itself",
  EXDEV: "it is on another file system than its folder",
  EINVAL: "the file system refuses that",
  ENOTSUP: "the file system cannot do that",
  EIO: "the disk reports an error",
  [OWNER_LOST]: "its owner or group could not be kept",
  SQLITE_CANTOPEN: "it cannot be opened",
  SQLITE_NOTADB: "it holds something else",
  SQLITE_READONLY: "it cannot be written",
};

/** Why the system refused, in words where there are some. */
export function systemReason(error: unknown): string {
  const code = errorCode(error);
  return code === undefined ? "unknown error" : (REASONS[code] ?? code);
}

const REPLACING = "Close what has it open, or mount its folder rather than the file alone";
const ELSEWHERE = "Keep it on another file system";

const REMEDIES: Readonly<Record<string, string>> = {
  EBUSY: REPLACING,
  EXDEV: REPLACING,
  EINVAL: ELSEWHERE,
  ENOTSUP: ELSEWHERE,
  [OWNER_LOST]: "Do this as its owner, or make the file yours first with chown",
};

/** What helps where a file cannot be replaced, a sentence without its end; `undefined` where the reason says enough. */
export function replacingRemedy(error: unknown): string | undefined {
  return REMEDIES[errorCode(error) ?? ""];
}
