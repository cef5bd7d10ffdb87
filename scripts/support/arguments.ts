/**
 * Reads what a script was started with. Whatever is wrong with it ends the script, with one line and exit code 2.
 *
 * @param read throws an Error for people when an argument is wrong, as `parseArgs` does
 */
export function argumentsOf<Arguments>(read: () => Arguments): Arguments {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    console.error(error.message.replaceAll("\n", " "));
    process.exit(2);
  }
}
