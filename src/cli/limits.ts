import { options } from "../config/options.ts";
import { booleanFlag, stringFlag } from "./command.ts";

/** The flags that limit the tools. */
export const limitFlags = {
  tools: stringFlag(options.tools),
  "exclude-tools": stringFlag(options.excludeTools),
  "read-only": booleanFlag(options.readOnly),
} as const;

/** What limits the tools, as it was typed. */
export interface Limits {
  readonly tools?: string | undefined;
  readonly "exclude-tools"?: string | undefined;
  readonly "read-only"?: boolean | undefined;
}
