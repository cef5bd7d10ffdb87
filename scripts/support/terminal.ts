import { needPrograms } from "./packages.ts";

/** Whether a real pseudo-terminal can be had here. */
export function haveTerminal(): boolean {
  return needPrograms("what happens on a terminal", ["tmux"], ["tmux"]);
}

export interface Terminal {
  /** Keys by tmux's names: `Enter`, `Down`, `Space`, `C-c`, or text. */
  press(...keys: readonly string[]): void;
  /** Everything the terminal shows, without trailing blanks. */
  screen(): string;
  /** Everything it has shown so far, with colours as escape sequences, and lines that were too wide for it in one piece. */
  transcript(): string;
  /** Waits until the screen matches, and returns it. Throws with the screen when it never does. */
  waitFor(pattern: RegExp): Promise<string>;
  /** Makes it wider or narrower. */
  resize(columns: number): void;
  close(): void;
}

/** Runs a command in a pseudo-terminal of its own; when it has ended its exit code is shown as `ended with N`. */
export function openTerminal(
  command: readonly string[],
  env: Record<string, string>,
  columns = 100,
): Terminal {
  const socket = `auth0-mcp-${crypto.randomUUID()}`;
  const tmux = (...args: readonly string[]) =>
    Bun.spawnSync(["tmux", "-L", socket, "-f", "/dev/null", ...args], {
      env: { PATH: "/usr/bin:/bin", HOME: "/tmp", LANG: "C.UTF-8", TERM: "xterm-256color" },
      stderr: "pipe",
    });
  const assignments = Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}`);
  // The shell outlives the Ctrl+C that its command gets.
  const line = `trap : INT; env -i TERM=xterm-256color ${assignments.join(" ")} ${command.map(quoted).join(" ")}; echo "ended with $?"; stty -a | tr ' ' '\\n' | grep -x -e echo -e icanon; sleep 60`;
  tmux("new-session", "-d", "-x", String(columns), "-y", "40", "sh", "-c", line);
  const screen = () => tmux("capture-pane", "-p").stdout.toString().trimEnd();
  return {
    press: (...keys) => void tmux("send-keys", "--", ...keys),
    screen,
    transcript: () => tmux("capture-pane", "-p", "-e", "-J", "-S", "-").stdout.toString().trimEnd(),
    async waitFor(pattern) {
      for (let turn = 0; turn < 200; turn++) {
        const shown = screen();
        if (pattern.test(shown)) return shown;
        await Bun.sleep(50);
      }
      throw new Error(`never shown: ${pattern}\n${screen()}`);
    },
    resize: (wanted) => void tmux("resize-window", "-x", String(wanted)),
    close: () => void tmux("kill-server"),
  };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
