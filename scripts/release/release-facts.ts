import manifest from "../../package.json" with { type: "json" };
import { PRODUCT } from "../../src/config/product.ts";
import { asObject, asString } from "../../src/lib/json.ts";
import type { Source } from "./source.ts";

/** What every way in is generated from. */
export interface ReleaseFacts {
  readonly source: Source;
  /** Where the source lives, as an https address without an ending; nothing when it is not known. */
  readonly repository: string | undefined;
  /** SHA-256 in hexadecimal of each published file, by its name. */
  readonly sums: ReadonlyMap<string, string>;
}

/** The same, for ways in that name addresses to download from. */
export interface PublishedFacts extends ReleaseFacts {
  readonly repository: string;
}

export const DESCRIPTION: string = manifest.description.replace(/\.$/, "");
export const LICENSE: string = manifest.license;
export const AUTHORS = `The ${PRODUCT} authors`;

/** Names the repository where package.json does not, as in a fork's own pipeline. */
export const REPOSITORY_VARIABLE = "AUTH0_MCP_REPOSITORY";

/**
 * The address of the repository that the release belongs to: package.json's, or else the environment's.
 *
 * @throws Error when it is no https address
 */
export function repositoryOf(
  packageJson: object = manifest,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const field: unknown = Reflect.get(packageJson, "repository");
  const declared = asString(field) ?? asString(asObject(field)?.["url"]);
  const text = declared ?? (environment[REPOSITORY_VARIABLE] || undefined);
  if (text === undefined) return undefined;
  const address = text
    .replace(/^git\+/, "")
    .replace(/\.git$/, "")
    .replace(/\/$/, "");
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== "https:" || !/^\/[\w.-]+\/[\w.-]+$/.test(url.pathname)) {
    const where = declared === undefined ? REPOSITORY_VARIABLE : '"repository" in package.json';
    throw new Error(`${where} is no address like https://github.com/owner/name: ${text}`);
  }
  return address;
}

/** The address of a file of this very release. */
export function addressOf({ repository, source }: PublishedFacts, file: string): string {
  return `${repository}/releases/download/v${source.version}/${file}`;
}

/** @throws Error when the file is none of the release's */
export function sumOf({ sums }: ReleaseFacts, file: string): string {
  const sum = sums.get(file);
  if (sum === undefined) throw new Error(`${file} is not part of this release`);
  return sum;
}

/** The owner of the repository, for registries that name packages after one. */
export function ownerOf({ repository }: PublishedFacts): string {
  return new URL(repository).pathname.split("/")[1] ?? "";
}
