import type { EntryAddress, Plan } from "../../clients/plan.ts";
import type { JsonObject } from "../../lib/json.ts";
import type { Listing } from "./ask-client.ts";
import type { Checked } from "./self-check.ts";

/** What `--json` prints, filled in as the steps are done. A member is missing where its step was not reached. */
export class Report {
  readonly #facts: JsonObject;
  readonly #clients = new Map<EntryAddress, JsonObject>();

  constructor(dryRun: boolean, addresses: readonly EntryAddress[]) {
    this.#facts = { dry_run: dryRun };
    for (const address of addresses) {
      const { client, scope, name } = address;
      this.#clients.set(address, { id: client.id, name, scope });
    }
  }

  /** @param session whether a stored session serves, or a new sign-in was or would be made */
  session(domain: string | undefined, session: "kept" | "new"): void {
    Object.assign(this.#facts, { tenant: domain ?? null, session });
  }

  /** @param diff what would change, for a dry run */
  file({ address, file, kind }: Plan, diff?: string): void {
    this.#add(address, { file, change: kind, ...(diff === undefined ? {} : { diff }) });
  }

  checked(address: EntryAddress, { server, tools }: Checked): void {
    this.#add(address, { server, tools });
  }

  /** @param listing what the client's own command said; `undefined` when it was not asked */
  listed(address: EntryAddress, listing: Listing | undefined): void {
    this.#add(address, {
      listed: listing === undefined || listing.problem !== undefined ? null : listing.line !== undefined,
      next: address.client.next,
    });
  }

  problem(message: string): void {
    this.#facts["problem"] = message;
  }

  toJson(): JsonObject {
    return { ...this.#facts, clients: [...this.#clients.values()] };
  }

  #add(address: EntryAddress, facts: JsonObject): void {
    const known = this.#clients.get(address);
    if (known !== undefined) Object.assign(known, facts);
  }
}
