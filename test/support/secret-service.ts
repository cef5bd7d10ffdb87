import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needPrograms } from "./packages.ts";

/** Whether a real Secret Service can be started here: gnome-keyring on a session bus of its own. */
export function haveSecretService(): boolean {
  return needPrograms(
    "the system's keyring",
    ["dbus-run-session", "gnome-keyring-daemon", "secret-tool"],
    ["dbus", "gnome-keyring", "libsecret-tools"],
  );
}

export interface SecretService {
  /** What a program needs to find it, and an empty home folder. */
  readonly env: Record<string, string>;
  readonly home: string;
  /** What it holds for a service, as `secret-tool` shows it; empty for nothing. */
  search(service: string): string;
  /** Locks it. Nobody is there to unlock it again: whoever wants something is refused, or waits. */
  lock(): void;
  stop(): Promise<void>;
}

export interface SecretServiceOptions {
  /** Whether a question to unlock it stays on the screen. */
  readonly waitsForPerson?: boolean;
}

/** Starts an unlocked Secret Service that nothing else uses. */
export async function startSecretService(options: SecretServiceOptions = {}): Promise<SecretService> {
  const home = mkdtempSync(join(tmpdir(), "auth0-mcp-keyring-"));
  const services = join(home, ".local", "share", "dbus-1", "services");
  mkdirSync(services, { recursive: true });
  const prompter = options.waitsForPerson === true ? "/bin/sleep 20" : "/bin/false";
  writeFileSync(
    join(services, "org.gnome.keyring.SystemPrompter.service"),
    `[D-BUS Service]\nName=org.gnome.keyring.SystemPrompter\nExec=${prompter}\n`,
  );
  const base = { PATH: "/usr/bin:/bin", HOME: home, XDG_DATA_HOME: join(home, ".local", "share") };
  const script = [
    "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1",
    'echo "$DBUS_SESSION_BUS_ADDRESS"',
    "cat >/dev/null",
  ].join("; ");
  const bus = Bun.spawn(["dbus-run-session", "--", "sh", "-c", script], {
    env: base,
    stdin: "pipe",
    stdout: "pipe",
    stderr: "ignore",
  });
  const reader = bus.stdout.getReader();
  const { value } = await reader.read();
  const address = new TextDecoder().decode(value).trim();
  if (!address.startsWith("unix:")) throw new Error(`no session bus: "${address}"`);
  const env = { HOME: home, DBUS_SESSION_BUS_ADDRESS: address };
  const tool = (...args: string[]) =>
    Bun.spawnSync(["secret-tool", ...args], {
      env: { ...base, ...env },
      stdin: Buffer.from("x"),
      timeout: 2_000,
    });
  await untilOpen(tool);
  return {
    env,
    home,
    search(service) {
      const { stdout, stderr } = tool("search", "--all", "service", service);
      return `${stdout}${stderr}`.trim();
    },
    lock: () => void tool("lock", "--collection=login"),
    async stop() {
      bus.stdin.end();
      await bus.exited;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The daemon answers on the bus before it has opened its keyring; what comes in between is refused. */
async function untilOpen(tool: (...args: string[]) => { readonly success: boolean }): Promise<void> {
  const trial = ["purpose", "trial"];
  for (let turn = 0; turn < 60; turn++) {
    if (tool("store", "--label=trial", ...trial).success) {
      tool("clear", ...trial);
      return;
    }
    await Bun.sleep(50);
  }
  throw new Error("gnome-keyring does not open its keyring");
}
