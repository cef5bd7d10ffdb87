import { PRODUCT } from "../../../src/config/product.ts";
import { AUTHORS, DESCRIPTION, LICENSE, type PublishedFacts, type ReleaseFacts } from "../release-facts.ts";
import { type Target, targets } from "../targets.ts";
import { registryName } from "./server-json.ts";

const OLDEST_NODE = ">=18";

/** The npm package that carries the executable of one target. */
export function platformPackageName({ name }: Target): string {
  return `${PRODUCT}-${name}`;
}

export function platformPackage(facts: ReleaseFacts, target: Target): object {
  const { platform, arch, libc, executable } = target;
  return {
    name: platformPackageName(target),
    version: facts.source.version,
    description: `The ${PRODUCT} executable for ${target.name}`,
    ...shared(facts),
    os: [platform],
    cpu: [arch],
    ...(libc === undefined ? {} : { libc: [libc] }),
    files: [executable, "LICENSE", "THIRD-PARTY-NOTICES.md"],
  };
}

/** The npm package people name: it starts the executable of whichever platform package npm installed beside it. */
export function wrapperPackage(facts: ReleaseFacts): object {
  const { repository } = facts;
  return {
    name: PRODUCT,
    version: facts.source.version,
    description: DESCRIPTION,
    ...shared(facts),
    ...(repository === undefined
      ? {}
      : { mcpName: registryName({ ...facts, repository } satisfies PublishedFacts) }),
    bin: { [PRODUCT]: "start.cjs" },
    files: ["start.cjs", "LICENSE"],
    engines: { node: OLDEST_NODE },
    optionalDependencies: Object.fromEntries(
      targets.map((target) => [platformPackageName(target), facts.source.version]),
    ),
  };
}

function shared({ repository }: ReleaseFacts): object {
  return {
    license: LICENSE,
    author: AUTHORS,
    ...(repository === undefined ? {} : { repository: { type: "git", url: `git+${repository}.git` } }),
  };
}
