/**
 * Names that widespread MCP clients give themselves in `clientInfo.name`. Of a name that merely begins with one of these
 * only the beginning is told: some clients add what the person called the server.
 */
const KNOWN = [
  "amp-mcp-client",
  "antigravity-client",
  "claude-ai",
  "claude-code",
  "Cline",
  "Codex",
  "codex-mcp-client",
  "continue-cli-client",
  "continue-client",
  "crush",
  "cursor-vscode",
  "factory-cli",
  "gemini-cli-mcp-client",
  "github-copilot-developer",
  "goose",
  "JetBrains",
  "Kilo-Code",
  "opencode",
  "Q-DEV-CLI",
  "Roo-Code",
  "Visual Studio Code",
  "Visual-Studio-Code",
  "Windsurf",
  "windsurf-client",
  "Xcode-copilot-xcode",
  "Zed",
] as const;

/** For a client that is not known: its name could be a person's, a company's or a tenant's. */
const OTHER = "other";

/** The known name that a client's own name is or begins with, in any case; `other` where there is none. */
export function knownClient(name: string | undefined): string {
  const asked = (name ?? "").toLowerCase();
  const fitting = KNOWN.filter((known) => {
    const lower = known.toLowerCase();
    return asked === lower || (asked.startsWith(lower) && /^[ -]/.test(asked.slice(lower.length)));
  });
  return fitting.toSorted((a, b) => b.length - a.length)[0] ?? OTHER;
}
