import type { DefinedTool } from "../define.ts";
import { createApplicationGrant } from "./create.ts";
import { listApplicationGrants } from "./list.ts";

export const grantTools: readonly DefinedTool[] = [listApplicationGrants, createApplicationGrant];
