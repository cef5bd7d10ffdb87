import { PRODUCT } from "../../../src/config/product.ts";
import { addressOf, DESCRIPTION, LICENSE, type PublishedFacts, sumOf } from "../release-facts.ts";
import { targetNamed } from "../targets.ts";

/** A formula for a tap. */
export function homebrewFormula(facts: PublishedFacts): string {
  const source = (name: string) => {
    const { archive } = targetNamed(name);
    return [`url "${addressOf(facts, archive)}"`, `sha256 "${sumOf(facts, archive)}"`];
  };
  const block = (opening: string, lines: readonly string[]) => [
    `${opening} do`,
    ...lines.map((line) => `  ${line}`),
    "end",
  ];
  const lines = [
    `desc "${DESCRIPTION.split(":")[0]}"`,
    `homepage "${facts.repository}"`,
    `version "${facts.source.version}"`,
    `license "${LICENSE}"`,
    "",
    ...block("on_macos", [
      ...block("on_arm", source("darwin-arm64")),
      ...block("on_intel", source("darwin-x64")),
    ]),
    "",
    ...block("on_linux", [
      ...block("on_arm", source("linux-arm64")),
      ...block("on_intel", source("linux-x64")),
    ]),
    "",
    "def install",
    `  bin.install "${PRODUCT}"`,
    "end",
    "",
    ...block("test", [`assert_equal version.to_s, shell_output("#{bin}/${PRODUCT} --version").strip`]),
  ];
  const body = lines.map((line) => (line === "" ? "" : `  ${line}`));
  return ["class Auth0Mcp < Formula", ...body, "end", ""].join("\n");
}
