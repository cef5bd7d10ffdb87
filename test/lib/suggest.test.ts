import { expect, test } from "bun:test";
import { didYouMean, nearest } from "../../src/lib/suggest.ts";

const names = ["auth0_list_applications", "auth0_get_application", "auth0_list_logs"];

test("the nearest names come first", () => {
  expect(nearest("auth0_list_aplications", names)[0]).toBe("auth0_list_applications");
  expect(nearest("AUTH0_GET_APPLICATION", names)[0]).toBe("auth0_get_application");
  expect(nearest("--reed-only", ["--read-only", "--sandbox"])).toEqual(["--read-only"]);
});

test("nothing is suggested for a word that is near nothing", () => {
  expect(nearest("zzzzzzzzzz", names)).toEqual([]);
  expect(nearest("", names)).toEqual([]);
  expect(didYouMean("zzzzzzzzzz", names)).toBeUndefined();
});

test("at most three, in a stable order", () => {
  expect(nearest("a", ["d", "c", "b", "e"])).toEqual(["b", "c", "d"]);
  expect(didYouMean("a", ["c", "b"])).toBe("Did you mean b or c?");
});

test("a word of any length is compared in no time", () => {
  expect(nearest("x".repeat(5_000_000), names)).toEqual([]);
});
