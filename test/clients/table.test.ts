import { describe, expect, test } from "bun:test";
import { nextStep } from "../../src/clients/client.ts";
import { entryFields } from "../../src/clients/entry.ts";
import { isInstalled } from "../../src/clients/installed.ts";
import { candidateFiles, findClient } from "../../src/clients/locate.ts";
import type { Machine } from "../../src/clients/machine.ts";
import { clients } from "../../src/clients/table.ts";
import { AppError } from "../../src/lib/errors.ts";
import { launch } from "./support.ts";

interface Invented {
  readonly environment?: Record<string, string>;
  /** Paths that exist. */
  readonly paths?: readonly string[];
  readonly entries?: Record<string, readonly string[]>;
}

const HOMES = { linux: "/home/ann", darwin: "/Users/ann", win32: "C:\\Users\\ann" } as const;

function machineOf(
  platform: keyof typeof HOMES,
  { environment = {}, paths = [], entries = {} }: Invented = {},
): Machine {
  return {
    platform,
    environment,
    home: HOMES[platform],
    user: 1000,
    exists: (path) => paths.includes(path),
    entries: (folder) => entries[folder] ?? [],
  };
}

const windows = {
  environment: {
    APPDATA: "C:\\Users\\ann\\AppData\\Roaming",
    LOCALAPPDATA: "C:\\Users\\ann\\AppData\\Local",
  },
};

const first = (id: string, machine: Machine) => candidateFiles(findClient(id), "user", "/p", machine)[0];

describe("the user's file on each system", () => {
  const files: readonly (readonly [id: string, linux: string, darwin: string, win32: string])[] = [
    [
      "claude-desktop",
      ".config/Claude/claude_desktop_config.json",
      "Library/Application Support/Claude/claude_desktop_config.json",
      "AppData\\Roaming\\Claude\\claude_desktop_config.json",
    ],
    ["claude-code", ".claude.json", ".claude.json", ".claude.json"],
    ["cursor", ".cursor/mcp.json", ".cursor/mcp.json", ".cursor\\mcp.json"],
    [
      "windsurf",
      ".codeium/windsurf/mcp_config.json",
      ".codeium/windsurf/mcp_config.json",
      ".codeium\\windsurf\\mcp_config.json",
    ],
    [
      "vscode",
      ".config/Code/User/mcp.json",
      "Library/Application Support/Code/User/mcp.json",
      "AppData\\Roaming\\Code\\User\\mcp.json",
    ],
    ["gemini", ".gemini/settings.json", ".gemini/settings.json", ".gemini\\settings.json"],
    ["codex", ".codex/config.toml", ".codex/config.toml", ".codex\\config.toml"],
    ["zed", ".config/zed/settings.json", ".config/zed/settings.json", "AppData\\Roaming\\Zed\\settings.json"],
    [
      "cline",
      ".cline/data/settings/cline_mcp_settings.json",
      ".cline/data/settings/cline_mcp_settings.json",
      ".cline\\data\\settings\\cline_mcp_settings.json",
    ],
    [
      "roo",
      ".config/Code/User/globalStorage/rooveterinaryinc.roo-cline/settings/mcp_settings.json",
      "Library/Application Support/Code/User/globalStorage/rooveterinaryinc.roo-cline/settings/mcp_settings.json",
      "AppData\\Roaming\\Code\\User\\globalStorage\\rooveterinaryinc.roo-cline\\settings\\mcp_settings.json",
    ],
    ["continue", ".continue/config.yaml", ".continue/config.yaml", ".continue\\config.yaml"],
    [
      "opencode",
      ".config/opencode/opencode.json",
      ".config/opencode/opencode.json",
      ".config\\opencode\\opencode.json",
    ],
    ["junie", ".junie/mcp/mcp.json", ".junie/mcp/mcp.json", ".junie\\mcp\\mcp.json"],
    ["kiro", ".kiro/settings/mcp.json", ".kiro/settings/mcp.json", ".kiro\\settings\\mcp.json"],
    ["warp", ".warp/.mcp.json", ".warp/.mcp.json", ".warp\\.mcp.json"],
    [
      "goose",
      ".config/goose/config.yaml",
      ".config/goose/config.yaml",
      "AppData\\Roaming\\Block\\goose\\config\\config.yaml",
    ],
    ["lm-studio", ".lmstudio/mcp.json", ".lmstudio/mcp.json", ".lmstudio\\mcp.json"],
  ];

  test.each(files)("%s", (id, linux, darwin, win32) => {
    expect(first(id, machineOf("linux"))).toBe(`/home/ann/${linux}`);
    expect(first(id, machineOf("darwin"))).toBe(`/Users/ann/${darwin}`);
    expect(first(id, machineOf("win32", windows))).toBe(`C:\\Users\\ann\\${win32}`);
    // Also where the variables that lead there are missing.
    expect(first(id, machineOf("win32"))).toBe(`C:\\Users\\ann\\${win32}`);
  });

  test("no client is missing here", () => {
    expect(files.map(([id]) => id)).toEqual(clients.map(({ id }) => id));
  });
});

