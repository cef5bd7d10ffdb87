import { readFile } from "node:fs/promises";
import { tenantVariables } from "../../config/options.ts";
import { Exit, usageError } from "../../lib/errors.ts";
import { isObject, type JsonObject, parseJson } from "../../lib/json.ts";
import { errorCode, systemReason } from "../../lib/system-error.ts";
import { DRY_RUN } from "../../tools/dry-run.ts";
import { defineCommand, type Invocation } from "../command.ts";
import { connectedPipeline, connectOrFail, runtimeFlags, selectionOf } from "../runtime.ts";
import { readStdin } from "../stdin.ts";
import { findTool } from "./tools-show.ts";

/** The byte order mark, with which Windows PowerShell begins the files that it writes. */
const MARK = "\uFEFF";

export const toolsCall = defineCommand({
  meta: { name: "call", description: "Call one tool as a model would, and print its result as JSON" },
  args: {
    name: { type: "positional", description: "Name of the tool", required: true },
    args: { type: "string", description: "The tool's arguments as a JSON object", valueHint: "json" },
    "args-file": {
      type: "string",
      description: "Read the arguments from a file, or from stdin with -",
      valueHint: "file|-",
    },
    "dry-run": { type: "boolean", description: "Show what a writing tool would send, and send nothing" },
    ...runtimeFlags,
  },
  examples: [
    { does: "List applications of the demo tenant", type: "tools call auth0_list_applications --sandbox" },
    {
      does: "See what a change would send",
      type: `tools call auth0_create_application --sandbox --dry-run --args '{"name":"Shop","app_type":"spa"}'`,
    },
  ],
  variables: tenantVariables,
  async run(args, invocation) {
    const { output, interrupt } = invocation;
    const tool = findTool(args.name);
    const given = await readArguments(args.args, args["args-file"], invocation);
    if (args["dry-run"] === true && tool.kind === "read") {
      throw usageError(`${tool.name} only reads, so there is nothing to try with --dry-run.`);
    }
    const selection = selectionOf(args, invocation);
    const reason = selection.leftOut.get(tool);
    if (reason !== undefined) throw usageError(`${tool.name} is not exposed: ${reason}.`);

    const connection = await connectOrFail(args, invocation);
    // The same judgement as run's: nobody signed in is no answer of a tool.
    await connection.tokens.get(interrupt);
    const pipeline = connectedPipeline(selection, connection, invocation);
    const callArguments = args["dry-run"] === true ? { ...given, [DRY_RUN]: true } : given;
    const outcome = await pipeline.call(tool.name, callArguments, {
      signal: interrupt,
      progress: output.progress,
    });
    if (outcome === undefined) throw new TypeError(`${tool.name} is exposed but cannot be called`);
    await output.json(outcome.data);
    return outcome.ok ? Exit.done : Exit.toolError;
  },
});

/** @throws AppError (exit 2) when both sources are given, or one cannot be read as a JSON object */
async function readArguments(
  inline: string | undefined,
  file: string | undefined,
  invocation: Invocation,
): Promise<JsonObject> {
  if (inline !== undefined && file !== undefined)
    throw usageError("--args and --args-file cannot be given together.");
  if (inline !== undefined) return parseArguments(inline, "--args");
  if (file === undefined) return {};
  if (file === "-") return parseArguments(await readStdin(invocation), "stdin");
  return parseArguments(await readText(file), file);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    if (errorCode(cause) === undefined) throw cause;
    throw usageError(`${file} cannot be read: ${systemReason(cause)}.`, undefined, cause);
  }
}

function parseArguments(text: string, source: string): JsonObject {
  const value = parseJson(text.startsWith(MARK) ? text.slice(MARK.length) : text);
  if (isObject(value)) return value;
  throw usageError(
    `${source} holds no JSON object.`,
    `Write an object of the tool's arguments, for example {"client_id":"…"}.`,
  );
}
