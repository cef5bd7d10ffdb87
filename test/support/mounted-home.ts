import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Home, newHome } from "./home.ts";

/** How a namespace for mounts is made and entered, by root and by everybody else. */
const WAYS = [
  { unshare: ["unshare", "--mount"], nsenter: ["nsenter", "--mount"] },
  {
    unshare: ["unshare", "--user", "--map-root-user", "--mount"],
    nsenter: ["nsenter", "--user", "--preserve-credentials", "--mount"],
  },
] as const;

function wayToMount() {
  const programs = ["unshare", "nsenter", "mount"];
  if (programs.some((program) => Bun.which(program) === null)) return undefined;
  return WAYS.find(
    ({ unshare }) => Bun.spawnSync([...unshare, "mount", "-t", "tmpfs", "none", tmpdir()]).success,
  );
}

/** Whether this machine lets its users mount a file system of their own. Says so loudly where it does not. */
export function haveMounts(): boolean {
  if (wayToMount() !== undefined) return true;
  process.stderr.write("\n*** NOT TESTED: a full disk and a read-only home on a mount of their own.\n\n");
  return false;
}

/** A home folder on a small file system of its own, which only processes that are run in it see. */
export interface MountedHome extends Home {
  /** Uses up all room there is. */
  fill(): void;
  /** Gives the room back. */
  free(): void;
  remount(mode: "ro" | "rw"): void;
  stop(): Promise<void>;
}

/** @param size of the file system, in kilobytes */
export async function mountHome(size = 256): Promise<MountedHome> {
  const way = wayToMount();
  if (way === undefined) throw new Error("nothing can be mounted here");
  const folder = mkdtempSync(join(tmpdir(), "auth0-mcp-mount-"));
  const script = `mount -t tmpfs -o size=${size}k,mode=700 none "$1" && echo mounted && exec cat`;
  const holder = Bun.spawn([...way.unshare, "sh", "-c", script, "sh", folder], {
    stdin: "pipe",
    stdout: "pipe",
  });
  await holder.stdout.getReader().read();
  const through = [...way.nsenter, "--target", String(holder.pid), "--"];
  const view = `/proc/${holder.pid}/root${folder}`;
  const filler = join(view, "filler");
  return {
    ...newHome({ folder, view, through }),
    fill() {
      const { bavail, bsize } = statfsSync(view);
      writeFileSync(filler, new Uint8Array(bavail * bsize));
    },
    free: () => rmSync(filler),
    remount(mode) {
      const { success } = Bun.spawnSync([...through, "mount", "-o", `remount,bind,${mode}`, folder]);
      if (!success) throw new Error(`${folder} cannot be made ${mode}`);
    },
    async stop() {
      holder.stdin.end();
      await holder.exited;
      rmSync(folder, { recursive: true });
    },
  };
}
