import { AppError } from "../../lib/errors.ts";
import { asString } from "../../lib/json.ts";
import type { ReadApi } from "../../management/api.ts";
import { readList } from "../../management/envelope.ts";
import { path } from "../../management/path.ts";

/**
 * The version of a trigger that the tenant calls current.
 *
 * @throws AppError `invalid_arguments` when it has no such trigger
 */
export async function currentVersion(api: ReadApi, trigger: string): Promise<string> {
  const { items } = readList(await api.get(path`/actions/triggers`), "triggers");
  const current = items.find((item) => item["id"] === trigger && item["status"] === "CURRENT");
  const version = asString(current?.["version"]);
  if (version !== undefined) return version;
  const known = new Set(items.flatMap((item) => asString(item["id"]) ?? []));
  throw new AppError({
    code: "invalid_arguments",
    message: `trigger_id: the tenant has no current version of trigger ${trigger}.`,
    hint: `Its triggers: ${[...known].join(", ")}.`,
  });
}
