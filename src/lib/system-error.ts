/** The system's own word for what went wrong, such as `ENOENT`; `undefined` for errors that are not the system's. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

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
};

/** Why the system refused, in words where there are some. */
export function systemReason(error: unknown): string {
  const code = errorCode(error);
  return code === undefined ? "unknown error" : (REASONS[code] ?? code);
}
