import type { DefinedTool } from "../define.ts";
import { createAction } from "./create.ts";
import { deployAction } from "./deploy.ts";
import { getAction } from "./get.ts";
import { listActions } from "./list.ts";
import { updateAction } from "./update.ts";

export const actionTools: readonly DefinedTool[] = [
  listActions,
  getAction,
  createAction,
  updateAction,
  deployAction,
];
