import { describe, expect, test } from "bun:test";
import { checksums, sha256 } from "../../scripts/release/checksums.ts";
import { checkSum, listedSum } from "../../src/upgrade/checksums.ts";

const bytes = Buffer.from("archive");
const sum = sha256(bytes);
const refusal = (message: string) =>
  expect.objectContaining({ code: "download_refused", exit: 1, message: expect.stringContaining(message) });

describe("the checksum of a file", () => {
  test("is found in the list a release is published with", () => {
    const sums = checksums(
      new Map([
        ["a.tar.gz", bytes],
        ["b.tar.gz", Buffer.from("b")],
      ]),
    );
    expect(listedSum(sums, "a.tar.gz")).toBe(sum);
    expect(() => checkSum("a.tar.gz", bytes, listedSum(sums, "a.tar.gz"))).not.toThrow();
    expect(() => checkSum("a.tar.gz", bytes, listedSum(sums, "b.tar.gz"))).toThrow(refusal("is not what"));
  });

  test.each([
    ["a binary mark", `${sum} *a.tar.gz\n`],
    ["capitals and other line ends", `${sum.toUpperCase()}  a.tar.gz\r\n`],
    ["the same line twice", `${sum}  a.tar.gz\n${sum}  a.tar.gz\n`],
  ])("is read with %s", (_, sums) => {
    expect(listedSum(sums, "a.tar.gz")).toBe(sum);
  });

  test.each([
    ["an empty list", "", "does not list a.tar.gz"],
    ["another name that ends the same", `${sum}  x/a.tar.gz\n`, "does not list"],
    ["a list that was cut", `${sum}  a.tar.g`, "does not list"],
    ["a sum that was cut", `${sum.slice(1)}  a.tar.gz\n`, "does not list"],
    ["two sums", `${sum}  a.tar.gz\n${"0".repeat(64)}  a.tar.gz\n`, "several sums"],
  ])("is refused with %s", (_, sums, message) => {
    expect(() => listedSum(sums, "a.tar.gz")).toThrow(refusal(message));
  });
});
