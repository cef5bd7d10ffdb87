import type { DefinedTool } from "../define.ts";
import { getLog } from "./get.ts";
import { listLogs } from "./list.ts";

export const logTools: readonly DefinedTool[] = [listLogs, getLog];
