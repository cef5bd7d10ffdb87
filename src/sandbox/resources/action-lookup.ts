import { ApiFault } from "../fault.ts";
import type { TenantState } from "../state.ts";
import type { ActionRecord, ActionVersion } from "./action-records.ts";

/** The action of that id. Throws the API's 404. */
export function findAction(state: TenantState, id: string | undefined): ActionRecord {
  const record = id === undefined ? undefined : state.actions.get(id);
  if (!record) throw new ApiFault(404, "That action does not exist.");
  return record;
}

/** The action of that name. Throws the API's 404. */
export function findActionByName(state: TenantState, name: string): ActionRecord {
  return findAction(state, [...state.actions.values()].find((record) => record.name === name)?.id);
}

/** The version of that id. Throws a 404 whose words follow the one for actions, as none has been recorded. */
export function findVersion(record: ActionRecord, id: string | undefined): ActionVersion {
  const version = record.versions.find((item) => item.id === id);
  if (!version) throw new ApiFault(404, "That action version does not exist.");
  return version;
}
