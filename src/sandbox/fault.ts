import type { JsonObject } from "../lib/json.ts";

/** An answer of the Management API's error shape: `{statusCode, error, message, errorCode?, attributes?}`. */
export class ApiFault extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly errorCode?: string,
    readonly headers: Readonly<Record<string, string>> = {},
    readonly attributes?: JsonObject,
  ) {
    super(message);
  }
}
