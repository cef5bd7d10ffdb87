import { BUILD, type BuildFacts } from "./build-facts.ts";
import type { Environment } from "./environment.ts";
import { options } from "./options.ts";

/**
 * Where usage events would go, unchecked: as the variable says, or else the build. An empty variable means nowhere.
 * Without an address nothing else of analytics is loaded.
 */
export function analyticsAddress(environment: Environment, build: BuildFacts = BUILD): string | undefined {
  return (environment[options.analyticsUrl.variable] ?? build.analyticsUrl) || undefined;
}
