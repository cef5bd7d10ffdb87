import { expect, test } from "bun:test";
import { AppError } from "../../src/lib/errors.ts";
import { ANSWER_BUDGET } from "../../src/policy/budget.ts";
import { size } from "../../src/policy/cut.ts";
import { errorAnswer } from "../../src/policy/error-answer.ts";
import { Redactor } from "../../src/policy/redaction.ts";
import { WITHHELD } from "../../src/policy/withholding.ts";

const CANARY = "canary-secret-1234";

function answer(error: unknown) {
  const redactor = new Redactor();
  redactor.register(CANARY);
  return errorAnswer(error, redactor);
}

test("an error is told with everything it has for models", () => {
  const error = new AppError({
    code: "rate_limited",
    message: "m",
    status: 429,
    hint: "h",
    retryAfter: 3,
    requestId: "r",
    scopes: ["read:clients"],
    cause: new Error("c"),
  });
  expect(answer(error)).toEqual({
    code: "rate_limited",
    message: "m",
    status: 429,
    hint: "h",
    retry_after: 3,
    request_id: "r",
  });
  expect(answer(new AppError({ code: "forbidden", message: "m" }))).toEqual({
    code: "forbidden",
    message: "m",
  });
});

test("no text of it carries a secret or steers", () => {
  const told = answer(
    new AppError({
      code: "not_found",
      message: `\u202ea ${CANARY}`,
      hint: `\u001b[31mb ${CANARY}`,
      requestId: `c ${CANARY}\u0007`,
    }),
  );
  expect(told).toEqual({
    code: "not_found",
    message: `a ${WITHHELD}`,
    hint: `b ${WITHHELD}`,
    request_id: `c ${WITHHELD}`,
  });
});

test("a defect is told as one, without its text", () => {
  for (const error of [new TypeError(`at /home/me/${CANARY}`), CANARY, undefined, { message: CANARY }]) {
    expect(answer(error)).toMatchObject({ code: "internal_error" });
    expect(JSON.stringify(answer(error))).not.toContain("canary");
    expect(JSON.stringify(answer(error))).not.toContain("/home");
  }
});

test("no error outgrows the budget of an answer", () => {
  for (const unit of ["x", "中", "\ud800", '"']) {
    const long = unit.repeat(1_000_000);
    const told = answer(
      new AppError({
        code: "invalid_request",
        message: long,
        hint: long,
        requestId: long,
        status: 400,
        retryAfter: 1e12,
      }),
    );
    expect(size({ error: told })).toBeLessThanOrEqual(ANSWER_BUDGET);
    expect(String(told["message"])).toEndWith("…");
  }
});
