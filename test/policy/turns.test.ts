import { expect, test } from "bun:test";
import { Turns } from "../../src/policy/turns.ts";
import { rejection } from "../support/rejection.ts";

const never = new AbortController().signal;

/** Work that ends when it is told to. */
function held() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return { work: () => promise, resolve, reject };
}

test("who comes later has the next turn, also when the work before fails", async () => {
  const turns = new Turns();
  const steps: string[] = [];
  const first = held();
  const one = turns.take("a", never, first.work).catch((error: Error) => steps.push(error.message));
  const two = turns.take("a", never, async () => steps.push("two"));
  const three = turns.take("a", never, async () => steps.push("three"));
  await Bun.sleep(1);
  expect(steps).toEqual([]);
  first.reject(new Error("one failed"));
  await Promise.all([one, two, three]);
  expect(steps).toEqual(["one failed", "two", "three"]);
});

test("other resources do not wait", async () => {
  const turns = new Turns();
  const first = held();
  const one = turns.take("a", never, first.work);
  expect(await turns.take("b", never, async () => "done")).toBe("done");
  first.resolve("one");
  expect(await one).toBe("one");
});

test("who is withdrawn before its turn never begins, and holds nobody up", async () => {
  const turns = new Turns();
  const first = held();
  const withdrawn = new AbortController();
  const one = turns.take("a", never, first.work);
  let begun = false;
  const two = turns.take("a", withdrawn.signal, async () => {
    begun = true;
  });
  const three = turns.take("a", never, async () => "three");
  withdrawn.abort();
  expect(await rejection(two)).toMatchObject({ code: "cancelled" });
  let ended = false;
  void three.then(() => {
    ended = true;
  });
  await Bun.sleep(1);
  expect({ begun, ended }).toEqual({ begun: false, ended: false });
  first.resolve("one");
  expect(await Promise.all([one, three])).toEqual(["one", "three"]);
  expect(begun).toBe(false);
});
