import { asObject, asString, type JsonObject } from "../../lib/json.ts";
import type { ReadApi, WriteApi } from "../../management/api.ts";
import { type ApiPath, path } from "../../management/path.ts";
import { readAll } from "./pages.ts";

/** The one list of what runs on a trigger. */
export function bindingsPath(trigger: string): ApiPath {
  return path`/actions/triggers/${trigger}/bindings`;
}

/** What runs on a trigger, in the order in which it runs. */
export function readBindings(api: ReadApi, trigger: string): Promise<JsonObject[]> {
  return readAll(api, { path: bindingsPath(trigger), key: "bindings" });
}

export function isBound(bindings: readonly JsonObject[], action: string): boolean {
  return bindings.some((binding) => asObject(binding["action"])?.["id"] === action);
}

/**
 * Binds an action behind everything that is bound already. The API takes only the whole list, so what is there is
 * sent again by its binding, with its name and in its order.
 *
 * @param bindings what is bound now, all of it
 */
export async function appendBinding(
  api: WriteApi,
  trigger: string,
  bindings: readonly JsonObject[],
  action: { readonly id: string; readonly name: string },
): Promise<void> {
  const present = bindings.map((binding) => reference("binding_id", binding["id"], binding["display_name"]));
  const added = reference("action_id", action.id, action.name);
  await api.patch(bindingsPath(trigger), { bindings: [...present, added] });
}

function reference(
  type: string,
  value: JsonObject[string] | undefined,
  name: JsonObject[string] | undefined,
): JsonObject {
  const displayName = asString(name);
  return {
    ref: { type, value: asString(value) ?? "" },
    ...(displayName === undefined ? {} : { display_name: displayName }),
  };
}
