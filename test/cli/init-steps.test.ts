import { expect, test } from "bun:test";
import { stripVTControlCharacters } from "node:util";
import { Agenda } from "../../src/cli/init/agenda.ts";
import { openSteps } from "../../src/cli/steps.ts";
import { AppError, usageError } from "../../src/lib/errors.ts";
import { fakeInvocation } from "./harness.ts";

test("every line goes to stderr, whole, once for each time it is told", async () => {
  const { invocation, stdout, stderr } = fakeInvocation();
  const steps = await openSteps(invocation.output);
  for (let time = 0; time < 8; time++) steps.success("Done `it` with _care_ and 100%s.");
  steps.info("Next.");
  steps.warn("Take \u001b[2Jcare\u202e.");
  const lines = stderr.map((line) => stripVTControlCharacters(line));
  expect(stdout).toEqual([]);
  expect(lines).toEqual([...Array(8).fill("✔ Done `it` with _care_ and 100%s."), "→ Next.", "! Take care."]);
});

test("an agenda tells how far it came", async () => {
  const agenda = new Agenda(["the sign-in", "the file of Cursor", "the check of Cursor"]);
  const failure = new AppError({ code: "client_file", message: "No.", hint: "Do this." });
  expect(agenda.explain(failure).hint).toBe("Do this.\nNothing was changed.");
  await agenda.step(async () => 1);
  await expect(agenda.step(() => Promise.reject(failure))).rejects.toBe(failure);
  const explained = agenda.explain(failure);
  expect(explained).toMatchObject({ code: "client_file", message: "No.", exit: 1, cause: failure });
  expect(explained.hint).toBe(
    "Do this.\nDone: the sign-in. Not done: the file of Cursor, the check of Cursor. The same command again goes on from there.",
  );
  expect(agenda.explain(usageError("No.", "Do this.")).hint).toBe("Do this.");
});
