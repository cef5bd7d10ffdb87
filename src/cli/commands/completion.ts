import { Exit, usageError } from "../../lib/errors.ts";
import { didYouMean } from "../../lib/suggest.ts";
import { defineCommand } from "../command.ts";
import { completionScript, SHELLS } from "../completion/shells.ts";

export const completion = defineCommand({
  meta: { name: "completion", description: "Print the script with which a shell completes command lines" },
  args: {
    shell: { type: "positional", description: "bash, zsh, fish or powershell", required: true },
  },
  examples: [
    {
      does: "For every new bash",
      type: "completion bash > ~/.local/share/bash-completion/completions/auth0-mcp",
    },
    { does: "For zsh, in a folder of its fpath", type: "completion zsh > ~/.zfunc/_auth0-mcp" },
    { does: "For fish", type: "completion fish > ~/.config/fish/completions/auth0-mcp.fish" },
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
