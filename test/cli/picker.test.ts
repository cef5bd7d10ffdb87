import { expect, test } from "bun:test";
import {
  type Choice,
  initialPicker,
  type PickerState,
  pressKey,
  renderPicker,
} from "../../src/cli/picker.ts";

const choices: readonly Choice[] = [
  { value: "read:clients", group: "clients" },
  { value: "create:clients", group: "clients" },
  { value: "read:logs", group: "logs" },
];
const [UP, DOWN] = ["\u001b[A", "\u001b[B"];

function press(...keys: string[]): PickerState {
  let state = initialPicker(choices);
  for (const key of keys) {
    const next = pressKey(state, key);
    if (next === "done") throw new Error("it ended");
    state = next;
  }
  return state;
}

const picked = (...keys: string[]) => [...press(...keys).picked];

test("nothing is picked at the start, space picks and unpicks", () => {
  expect(picked()).toEqual([]);
  expect(picked(" ")).toEqual(["read:clients"]);
  expect(picked(" ", " ")).toEqual([]);
});

test("arrows move and go round", () => {
  expect(picked(DOWN, " ", DOWN, " ")).toEqual(["create:clients", "read:logs"]);
  expect(picked(UP, " ")).toEqual(["read:logs"]);
  expect(picked(UP, DOWN, " ")).toEqual(["read:clients"]);
});

test("g takes the group, a takes all, again takes them away", () => {
  expect(picked("g")).toEqual(["read:clients", "create:clients"]);
  expect(picked(" ", "g")).toEqual(["read:clients", "create:clients"]);
  expect(picked("g", "g")).toEqual([]);
  expect(picked("a")).toHaveLength(3);
  expect(picked("a", "a")).toEqual([]);
});

test("enter ends, other keys do nothing", () => {
  expect(pressKey(initialPicker(choices), "\r")).toBe("done");
  expect(press("x", "\u001b[C")).toEqual(initialPicker(choices));
});

test("shows groups, the cursor and what is picked, and scrolls to the cursor", () => {
  expect(renderPicker("Scopes?", press(DOWN, " "), { height: 10, width: 80 })).toEqual([
    "Scopes?",
    "  clients",
    "    ◯ read:clients",
    "❯   ◉ create:clients",
    "  logs",
    "    ◯ read:logs",
    "1 of 3 · space picks, enter ends, a all, g the group",
  ]);
  const low = renderPicker("Scopes?", press(UP), { height: 2, width: 80 });
  expect(low).toHaveLength(4);
  expect(low.join("\n")).toContain("❯   ◯ read:logs");
});

test("no line is wider than the terminal, whatever its characters take", () => {
  const wide = [{ value: "read:クライアント", group: "アプリケーション" }];
  for (let width = 2; width < 60; width++) {
    const lines = renderPicker("Which clients?", initialPicker(wide), { height: 5, width });
    expect(lines).toHaveLength(4);
    expect(lines.filter((line) => Bun.stringWidth(line) > width)).toEqual([]);
  }
  const [title, , , help] = renderPicker("Scopes?", press(), { height: 2, width: 30 });
  expect(title).toBe("Scopes?");
  expect(help).toBe("0 of 3 · space picks, enter e…");
});
