import { PRODUCT } from "../../config/product.ts";
import { Exit, usageError } from "../../lib/errors.ts";
import { didYouMean } from "../../lib/suggest.ts";
import { defineCommand, type Example } from "../command.ts";
import { completionScript, SHELLS, type Shell } from "../completion/shells.ts";

/** An example that writes a script into a folder, which a home without one shall get. */
function intoFile(does: string, shell: Shell, folder: string, file: string): Example {
  return { does, first: `mkdir -p ${folder}`, type: `completion ${shell} > ${folder}/${file}` };
}

export const completion = defineCommand({
  meta: { name: "completion", description: "Print the script with which a shell completes command lines" },
  args: {
    shell: { type: "positional", description: "bash, zsh, fish or powershell", required: true },
  },
  examples: [
    intoFile("For every new bash", "bash", "~/.local/share/bash-completion/completions", PRODUCT),
    intoFile("For zsh, in a folder of its fpath", "zsh", "~/.zfunc", `_${PRODUCT}`),
    intoFile("For fish", "fish", "~/.config/fish/completions", `${PRODUCT}.fish`),
    {
      does: "For PowerShell, as a line of its profile",
      type: "completion powershell | Out-String | Invoke-Expression",
    },
  ],
  async run(args, { output }) {
    const shell = SHELLS.find((name) => name === args.shell);
    if (shell === undefined) {
      throw usageError(
        `There is no completion for "${args.shell}".`,
        didYouMean(args.shell, SHELLS) ?? `Use one of ${SHELLS.join(", ")}.`,
      );
    }
    await output.data(await completionScript(shell));
    return Exit.done;
  },
});
