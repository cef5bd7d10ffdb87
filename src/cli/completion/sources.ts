import { clients } from "../../clients/table.ts";
import type { Environment } from "../../config/environment.ts";
import { configFolder } from "../../config/paths.ts";
import { TenantFile } from "../../config/tenants.ts";
import { systemClock } from "../../lib/clock.ts";
import { catalogue } from "../../tools/catalogue.ts";
import { SHELLS } from "./shells.ts";

/** A word that may stand at a place, and what it means. */
export interface Candidate {
  readonly value: string;
  /** One line for people; shells that can show it do. */
  readonly description?: string;
}

/** Where the words for a place come from. */
export interface Source {
  /** Whether several may be given with commas between. */
  readonly list: boolean;
  /** The one of them that stands for none, and so alone. */
  readonly alone?: string;
  candidates(environment: Environment): readonly Candidate[] | Promise<readonly Candidate[]>;
}

const clientIds: Source["candidates"] = () =>
  clients.map(({ id, name }) => ({ value: id, description: name }));

const clientsOrNone: Source["candidates"] = async (environment) => [
  ...(await clientIds(environment)),
  { value: "none", description: "No client: sign in only" },
];

const toolNames = (): Candidate[] =>
  catalogue.map(({ name, title, kind }) => ({ value: name, description: `${title} (${kind})` }));

/** Globs over the tools with the same verb, the tools of each toolset in one, then every tool. */
const toolPatterns: Source["candidates"] = () => {
  const toolsets = Map.groupBy(catalogue, ({ toolset }) => toolset);
  const verbs = Map.groupBy(catalogue, ({ name }) => name.split("_").slice(0, 2).join("_"));
  const globs = [...verbs].filter(([, tools]) => tools.length > 1);
  return [
    ...globs.map(([verb, tools]) => ({ value: `${verb}_*`, description: `${tools.length} tools` })),
    ...[...toolsets].map(([toolset, tools]) => ({
      // Begun otherwise than the tools' names, so that they come up only where nothing is typed yet.
      value: tools.map(({ name }) => name.replace(/^[^_]*/, "*")).join(","),
      description: `The toolset ${toolset}`,
    })),
    ...toolNames(),
  ];
};

const scopePatterns: Source["candidates"] = () => {
  const scopes = [...new Set(catalogue.flatMap((tool) => tool.scopes))].sort();
  return [
    { value: "none", description: "No scope" },
    { value: "read:*", description: "Every scope that reads" },
    ...scopes.map((value) => ({ value })),
  ];
};

const tenantDomains: Source["candidates"] = async (environment) => {
  const { current, profiles } = await new TenantFile(configFolder(environment), systemClock).read();
  return profiles.map(({ tenant: { domain } }) => ({
    value: domain,
    description: domain === current ? "The current tenant" : "A tenant you are signed in to",
  }));
};

/** The values of flags, by the flag's name; flags with fixed values need no line here. */
export const flagSources: ReadonlyMap<string, Source> = new Map([
  ["tools", { list: true, candidates: toolPatterns }],
  ["exclude-tools", { list: true, candidates: toolPatterns }],
  ["client", { list: true, alone: "none", candidates: clientsOrNone }],
  ["scopes", { list: true, candidates: scopePatterns }],
  ["tenant", { list: false, candidates: tenantDomains }],
]);

/** The arguments of commands, by the words that lead to the command and the argument's name. */
export const argumentSources: ReadonlyMap<string, Source> = new Map([
  ["clients add ids", { list: true, candidates: clientIds }],
  ["clients remove ids", { list: true, candidates: clientIds }],
  ["clients show id", { list: false, candidates: clientIds }],
  ["tools show name", { list: false, candidates: toolNames }],
  ["tools call name", { list: false, candidates: toolNames }],
  ["tenants use domain", { list: false, candidates: tenantDomains }],
  ["tenants remove domain", { list: false, candidates: tenantDomains }],
  ["completion shell", { list: false, candidates: () => SHELLS.map((value) => ({ value })) }],
]);