describe("the clients' own variables are obeyed", () => {
  const named: readonly (readonly [id: string, variable: string, value: string, file: string])[] = [
    ["claude-desktop", "XDG_CONFIG_HOME", "/x", "/x/Claude/claude_desktop_config.json"],
    ["claude-code", "CLAUDE_CONFIG_DIR", "/x", "/x/.claude.json"],
    ["codex", "CODEX_HOME", "/x", "/x/config.toml"],
    ["gemini", "GEMINI_CLI_HOME", "/x", "/x/.gemini/settings.json"],
    ["vscode", "XDG_CONFIG_HOME", "/x", "/x/Code/User/mcp.json"],
    ["zed", "XDG_CONFIG_HOME", "/x", "/x/zed/settings.json"],
    ["opencode", "XDG_CONFIG_HOME", "/x", "/x/opencode/opencode.json"],
    ["goose", "XDG_CONFIG_HOME", "/x", "/x/goose/config.yaml"],
    ["goose", "GOOSE_PATH_ROOT", "/x", "/x/config/config.yaml"],
    ["continue", "CONTINUE_GLOBAL_DIR", "/x", "/x/config.yaml"],
    ["cline", "CLINE_MCP_SETTINGS_PATH", "/x/my.json", "/x/my.json"],
    ["cline", "CLINE_DATA_DIR", "/x", "/x/settings/cline_mcp_settings.json"],
    ["cline", "CLINE_DIR", "/x", "/x/data/settings/cline_mcp_settings.json"],
  ];
  test.each(named)("%s: %s", (id, variable, value, file) => {
    expect(first(id, machineOf("linux", { environment: { [variable]: value } }))).toBe(file);
    const plain = first(id, machineOf("linux"));
    expect(first(id, machineOf("linux", { environment: { [variable]: "relative" } }))).toBe(plain);
    expect(first(id, machineOf("linux", { environment: { [variable]: "" } }))).toBe(plain);
  });

  test("Cline: the file beats the data folder, which beats the base folder", () => {
    const environment = { CLINE_DIR: "/c", CLINE_DATA_DIR: "/d", CLINE_MCP_SETTINGS_PATH: "/s.json" };
    expect(first("cline", machineOf("linux", { environment }))).toBe("/s.json");
    expect(
      first("cline", machineOf("linux", { environment: { ...environment, CLINE_MCP_SETTINGS_PATH: "" } })),
    ).toBe("/d/settings/cline_mcp_settings.json");
  });

  test("Zed on macOS stays below ~/.config", () => {
    const machine = machineOf("darwin", { environment: { XDG_CONFIG_HOME: "/x" } });
    expect(first("zed", machine)).toBe("/Users/ann/.config/zed/settings.json");
  });
});

describe("several candidates", () => {
  test("the packaged Claude Desktop has a folder of its own", () => {
    const packages = "C:\\Users\\ann\\AppData\\Local\\Packages";
    const machine = machineOf("win32", {
      ...windows,
      entries: { [packages]: ["Other_x", "Claude_pzs8sxrjxfjjc"] },
    });
    expect(candidateFiles(findClient("claude"), "user", "C:\\p", machine)).toEqual([
      `${packages}\\Claude_pzs8sxrjxfjjc\\LocalCache\\Roaming\\Claude\\claude_desktop_config.json`,
      "C:\\Users\\ann\\AppData\\Roaming\\Claude\\claude_desktop_config.json",
    ]);
  });

  test("a config.yaml is not put beside Continue's config.json, which it would hide", () => {
    const old = "/home/ann/.continue/config.json";
    expect(first("continue", machineOf("linux", { paths: [old] }))).toBe(
      "/home/ann/.continue/mcpServers/auth0.yaml",
    );
    const both = [old, "/home/ann/.continue/config.yaml"];
    expect(first("continue", machineOf("linux", { paths: both }))).toBe("/home/ann/.continue/config.yaml");
  });

  test("LM Studio keeps the folder it has", () => {
    const machine = machineOf("linux", { paths: ["/home/ann/.cache/lm-studio"] });
    expect(first("lm-studio", machine)).toBe("/home/ann/.cache/lm-studio/mcp.json");
  });
});

