import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needPrograms } from "./packages.ts";

/** Whether a real Secret Service can be started here: gnome-keyring on a session bus of its own. */
export function haveSecretService(): boolean {
  return needPrograms(
    "the system's keyring",
    ["dbus-run-session", "dbus-send", "gnome-keyring-daemon", "secret-tool"],
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
  /** Halts the keyring's own process, or that of the bus: whatever it is asked, it does not answer until `thaw`. */
  freeze(part: "keyring" | "bus"): void;
  thaw(): void;
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
  const startedOnDemand = {
    "org.gnome.keyring.SystemPrompter": prompter,
    // The bus would start a second, locked one for whoever asks before the first has taken its name.
    "org.freedesktop.secrets": "/bin/false",
  };
  for (const [name, program] of Object.entries(startedOnDemand)) {
    writeFileSync(join(services, `${name}.service`), `[D-BUS Service]\nName=${name}\nExec=${program}\n`);
  }
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
  const processes = {
    keyring: processOf("org.freedesktop.secrets", { ...base, ...env }),
    bus: processOf("org.freedesktop.DBus", { ...base, ...env }),
  };
  const frozen = new Set<number>();
  const thaw = () => {
    for (const id of frozen) process.kill(id, "SIGCONT");
    frozen.clear();
  };
  return {
    env,
    home,
    search(service) {
      const { stdout, stderr } = tool("search", "--all", "service", service);
      return `${stdout}${stderr}`.trim();
    },
    lock: () => void tool("lock", "--collection=login"),
    freeze(part) {
      process.kill(processes[part], "SIGSTOP");
      frozen.add(processes[part]);
    },
    thaw,
    async stop() {
      thaw();
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

/** The process behind a name on the session bus. */
function processOf(name: string, env: Record<string, string>): number {
  const call = "org.freedesktop.DBus.GetConnectionUnixProcessID";
  const flags = ["--session", "--print-reply=literal", "--dest=org.freedesktop.DBus"];
  const { stdout } = Bun.spawnSync(["dbus-send", ...flags, "/", call, `string:${name}`], { env });
  const [id] = /\d+$/.exec(stdout.toString().trim()) ?? [];
  if (id === undefined) throw new Error(`nobody on the session bus is ${name}`);
  return Number(id);
}
