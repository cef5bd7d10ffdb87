import { expect, test } from "bun:test";
import {
  errorCode,
  isMissing,
  OWNER_LOST,
  replacingRemedy,
  systemReason,
  unlessMissing,
} from "../../src/lib/system-error.ts";

const failure = (code: string) => Object.assign(new Error("failed"), { code });

test.each([
  ["ENOENT", true],
  ["ENOTDIR", true],
  ["EACCES", false],
  ["ELOOP", false],
])("%s says that there is nothing: %p", async (code, missing) => {
  const error = failure(code);
  expect(isMissing(error)).toBe(missing);
  const reading = unlessMissing(Promise.reject(error));
  if (missing) expect(await reading).toBeUndefined();
  else await expect(reading).rejects.toBe(error);
});

test("what is there is given, and what is no error of the system's is thrown", async () => {
  expect(await unlessMissing(Promise.resolve("content"))).toBe("content");
  await expect(unlessMissing(Promise.reject(new TypeError("defect")))).rejects.toThrow("defect");
  expect(isMissing("ENOENT")).toBe(false);
});

test("a reason is told in words where there are some", () => {
  expect(systemReason(failure("EACCES"))).toBe("permission denied");
  expect(systemReason(failure("SQLITE_CANTOPEN"))).toBe("it cannot be opened");
  expect(systemReason(failure("EWHATEVER"))).toBe("EWHATEVER");
  expect(systemReason(new Error("failed"))).toBe("unknown error");
  expect(systemReason("text")).toBe("unknown error");
});

test("what helps is told of a file that cannot be replaced, and of no other failure", () => {
  expect(replacingRemedy(failure("EBUSY"))).toContain("mount its folder rather than the file alone");
  expect(replacingRemedy(failure(OWNER_LOST))).toContain("chown");
  expect(replacingRemedy(failure("EACCES"))).toBeUndefined();
  expect(replacingRemedy("EBUSY")).toBeUndefined();
});

test("a code is the system's where it is a text", () => {
  expect(errorCode(failure("EPIPE"))).toBe("EPIPE");
  expect(errorCode(Object.assign(new Error("failed"), { code: 5 }))).toBeUndefined();
  expect(errorCode("EPIPE")).toBeUndefined();
});
