import { actionTools } from "./actions/index.ts";
import { apiTools } from "./apis/index.ts";
import { applicationTools } from "./applications/index.ts";
import type { DefinedTool } from "./define.ts";
import { formTools } from "./forms/index.ts";
import { grantTools } from "./grants/index.ts";
import { logTools } from "./logs/index.ts";

/** Every tool there is, in the order in which a client lists them. */
export const registry: readonly DefinedTool[] = [
  ...applicationTools,
  ...apiTools,
  ...grantTools,
  ...actionTools,
  ...logTools,
  ...formTools,
];
