import type { DefinedTool } from "../define.ts";
import { createApplication } from "./create.ts";
import { getApplication } from "./get.ts";
import { listApplications } from "./list.ts";
import { updateApplication } from "./update.ts";

export const applicationTools: readonly DefinedTool[] = [
  listApplications,
  getApplication,
  createApplication,
  updateApplication,
];
