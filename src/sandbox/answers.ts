import type { Json, JsonObject } from "../lib/json.ts";
import type { ApiFault } from "./fault.ts";
import type { SandboxAnswer } from "./route.ts";

const reasons: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
  413: "Request Entity Too Large",
  415: "Unsupported Media Type",
  429: "Too Many Requests",
  500: "Internal Server Error",
  501: "Not Implemented",
};

/** The Management API's error body; `errorCode` is left out where the API gives none. */
export function faultBody(fault: ApiFault): JsonObject {
  return {
    statusCode: fault.status,
    error: reasons[fault.status] ?? "Error",
    message: fault.message,
    ...(fault.errorCode === undefined ? {} : { errorCode: fault.errorCode }),
    ...(fault.attributes === undefined ? {} : { attributes: fault.attributes }),
  };
}

export function faultAnswer(fault: ApiFault): SandboxAnswer {
  return { status: fault.status, body: faultBody(fault), headers: fault.headers };
}

/** A 200 (or another status) with a body. */
export function ok(body: Json, status = 200): SandboxAnswer {
  return { status, body };
}

export const noContent: SandboxAnswer = { status: 204 };

/** The answer as it goes over the wire. A body is JSON; a 204 has none and tells that type all the same. */
export function toResponse(answer: SandboxAnswer, headers: Readonly<Record<string, string>> = {}): Response {
  const { status, body } = answer;
  const isTyped = body !== undefined || status === noContent.status;
  const type = isTyped ? { "content-type": "application/json; charset=utf-8" } : {};
  return new Response(body === undefined ? null : JSON.stringify(body), {
    status,
    headers: { ...type, ...headers, ...answer.headers },
  });
}
