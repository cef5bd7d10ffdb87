import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyEdit } from "../../src/clients/apply.ts";
import type { Launch } from "../../src/clients/entry.ts";
import { findClient } from "../../src/clients/locate.ts";
import { type Machine, thisMachine } from "../../src/clients/machine.ts";
import {
  type EntryAddress,
  type Plan,
  planEntry,
  planRemoval,
  type Workshop,
} from "../../src/clients/plan.ts";
import type { Clock } from "../../src/lib/clock.ts";

export const launch: Launch = { command: "/opt/auth0-mcp", args: ["run", "--read-only"] };

/** A clock on which no time passes but in sleeps, which are over at once. */
export function idleClock(): Clock {
  let now = 0;
  return {
    now: () => now,
    async sleep(milliseconds) {
      now += milliseconds;
      await Bun.sleep(0);
    },
  };
}

/** A throw-away home folder on a Linux machine. */
export class Home implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "auth0-mcp-clients-"));
  readonly machine: Machine;
  readonly workshop: Workshop;

  constructor(environment: Record<string, string> = {}) {
    this.machine = thisMachine({ HOME: this.path, ...environment }, "linux");
    this.workshop = { machine: this.machine, clock: idleClock() };
  }

  file(...parts: string[]): string {
    return join(this.path, ...parts);
  }

  /** A file's content, byte order mark included; `undefined` for none. */
  read(path: string): string | undefined {
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  }

  /** Names in a folder, without those of our own state. */
  names(folder = this.path): string[] {
    return readdirSync(folder).filter((name) => name !== ".local");
  }

  address(id: string, more: Partial<EntryAddress> = {}): EntryAddress {
    return { client: findClient(id), scope: "user", project: this.path, name: "auth0", ...more };
  }

  async add(id: string, more: Partial<EntryAddress> = {}, started: Launch = launch): Promise<Plan> {
    const plan = await planEntry(this.address(id, more), started, this.workshop);
    await applyEdit(plan, this.workshop);
    return plan;
  }

  async remove(id: string, more: Partial<EntryAddress> = {}): Promise<Plan> {
    const plan = await planRemoval(this.address(id, more), this.workshop);
    await applyEdit(plan, this.workshop);
    return plan;
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
