import type { JsonObject } from "../../lib/json.ts";

/** Times in these records are milliseconds since the epoch. */
export interface ActionSecret {
  readonly name: string;
  /** Kept to be as stateful as the API; no answer ever carries it. */
  readonly value: string;
  readonly updatedAt: number;
}

export interface ActionTrigger {
  readonly id: string;
  readonly version: string;
}

/** Everything a save of an action fixes. A draft holds one, and each version made from it holds the same one. */
export interface ActionContent {
  readonly code: string;
  /** `{name, version, registry_url?}` as they were sent. */
  readonly dependencies: readonly JsonObject[];
  readonly runtime: string;
  readonly secrets: readonly ActionSecret[];
  readonly trigger: ActionTrigger;
}

/** Content on its way through a build, whose progress follows from the time alone. */
export interface ActionBuild {
  readonly content: ActionContent;
  readonly startedAt: number;
  /** What the build will complain about: `{id, msg, url}`. Empty when it will succeed. */
  readonly problems: readonly JsonObject[];
}

export interface ActionVersion {
  readonly id: string;
  readonly number: number;
  readonly build: ActionBuild;
  readonly createdAt: number;
  /** From this moment the version is the one that runs, until a later one is. */
  readonly deployedAt: number;
}

export interface ActionRecord {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  /** When the action itself was changed; saving a draft does not count. */
  readonly updatedAt: number;
  readonly draft: ActionBuild;
  /** Oldest first. */
  readonly versions: readonly ActionVersion[];
}

export interface BindingRecord {
  readonly id: string;
  readonly actionId: string;
  readonly displayName: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}
