import { expect, test } from "bun:test";
import { unservedRoutes } from "../../src/sandbox/resources/unserved.ts";
import { startTenant } from "./tenant-harness.ts";

const { call } = await startTenant();

test.each(unservedRoutes.map(({ method, pattern }) => [method, pattern]))(
  "%s %s says that it is not served here",
  async (method, pattern) => {
    const path = `${pattern.replaceAll(/:\w+/g, "some-id")}?include_totals=true`;
    const { status, object } = await call(method, path, method === "GET" ? undefined : { any: "body" });
    expect([status, object]).toEqual([
      501,
      {
        statusCode: 501,
        error: "Not Implemented",
        message: "The sandbox does not serve this operation.",
      },
    ]);
    expect((await call(method, path, undefined, ["read:nothing"])).status).toBe(403);
  },
);
