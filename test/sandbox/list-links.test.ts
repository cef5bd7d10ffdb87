import { expect, test } from "bun:test";
import { startTenant } from "./tenant-harness.ts";

const { call, tenant } = await startTenant({ seed: "demo" });
const relations = (link: string | null) =>
  [...(link ?? "").matchAll(/<([^>]*)>; rel="(\w+)"/g)].map(([, address = "", relation]) => {
    const { origin, pathname, searchParams } = new URL(address);
    return [relation, `${origin}${pathname}`, searchParams.get("page"), searchParams.get("per_page")];
  });

test.each(["/clients", "/client-grants", "/resource-servers"])(
  "pages of %s tell the first, previous, next and last page, by plain http",
  async (path) => {
    const address = `${tenant.url}/api/v2${path}`;
    expect(address).toStartWith("http:");
    const { object } = await call("GET", `${path}?include_totals=true`);
    const last = String(Math.ceil(Number(object["total"]) / 2) - 1);
    const { headers } = await call("GET", `${path}?per_page=2&page=1`);
    const expected = [
      ["first", address, "0", "2"],
      ["prev", address, "0", "2"],
      ["next", address, "2", "2"],
      ["last", address, last, "2"],
    ];
    expect(relations(headers.get("link"))).toEqual(last === "1" ? expected.toSpliced(2, 1) : expected);
    const whole = await call("GET", path);
    expect(relations(whole.headers.get("link")).map(([relation]) => relation)).toEqual(["first", "last"]);
  },
);

test("a walk by checkpoint has none", async () => {
  for (const path of ["/clients", "/client-grants"]) {
    expect((await call("GET", `${path}?take=1`)).headers.get("link")).toBeNull();
  }
});

test("a filter stays in the addresses", async () => {
  const { headers } = await call("GET", "/clients?app_type=native&per_page=1");
  expect(headers.get("link")).toContain("app_type=native");
});
