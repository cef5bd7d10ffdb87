import { nextStep } from "../../clients/client.ts";
import type { EntryAddress, Plan } from "../../clients/plan.ts";
import type { AppError } from "../../lib/errors.ts";
import type { JsonObject } from "../../lib/json.ts";
import { ClientsReport } from "../commands/clients-report.ts";
import type { Listing } from "./ask-client.ts";
import type { Checked } from "./self-check.ts";
import type { Shortfall } from "./shortfall.ts";

/** What `--json` prints, filled in as the steps are done. A member is missing where its step was not reached. */
export class Report {
  readonly #facts: JsonObject;
  readonly #clients: ClientsReport;

  constructor(dryRun: boolean, addresses: readonly EntryAddress[]) {
    this.#facts = { dry_run: dryRun };
    this.#clients = new ClientsReport(addresses);
  }

  /** @param session whether a stored session serves, or a new sign-in was or would be made */
  session(domain: string | undefined, session: "kept" | "new"): void {
    Object.assign(this.#facts, { tenant: domain ?? null, session });
  }

  /** @param diff what would change, for a dry run */
  file({ address, file, kind }: Plan, diff?: string): void {
    this.#clients.add(address, { file, change: kind, ...(diff === undefined ? {} : { diff }) });
  }

  /** What a client's entry started, and what its session lacks for the tools. */
  checked(address: EntryAddress, { server, tools }: Checked, shortfall: Shortfall | undefined): void {
    const unusable = shortfall && {
      tools: shortfall.unusable,
      missing_scopes: [...shortfall.missingScopes],
      remedy: shortfall.remedy,
    };
    this.#clients.add(address, { server, tools, unusable: unusable ?? null });
  }

  /** @param listing what the client's own command said; `undefined` when it was not asked */
  listed(address: EntryAddress, listing: Listing | undefined): void {
    this.#clients.add(address, {
      listed: listing === undefined || listing.problem !== undefined ? null : listing.line !== undefined,
      next: nextStep(address.client, address.scope),
    });
  }

  /** Why it stopped. */
  failed(error: AppError): void {
    this.#facts["problem"] = error.message;
    this.#clients.failed(error);
  }

  toJson(): JsonObject {
    return { ...this.#facts, ...this.#clients.toJson() };
  }
}
