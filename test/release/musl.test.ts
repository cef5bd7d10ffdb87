import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile } from "../../scripts/build.ts";
import { ElfProgram } from "../../scripts/release/musl/elf.ts";
import { linkCpp } from "../../scripts/release/musl/link-cpp.ts";
import { finished } from "../../scripts/release/run.ts";
import { haveMuslRoots, MUSL_TARGET, muslRoot } from "./install-roots.ts";

/** Leads through what the runtime has in C++: Unicode, the compilers, and threads that wait for each other. */
const PROGRAM = `
  const lines = [];
  const day = new Date(Date.UTC(2024, 1, 29, 12));
  for (const locale of ["de", "en-GB", "ja-JP-u-ca-japanese", "ar-EG", "th", "hi"]) {
    const of = (kind, options) => new Intl[kind](locale, options);
    lines.push(of("DateTimeFormat", { dateStyle: "full", timeStyle: "long", timeZone: "Asia/Tokyo" }).format(day));
    lines.push(of("NumberFormat", { style: "currency", currency: "EUR" }).format(1234567.891));
    lines.push(of("NumberFormat", { notation: "compact" }).formatToParts(98765).map((part) => part.type).join());
    lines.push(of("RelativeTimeFormat").format(-3, "month"), of("ListFormat").format(["a", "b", "c"]));
    lines.push(of("PluralRules", { type: "ordinal" }).select(22), of("DisplayNames", { type: "region" }).of("CH"));
    lines.push(["z", "ä", "a", "Z", "ö"].sort(of("Collator").compare).join(""));
    lines.push([..."x y. z"].length, [...of("Segmenter", { granularity: "word" }).segment("one two")].length);
  }
  lines.push("ﬁ Å".normalize("NFKD").length, "ǆ".toLocaleUpperCase("lt"), /\\p{Script=Greek}+/u.exec("abc αβγ")?.[0]);
  const sums = await Promise.all(
    Array.from({ length: 4 }, (_, at) => {
      const work = "onmessage = ({ data }) => { let sum = 0; for (let i = 0; i < 3e6; i++) sum = (sum * 31 + i + data) % 1e9; postMessage(sum); };";
      const worker = new Worker(URL.createObjectURL(new Blob([work])));
      return new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => { worker.terminate(); resolve(data); };
        worker.onerror = reject;
        worker.postMessage(at);
      });
    }),
  );
  lines.push(...sums);
  const add = new Uint8Array([0,97,115,109,1,0,0,0,1,7,1,96,2,127,127,1,127,3,2,1,0,7,5,1,1,97,0,0,10,9,1,7,0,32,0,32,1,106,11]);
  lines.push((await WebAssembly.instantiate(add)).instance.exports.a(20, 22));
  lines.push(new URL("http://münchen.example/ä?b=ö#c").href, crypto.getRandomValues(new Uint8Array(8)).length);
  lines.push(JSON.stringify(structuredClone(new Map([[1, new Set([2n])]]).size)), new Bun.CryptoHasher("sha256").update("x").digest("hex"));
  console.log(lines.join("\\n"));
`;

describe.skipIf(!haveMuslRoots())("an executable for musl", () => {
  let folder = "";
  let unlinked: Buffer;
  let linked: Buffer;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "auth0-mcp-musl-"));
    const [source, outfile] = [join(folder, "program.ts"), join(folder, "program")];
    writeFileSync(source, PROGRAM);
    await compile(source, outfile, { flags: [`--target=${MUSL_TARGET.runtime}`, "--sourcemap=none"] });
    unlinked = Buffer.from(await Bun.file(outfile).bytes());
    linked = linkCpp(MUSL_TARGET, unlinked);
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  test("needs nothing but the C library when the C++ library is linked into it, always as the same bytes", () => {
    expect(new ElfProgram(unlinked).libraries).toContain("libstdc++.so.6");
    expect(new ElfProgram(linked).libraries).toEqual([expect.stringMatching(/^libc\.musl-/)]);
    expect(linkCpp(MUSL_TARGET, unlinked).equals(linked)).toBe(true);
    expect(linkCpp(MUSL_TARGET, linked)).toBe(linked);
  });

  test("does there what the same program does here", async () => {
    const root = muslRoot(join(folder, "root"));
    writeFileSync(join(root.folder, "program"), linked, { mode: 0o755 });
    const here = finished([process.execPath, join(folder, "program.ts")]);
    expect(here.split("\n").length).toBeGreaterThan(60);
    expect(await root.run(["/program"])).toEqual({ code: 0, stdout: here, stderr: "" });
  }, 60_000);

  test("is refused when it needs what cannot be linked into it", () => {
    const known = Buffer.from("_ZSt11_Hash_bytesPKvmm\0");
    const needing = (name: string) => {
      const strange = Buffer.from(unlinked);
      strange.write(`${name}\0`, strange.indexOf(known));
      return () => linkCpp(MUSL_TARGET, strange);
    };
    expect(needing("_ZSt11_Hash_bytesPKvmX")).toThrow("needs _ZSt11_Hash_bytesPKvmX, which");
    expect(needing("__gxx_personality_v0")).toThrow("it throws exceptions");
    expect(() => linkCpp(MUSL_TARGET, Buffer.alloc(4096))).toThrow(
      "no program that is loaded at fixed addresses",
    );
  });
});
