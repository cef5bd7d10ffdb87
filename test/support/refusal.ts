import { AppError } from "../../src/lib/errors.ts";
import type { JsonObject } from "../../src/lib/json.ts";
import type { DefinedTool } from "../../src/tools/define.ts";

/** What a tool says against arguments; empty when it takes them. */
export function refusal(tool: DefinedTool, args: JsonObject): string {
  try {
    tool.bind(args);
    return "";
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
}
