import type { Shape } from "./entry.ts";
import {
  claudeFolders,
  clineFiles,
  codeStorage,
  codeUser,
  codexFolder,
  continueFiles,
  continueFolder,
  geminiFolder,
  gooseFolder,
  home,
  lmStudioFiles,
  opencodeFolder,
  zedFolder,
} from "./folders.ts";
import { type Layout, opencodeLayout, under, warpLayout } from "./layout.ts";
import { folderFrom, inHome, join, type Machine } from "./machine.ts";

export type Scope = "user" | "project";
export type Format = "json" | "toml" | "yaml";

/** One MCP client. */
export interface McpClient {
  readonly id: string;
  readonly alias?: string;
  /** As its makers write it. */
  readonly name: string;
  readonly format: Format;
  /** Files that may hold its entries, in the order in which a new one would be made. */
  readonly files: {
    readonly user: (machine: Machine) => readonly string[];
    /** Relative to the project's folder, with `/`. */
    readonly project?: readonly string[];
  };
  readonly layout: Layout;
  readonly shape: Shape;
  /** What a file must hold beside entries, for the client to take it. */
  readonly preamble?: string;
  /** Traces of an installation: paths, and commands on the PATH. */
  readonly traces: {
    readonly paths: (machine: Machine) => readonly string[];
    readonly commands: readonly string[];
  };
  /**
   * What its servers see of its environment: everything, everything but what sounds secret, or no more than the home
   * folder, the PATH and the like. Where that is not known, the least.
   */
  readonly environment: "all" | "no-secrets" | "essentials";
  /** The command with which it lists its servers. */
  readonly listing?: readonly string[];
  /** What the person does next, one sentence. */
  readonly next: string;
}