describe("projects", () => {
  const expected: Record<string, string | undefined> = {
    "claude-code": ".mcp.json",
    cursor: ".cursor/mcp.json",
    vscode: ".vscode/mcp.json",
    gemini: ".gemini/settings.json",
    codex: ".codex/config.toml",
    zed: ".zed/settings.json",
    roo: ".roo/mcp.json",
    continue: ".continue/mcpServers/auth0.yaml",
    opencode: "opencode.json",
    junie: ".junie/mcp/mcp.json",
    kiro: ".kiro/settings/mcp.json",
    warp: ".warp/.mcp.json",
  };
  test.each(clients.map(({ id }) => id))("%s", (id) => {
    const [file] = candidateFiles(findClient(id), "project", "/p", machineOf("linux"));
    expect(file).toBe(expected[id] && `/p/${expected[id]}`);
    const [onWindows] = candidateFiles(findClient(id), "project", "C:\\p", machineOf("win32"));
    expect(onWindows).toBe(expected[id] && `C:\\p\\${expected[id].replaceAll("/", "\\")}`);
  });
});

describe("rows", () => {
  test("ids are names for a command line, and no alias is taken twice", () => {
    const names = clients.flatMap(({ id, alias }) => (alias === undefined ? [id] : [id, alias]));
    expect(names.filter((name) => !/^[a-z]+(-[a-z]+)*$/.test(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
    expect(findClient("claude").id).toBe("claude-desktop");
  });

  test("an unknown id is a wrong usage that names the near ones", () => {
    expect(() => findClient("claude-cod")).toThrow(AppError);
    expect(() => findClient("curser")).toThrow('There is no client "curser"');
    try {
      findClient("curser");
    } catch (error) {
      expect(error).toMatchObject({ exit: 2, hint: "Did you mean cursor?" });
    }
  });

  test("what a person does next is a sentence", () => {
    const sentences = clients.flatMap((client) => [nextStep(client, "user"), nextStep(client, "project")]);
    expect(sentences.filter((sentence) => !/^[A-Z].*\.$/.test(sentence))).toEqual([]);
  });

  test("in a project it is said what the client asks for there", () => {
    const inProject = (id: string) => nextStep(findClient(id), "project");
    for (const id of ["codex", "gemini", "vscode", "zed"]) expect(inProject(id)).toMatch(/trust/i);
    expect(inProject("claude-code")).toContain("approve");
    expect(nextStep(findClient("codex"), "user")).not.toMatch(/trust/i);
    const without = clients.filter(
      ({ files, nextInProject }) => files.project === undefined && nextInProject,
    );
    expect(without.map(({ id }) => id)).toEqual([]);
  });

  test("a client is found by its traces: folder or PATH", async () => {
    const cursor = findClient("cursor");
    expect(await isInstalled(cursor, machineOf("linux"))).toBe(false);
    expect(await isInstalled(cursor, machineOf("linux", { paths: ["/home/ann/.cursor"] }))).toBe(true);
    const environment = { PATH: "relative:/usr/bin:/opt/bin" };
    const onPath = (...paths: string[]) => isInstalled(cursor, machineOf("linux", { environment, paths }));
    expect(await onPath("/opt/bin/cursor")).toBe(true);
    expect(await onPath("relative/cursor")).toBe(false);
    const onWindows = { environment: { Path: "C:\\a;C:\\b" }, paths: ["C:\\b\\cursor.cmd"] };
    expect(await isInstalled(cursor, machineOf("win32", onWindows))).toBe(true);
  });

  test("Claude Code's traces are where its variable says", async () => {
    const claude = findClient("claude-code");
    const environment = { CLAUDE_CONFIG_DIR: "/x" };
    const foundBy = (path: string) => isInstalled(claude, machineOf("linux", { environment, paths: [path] }));
    expect(await foundBy("/x/.claude.json")).toBe(true);
    expect(await foundBy("/x")).toBe(true);
    expect(await foundBy("/home/ann/.claude")).toBe(false);
    expect(await isInstalled(claude, machineOf("linux", { paths: ["/home/ann/.claude"] }))).toBe(true);
  });

  test("no entry holds a key twice or an empty one", () => {
    for (const { shape } of clients) {
      const fields = entryFields(shape, "auth0", launch, undefined, []);
      expect(Object.values(fields).filter((value) => value === undefined || value === "")).toEqual([]);
    }
  });
});
