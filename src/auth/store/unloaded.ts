/**
 * Whether a message is the system's refusal to load a native module of this executable. The executable holds it in a file
 * system of its own, `/$bunfs/` or `B:\~BUN`, and writes it to the temporary folder as `.bun-….node` to load it there.
 */
export function isUnloaded(message: string): boolean {
  return /(?:\/\$bunfs\/|[\\/]~BUN[\\/]|\.bun-)\S*\.node\b/.test(message);
}
