/** The shells for which there is a completion script. */
export const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;

export type Shell = (typeof SHELLS)[number];

/** The script a shell reads to complete the program's command lines. */
export async function completionScript(shell: Shell): Promise<string> {
  switch (shell) {
    case "bash":
      return (await import("./bash.ts")).bashScript;
    case "zsh":
      return (await import("./zsh.ts")).zshScript;
    case "fish":
      return (await import("./fish.ts")).fishScript;
    case "powershell":
      return (await import("./powershell.ts")).powershellScript;
  }
}
