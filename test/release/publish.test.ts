import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checksums } from "../../scripts/release/checksums.ts";
import { Publication } from "../../scripts/release/publish.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "auth0-mcp-publish-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function publish(): void {
  const publication = new Publication(folder);
  publication.offer("auth0-mcp-linux-x64.tar.gz", "archive");
  publication.offer("build-info.json", "{}");
  publication.write("SHA256SUMS", checksums(publication.downloads));
  publication.write("npm/auth0-mcp.tgz", "package");
  publication.write("manifests/server.json", "{}");
  publication.write("Dockerfile", "FROM scratch");
}

test("a folder with an earlier release, an empty one and one that is not there are written to", () => {
  publish();
  publish();
  expect(readdirSync(new Publication(folder).folder)).toEqual([]);
  const missing = join(folder, "a", "b");
  expect(readdirSync(new Publication(missing).folder)).toEqual([]);
});

test.each([
  ["a home", () => mkdirSync(join(folder, ".ssh")), ".ssh"],
  ["files of other names", () => writeFileSync(join(folder, "notes.txt"), ""), "notes.txt"],
  ["a part of a release alone", () => writeFileSync(join(folder, "Dockerfile"), ""), "Dockerfile"],
  [
    "an earlier release among other files",
    () => {
      publish();
      writeFileSync(join(folder, "thesis.txt"), "");
    },
    "thesis.txt",
  ],
])("a folder with %s is refused, and keeps it", (_, fill, name) => {
  fill();
  const before = readdirSync(folder);
  expect(() => new Publication(folder)).toThrow(name);
  expect(readdirSync(folder)).toEqual(before);
});