/** Every client that can be configured. Adding one is adding a row. */
export const clients: readonly McpClient[] = [
  {
    id: "claude-desktop",
    alias: "claude",
    name: "Claude Desktop",
    format: "json",
    files: {
      user: (machine) =>
        claudeFolders(machine).map((folder) => join(machine, folder, "claude_desktop_config.json")),
    },
    layout: under("mcpServers"),
    shape: "plain",
    traces: {
      paths: (machine) => [...claudeFolders(machine), "/Applications/Claude.app"],
      commands: ["claude-desktop"],
    },
    environment: "essentials",
    next: "Quit Claude Desktop and start it again.",
  },
  {
    id: "claude-code",
    name: "Claude Code",
    format: "json",
    files: {
      user: (machine) => [
        join(machine, folderFrom(machine, "CLAUDE_CONFIG_DIR") ?? machine.home, ".claude.json"),
      ],
      project: [".mcp.json"],
    },
    layout: under("mcpServers"),
    shape: "stdio",
    traces: {
      paths: (machine) => [inHome(machine, ".claude.json"), inHome(machine, ".claude")],
      commands: ["claude"],
    },
    environment: "all",
    listing: ["claude", "mcp", "list"],
    next: "Start a new Claude Code session; /mcp shows the server.",
  },
  {
    id: "cursor",
    name: "Cursor",
    format: "json",
    files: { user: home(".cursor", "mcp.json"), project: [".cursor/mcp.json"] },
    layout: under("mcpServers"),
    shape: "plain",
    traces: { paths: home(".cursor"), commands: ["cursor", "cursor-agent"] },
    environment: "essentials",
    next: "Open Cursor's settings under MCP, and switch the server on if it is off.",
  },
  {
    id: "windsurf",
    name: "Windsurf",
    format: "json",
    files: { user: home(".codeium", "windsurf", "mcp_config.json") },
    layout: under("mcpServers"),
    shape: "plain",
    traces: { paths: home(".codeium", "windsurf"), commands: ["windsurf"] },
    environment: "essentials",
    next: "Press Refresh in Windsurf's MCP settings, or start it again.",
  },
  {
    id: "vscode",
    name: "VS Code",
    format: "json",
    files: { user: (machine) => [codeUser(machine, "mcp.json")], project: [".vscode/mcp.json"] },
    layout: under("servers"),
    shape: "stdio",
    traces: { paths: (machine) => [codeUser(machine)], commands: ["code"] },
    environment: "all",
    next: "Run the command MCP: List Servers in VS Code, and start the server.",
  },
  {
    id: "gemini",
    name: "Gemini CLI",
    format: "json",
    files: {
      user: (machine) => [join(machine, geminiFolder(machine), "settings.json")],
      project: [".gemini/settings.json"],
    },
    layout: under("mcpServers"),
    shape: "plain",
    traces: { paths: (machine) => [geminiFolder(machine)], commands: ["gemini"] },
    environment: "no-secrets",
    listing: ["gemini", "mcp", "list"],
    next: "Start a new Gemini CLI session in a trusted folder; /mcp shows the server.",
  },
  {
    id: "codex",
    name: "Codex",
    format: "toml",
    files: {
      user: (machine) => [join(machine, codexFolder(machine), "config.toml")],
      project: [".codex/config.toml"],
    },
    layout: under("mcp_servers"),
    shape: "codex",
    traces: { paths: (machine) => [codexFolder(machine)], commands: ["codex"] },
    environment: "essentials",
    listing: ["codex", "mcp", "list"],
    next: "Start a new Codex session; /mcp shows the server.",
  },
  {
    id: "zed",
    name: "Zed",
    format: "json",
    files: {
      user: (machine) => [join(machine, zedFolder(machine), "settings.json")],
      project: [".zed/settings.json"],
    },
    layout: under("context_servers"),
    shape: "plain",
    traces: { paths: (machine) => [zedFolder(machine)], commands: ["zed", "zeditor"] },
    environment: "all",
    next: "Open Zed's agent panel settings; the server's dot turns green.",
  },
  {
    id: "cline",
    name: "Cline",
    format: "json",
    files: { user: clineFiles },
    layout: under("mcpServers"),
    shape: "plain",
    traces: {
      paths: (machine) => [inHome(machine, ".cline"), codeStorage(machine, "saoudrizwan.claude-dev")],
      commands: ["cline"],
    },
    environment: "essentials",
    next: "Open Cline's MCP servers view; the server appears by itself.",
  },
  {
    id: "roo",
    name: "Roo Code",
    format: "json",
    files: {
      user: (machine) => [
        codeStorage(machine, "rooveterinaryinc.roo-cline", "settings", "mcp_settings.json"),
      ],
      project: [".roo/mcp.json"],
    },
    layout: under("mcpServers"),
    shape: "plain",
    traces: { paths: (machine) => [codeStorage(machine, "rooveterinaryinc.roo-cline")], commands: [] },
    environment: "essentials",
    next: "Open Roo Code's MCP servers view, and press Refresh.",
  },
  {
    id: "continue",
    name: "Continue",
    format: "yaml",
    files: { user: continueFiles, project: [".continue/mcpServers/auth0.yaml"] },
    layout: under("mcpServers", { list: true }),
    shape: "plain",
    preamble: "name: Local Assistant\nversion: 1.0.0\nschema: v1\n",
    traces: {
      paths: (machine) => [continueFolder(machine)],
      commands: ["cn"],
    },
    environment: "essentials",
    next: "Reload Continue; the server is used in agent mode.",
  },
  {
    id: "opencode",
    name: "opencode",
    format: "json",
    files: {
      user: (machine) =>
        ["opencode.json", "opencode.jsonc"].map((file) => join(machine, opencodeFolder(machine), file)),
      project: ["opencode.json", "opencode.jsonc", ".opencode/opencode.json", ".opencode/opencode.jsonc"],
    },
    layout: opencodeLayout,
    shape: "local",
    traces: { paths: (machine) => [opencodeFolder(machine)], commands: ["opencode"] },
    environment: "all",
    listing: ["opencode", "mcp", "list"],
    next: "Start opencode again.",
  },
  {
    id: "junie",
    name: "Junie",
    format: "json",
    files: { user: home(".junie", "mcp", "mcp.json"), project: [".junie/mcp/mcp.json"] },
    layout: under("mcpServers"),
    shape: "plain",
    traces: { paths: home(".junie"), commands: ["junie"] },
    environment: "essentials",
    next: "Open Junie's MCP settings in the IDE; the server is listed there.",
  },
  {
    id: "kiro",
    name: "Kiro",
    format: "json",
    files: { user: home(".kiro", "settings", "mcp.json"), project: [".kiro/settings/mcp.json"] },
    layout: under("mcpServers"),
    shape: "plain",
    traces: { paths: home(".kiro"), commands: ["kiro", "kiro-cli"] },
    environment: "essentials",
    next: "Open Kiro's MCP servers panel, or start kiro-cli again.",
  },
  {
    id: "warp",
    name: "Warp",
    format: "json",
    files: { user: home(".warp", ".mcp.json"), project: [".warp/.mcp.json"] },
    layout: warpLayout,
    shape: "plain",
    traces: {
      paths: (machine) => [inHome(machine, ".warp"), "/Applications/Warp.app"],
      commands: ["warp-terminal"],
    },
    environment: "essentials",
    next: "Open Warp's settings under MCP servers, and start the server.",
  },
  {
    id: "goose",
    name: "goose",
    format: "yaml",
    files: { user: (machine) => [join(machine, gooseFolder(machine), "config.yaml")] },
    layout: under("extensions"),
    shape: "goose",
    traces: { paths: (machine) => [gooseFolder(machine)], commands: ["goose"] },
    environment: "all",
    next: "Start a new goose session.",
  },
  {
    id: "lm-studio",
    name: "LM Studio",
    format: "json",
    files: {
      user: lmStudioFiles,
    },
    layout: under("mcpServers"),
    shape: "plain",
    traces: {
      paths: (machine) => [inHome(machine, ".lmstudio"), inHome(machine, ".cache", "lm-studio")],
      commands: ["lms"],
    },
    environment: "essentials",
    next: "Open LM Studio's Program tab; the server can be switched on in a chat.",
  },
];
