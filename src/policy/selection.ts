import { PRODUCT } from "../config/product.ts";
import { usageError } from "../lib/errors.ts";
import { globMatcher, splitList } from "../lib/globs.ts";
import { didYouMean } from "../lib/suggest.ts";
import type { Tool } from "../tools/define.ts";

/** Which tools a person allowed. */
export interface SelectionRules {
  /** Globs, OR-ed; a tool must match one. */
  readonly tools: PatternList;
  /** Globs, OR-ed; a tool that matches one is left out. */
  readonly excludeTools: PatternList | undefined;
  /** Wins over every pattern. */
  readonly readOnly: boolean;
}

/** Patterns and where they were given, for errors. */
export interface PatternList {
  readonly patterns: readonly string[];
  /** The flag or variable. */
  readonly source: string;
}

export type LeftOutReason =
  | "not matched by the patterns"
  | "excluded by a pattern"
  | "writes, and read-only is on";

export interface Selection {
  /** In the registry's order. */
  readonly exposed: readonly Tool[];
  readonly leftOut: ReadonlyMap<Tool, LeftOutReason>;
}

/**
 * Splits a comma-separated list of globs; commas inside braces, brackets and parentheses belong to the pattern.
 *
 * @throws AppError (exit 2) for an empty list or element, and for a pattern that begins with `!`
 */
export function parsePatterns(text: string, source: string): PatternList {
  const patterns = splitList(text);
  if (patterns.some((pattern) => pattern === "")) {
    throw usageError(
      patterns.length === 1 ? `${source} is an empty list.` : `${source} has an empty pattern in "${text}".`,
      `Give patterns such as ${source}${source.startsWith("--") ? " " : "="}'auth0_list_*,auth0_get_*', or leave ${source} out.`,
    );
  }
  const negated = patterns.find((pattern) => pattern.startsWith("!"));
  if (negated !== undefined) {
    throw usageError(
      `${source} cannot exclude: "${negated}" begins with "!".`,
      `Use --exclude-tools '${negated.slice(1)}' for what shall be left out.`,
    );
  }
  return { patterns, source };
}

/**
 * Decides which tools are exposed.
 *
 * @throws AppError (exit 2) for a pattern that matches no tool, and when nothing is left
 */
export function selectTools(tools: readonly Tool[], rules: SelectionRules): Selection {
  const included = matcher(rules.tools, tools);
  const excluded = rules.excludeTools === undefined ? () => false : matcher(rules.excludeTools, tools);
  const leftOut = new Map<Tool, LeftOutReason>();
  for (const tool of tools) {
    if (rules.readOnly && tool.kind !== "read") leftOut.set(tool, "writes, and read-only is on");
    else if (!included(tool)) leftOut.set(tool, "not matched by the patterns");
    else if (excluded(tool)) leftOut.set(tool, "excluded by a pattern");
  }
  const exposed = tools.filter((tool) => !leftOut.has(tool));
  if (exposed.length === 0) {
    throw usageError(
      "No tool is left by the patterns and limits given.",
      "Widen --tools, or drop --exclude-tools or --read-only.",
    );
  }
  return { exposed, leftOut };
}

function matcher({ patterns, source }: PatternList, tools: readonly Tool[]): (tool: Tool) => boolean {
  const names = tools.map((tool) => tool.name);
  const matchers = patterns.map((pattern) => {
    const matches = globMatcher(pattern, source);
    if (!names.some((name) => matches(name))) {
      throw usageError(
        `${source}: no tool matches "${pattern}".`,
        didYouMean(pattern, names) ?? `List the tools with: ${PRODUCT} tools list`,
      );
    }
    return matches;
  });
  return (tool) => matchers.some((matches) => matches(tool.name));
}
