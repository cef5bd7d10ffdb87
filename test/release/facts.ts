import { createHash } from "node:crypto";
import type { PublishedFacts } from "../../scripts/release/release-facts.ts";
import { targets } from "../../scripts/release/targets.ts";
import { bundleName } from "../../scripts/release/ways/mcpb.ts";

const names = targets.flatMap((target) => [target.archive, bundleName(target)]);

/** A release as the generators see it. */
export const facts: PublishedFacts = {
  source: { commit: "0".repeat(40), epoch: 1_700_000_000, version: "1.2.3", changed: false },
  repository: "https://github.com/example/auth0-mcp",
  sums: new Map(names.map((name) => [name, createHash("sha256").update(name).digest("hex")])),
};
