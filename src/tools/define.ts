import type { z } from "zod";
import type { Json, JsonObject } from "../lib/json.ts";
import type { ReadApi, WriteApi } from "../management/api.ts";
import type { ApiPath } from "../management/path.ts";
import type { ToolAnswer } from "./answers.ts";
import { invalidArguments, issueWords } from "./issues.ts";
import type { ToolKind, Toolset, WriteKind } from "./kinds.ts";
import { inputSchema } from "./schema.ts";

export interface Waiting<T> {
  /** Reads the present state. */
  readonly poll: () => Promise<T>;
  readonly done: (state: T) => boolean;
  /** What is waited for, as a person would say it: "the build of the action". */
  readonly what: string;
  /** What to do when it takes longer than a call may wait; to repeat the call, where nothing is said. */
  readonly late?: string;
}

/** What a tool's function is handed beside its arguments. */
interface CommonContext {
  /** Adds a sentence the model should pass on to the person. */
  notice(text: string): void;
  /** Reports a step of work that takes longer than a moment. */
  progress(step: string): void;
  /**
   * Polls until the state is as wished. In a dry run nothing will change, so the first state is the answer.
   *
   * @throws AppError `timeout` when it takes too long
   */
  waitUntil<T>(waiting: Waiting<T>): Promise<T>;
}

export interface ReadContext extends CommonContext {
  readonly api: ReadApi;
}

export interface WriteContext extends CommonContext {
  readonly api: WriteApi;
  /** Whether nothing will be sent that changes the tenant. */
  readonly dryRun: boolean;
  /**
   * The resource a call is about to change. A dry run goes on without it when the token lacks the scope to read it.
   *
   * @throws AppError `insufficient_scope` when the call is no dry run
   */
  readPresent(path: ApiPath): Promise<Json | undefined>;
  /**
   * Does work while no other call of this process has its turn with the resource: where the API takes only whole objects,
   * each of two calls at once would send back what was there before the other.
   *
   * @throws AppError `cancelled` when the call is withdrawn before its turn
   */
  exclusively<T>(resource: ApiPath, work: () => Promise<T>): Promise<T>;
}

interface Definition<Shape extends z.ZodRawShape> {
  /** `auth0_<verb>_<resource>`, at most 40 characters. */
  readonly name: string;
  /** The same for people: "Deploy action". */
  readonly title: string;
  readonly toolset: Toolset;
  /** Every scope that the steps of the plain call need. */
  readonly scopes: readonly string[];
  /** First sentence complete by itself; at most 1,000 characters. */
  readonly description: string;
  readonly input: z.ZodObject<Shape, z.core.$strict>;
  /** Fields of the answer that people outside the tenant's staff can write. */
  readonly untrusted?: readonly string[];
}

interface ReadDefinition<Shape extends z.ZodRawShape> extends Definition<Shape> {
  readonly kind: "read";
  run(input: z.output<z.ZodObject<Shape>>, context: ReadContext): Promise<ToolAnswer>;
}

interface WriteDefinition<Shape extends z.ZodRawShape> extends Definition<Shape> {
  readonly kind: WriteKind;
  /** Whether repeating the call with the same arguments changes nothing more. */
  readonly idempotent?: boolean;
  run(input: z.output<z.ZodObject<Shape>>, context: WriteContext): Promise<ToolAnswer>;
}

/** What is known of a tool without running it: plain data. */
export interface ToolFacts {
  readonly name: string;
  readonly title: string;
  readonly kind: ToolKind;
  readonly toolset: Toolset;
  readonly scopes: readonly string[];
  readonly description: string;
  readonly idempotent: boolean;
  readonly untrusted: readonly string[];
  /** JSON Schema of the arguments. */
  readonly inputSchema: JsonObject;
}

/** A call whose arguments have been checked. */
export type BoundCall = (context: WriteContext) => Promise<ToolAnswer>;

/** A tool as the rest of the program sees it: its facts, and a way to bind arguments. */
export interface Tool extends ToolFacts {
  /**
   * Checks arguments against the schema and returns the call that is ready to run.
   *
   * @throws AppError `invalid_arguments` naming every field that is wrong; nothing was sent
   */
  bind(args: JsonObject): BoundCall | Promise<BoundCall>;
}

/** A tool with the schema it was defined by, as tests and generators walk over it. */
export interface DefinedTool extends Tool {
  readonly input: z.ZodObject;
  bind(args: JsonObject): BoundCall;
}

/** Makes a tool of its definition. */
export function defineTool<Shape extends z.ZodRawShape>(
  definition: ReadDefinition<Shape> | WriteDefinition<Shape>,
): DefinedTool {
  const { name, title, kind, toolset, scopes, description, input } = definition;
  return {
    name,
    title,
    kind,
    toolset,
    scopes,
    description,
    input,
    idempotent: kind === "read" || (definition.idempotent ?? kind === "update"),
    untrusted: definition.untrusted ?? [],
    get inputSchema() {
      return inputSchema(input, kind);
    },
    bind(args) {
      const parsed = input.safeParse(args, { error: issueWords });
      if (!parsed.success) throw invalidArguments(name, parsed.error, Object.keys(input.shape));
      return (context) => definition.run(parsed.data, context);
    },
  };
}
