import { managementScopes } from "../config/management-scopes.ts";
import { options } from "../config/options.ts";
import { usageError } from "../lib/errors.ts";
import { globMatcher, isGlob, splitList } from "../lib/globs.ts";
import { nearest } from "../lib/suggest.ts";
import { OFFLINE_ACCESS } from "./device-flow.ts";

const FLAG = `--${options.scopes.flag}`;

/** What limits the scopes of a sign-in. */
export interface ScopeLimits {
  /** Scopes that any tool declares. */
  readonly declared: readonly string[];
  /** What the chosen tools need, where tools were chosen: globs reach no further. */
  readonly needed: readonly string[] | undefined;
  /** Only scopes that read. */
  readonly readOnly: boolean;
}

/**
 * Reads `--scopes`: comma-separated names and globs, or `none`. Globs reach over what the tools declare and what the
 * Management API lists, within the limits; a name stands for itself.
 *
 * @returns each scope once
 * @throws AppError (exit 2) for an empty element, an unknown name, a glob that matches nothing, and a name that writes
 * where only reading is wanted
 */
export function selectScopes(text: string, limits: ScopeLimits): string[] {
  if (text.trim() === "none") return [];
  const known = knownScopes(limits);
  const chosen = elementsOf(text).flatMap((element) => matching(element, known, limits));
  return [...new Set(chosen)];
}

/** Of these scopes those that are known and within the limits. */
export function withinLimits(scopes: readonly string[], limits: ScopeLimits): string[] {
  const known = knownScopes(limits);
  return scopes.filter((scope) => known.includes(scope) && allows(limits, scope));
}

function knownScopes({ declared }: ScopeLimits): string[] {
  return [...new Set([...declared, ...managementScopes(), OFFLINE_ACCESS])];
}

function allows({ needed, readOnly }: ScopeLimits, scope: string): boolean {
  return (needed === undefined || needed.includes(scope)) && (!readOnly || reads(scope));
}

/** The scopes a person may pick from: what the tools need, within the limits. */
export function offeredScopes({ declared, needed, readOnly }: ScopeLimits): string[] {
  const scopes = [...new Set(needed ?? declared)].sort(
    (a, b) => thing(a).localeCompare(thing(b)) || rank(a) - rank(b),
  );
  return readOnly ? scopes.filter(reads) : scopes;
}

/** Whether a scope lets nothing be changed. */
export function reads(scope: string): boolean {
  return scope.startsWith("read:");
}

/** What a scope is about: `clients` of `read:clients`. */
export function thing(scope: string): string {
  return scope.slice(scope.indexOf(":") + 1);
}

const VERBS = ["read", "create", "update", "delete"];

function rank(scope: string): number {
  const place = VERBS.indexOf(scope.slice(0, scope.indexOf(":")));
  return place === -1 ? VERBS.length : place;
}

function matching(element: string, known: readonly string[], limits: ScopeLimits): string[] {
  if (element.startsWith("!")) {
    throw usageError(
      `${FLAG} cannot exclude: "${element}" begins with "!".`,
      "Name the scopes that are wanted.",
    );
  }
  if (!isGlob(element)) {
    if (!known.includes(element)) throw unknown(`There is no scope "${element}".`, element, known);
    if (limits.readOnly && element !== OFFLINE_ACCESS && !reads(element)) {
      throw usageError(
        `${element} is not a scope that only reads, and --${options.readOnly.flag} is on.`,
        `Leave ${element} out of ${FLAG}, or drop --${options.readOnly.flag}.`,
      );
    }
    return [element];
  }
  const matched = known.filter(globMatcher(element, FLAG));
  if (matched.length === 0) throw unknown(`${FLAG}: no scope matches "${element}".`, element, known);
  const allowed = matched.filter((scope) => allows(limits, scope));
  if (allowed.length > 0) return allowed;
  const [limit, remedy] =
    limits.needed === undefined
      ? ["only reading is wanted", `drop --${options.readOnly.flag}`]
      : ["the chosen tools need none of them", `widen --${options.tools.flag}`];
  throw usageError(
    `${FLAG}: nothing is left of "${element}", since ${limit}.`,
    `Leave it out, or ${remedy}.`,
  );
}

function unknown(message: string, element: string, known: readonly string[]) {
  const near = nearest(element, known, 5);
  const hint =
    near.length > 0
      ? `Did you mean ${near.join(", ")}?`
      : `Scopes look like read:clients, and globs like 'read:*'. Use ${FLAG} none for none.`;
  return usageError(message, hint);
}

function elementsOf(text: string): string[] {
  const elements = splitList(text);
  if (!elements.includes("")) return elements;
  throw usageError(
    elements.length === 1 ? `${FLAG} is empty.` : `${FLAG} has an empty element in "${text}".`,
    `Write for example ${FLAG} 'read:*,create:clients', or ${FLAG} none for none.`,
  );
}
