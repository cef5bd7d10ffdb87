import { createHash } from "node:crypto";

export function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The lines that `sha256sum --check` reads, sorted by name. */
export function checksums(files: ReadonlyMap<string, Buffer>): string {
  const names = [...files.keys()].sort();
  return names.map((name) => `${sha256(files.get(name) ?? Buffer.alloc(0))}  ${name}\n`).join("");
}
