import type { DefinedTool } from "../define.ts";
import { createResourceServer } from "./create.ts";
import { getResourceServer } from "./get.ts";
import { listResourceServers } from "./list.ts";
import { updateResourceServer } from "./update.ts";

export const apiTools: readonly DefinedTool[] = [
  listResourceServers,
  getResourceServer,
  createResourceServer,
  updateResourceServer,
];
