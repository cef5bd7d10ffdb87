import { type Option, options } from "../../../src/config/options.ts";
import { PRODUCT } from "../../../src/config/product.ts";
import { addressOf, DESCRIPTION, ownerOf, type PublishedFacts, sumOf } from "../release-facts.ts";
import { targets } from "../targets.ts";
import { bundleName, hasBundle } from "./mcpb.ts";

const SCHEMA = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json";
/** Whoever installs it from a registry gets the careful choice unless they make another one. */
const SETTINGS: readonly Option[] = [
  { ...options.readOnly, default: "true" },
  options.tools,
  options.domain,
  options.token,
];

/** The server's name in the MCP registry, which the npm package must name as well. */
export function registryName(facts: PublishedFacts): string {
  const host = new URL(facts.repository).hostname.split(".").reverse().join(".");
  return `${host === "com.github" ? "io.github" : host}.${ownerOf(facts)}/${PRODUCT}`;
}

/** `server.json` for the MCP registry: the npm package, and a bundle for each system that has one. */
export function serverJson(facts: PublishedFacts): object {
  const { version } = facts.source;
  const transport = { type: "stdio" };
  const environmentVariables = SETTINGS.map(({ variable, help, type, default: value }) => ({
    name: variable,
    description: help,
    format: type,
    isRequired: false,
    isSecret: variable === options.token.variable,
    ...(value === undefined ? {} : { default: value }),
  }));
  const npm = {
    registryType: "npm",
    identifier: PRODUCT,
    version,
    transport,
    packageArguments: [{ type: "positional", value: "run" }],
    environmentVariables,
  };
  const bundles = targets.filter(hasBundle).map((target) => ({
    registryType: "mcpb",
    identifier: addressOf(facts, bundleName(target)),
    version,
    fileSha256: sumOf(facts, bundleName(target)),
    transport,
  }));
  return {
    $schema: SCHEMA,
    name: registryName(facts),
    title: "Auth0",
    description: DESCRIPTION,
    repository: { url: facts.repository, source: new URL(facts.repository).hostname.split(".")[0] },
    version,
    packages: [npm, ...bundles],
  };
}
