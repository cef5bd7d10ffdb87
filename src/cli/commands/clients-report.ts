import type { EntryAddress } from "../../clients/plan.ts";
import type { AppError } from "../../lib/errors.ts";
import type { JsonObject } from "../../lib/json.ts";

/**
 * What `--json` prints of a command's work on clients, filled in as it is done:
 * `{"clients": [{"id", "name", "scope", …}], "error"?}`, where `name` is the entry's, members of steps that were not
 * reached are missing, and `error` is `{"code", "message", "hint"?}`.
 */
export class ClientsReport {
  readonly #clients = new Map<EntryAddress, JsonObject>();
  #error: JsonObject | undefined;

  constructor(addresses: readonly EntryAddress[]) {
    for (const address of addresses) {
      const { client, scope, name } = address;
      this.#clients.set(address, { id: client.id, name, scope });
    }
  }

  /** Notes what is known of a client by now. */
  add(address: EntryAddress, facts: JsonObject): void {
    const known = this.#clients.get(address);
    if (known !== undefined) Object.assign(known, facts);
  }

  /** Notes why the work stopped. */
  failed({ code, message, hint }: AppError): void {
    this.#error = { code, message, ...(hint === undefined ? {} : { hint }) };
  }

  toJson(): JsonObject {
    return {
      clients: [...this.#clients.values()],
      ...(this.#error === undefined ? {} : { error: this.#error }),
    };
  }
}
