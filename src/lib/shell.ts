/** A word of a command as a POSIX shell takes it back unchanged: quoted unless that is needless. */
export function shellWord(word: string): string {
  return /^[\w./:@=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
