import type { ServedTenant } from "../../scripts/support/tenants.ts";
import { asObject, parseJson } from "../../src/lib/json.ts";
import { createSandbox, type SandboxOptions, type SandboxTenant } from "../../src/sandbox/tenant.ts";

/** Stands before a tenant: lets a request pass, answers in its place, or holds back what the tenant answered. */
export type Gate = (request: Request, pass: () => Promise<Response>) => Promise<Response> | Response;

export interface GatedTenant extends ServedTenant {
  readonly port: number;
  /** The gate may be changed at any time; it is open at first. */
  gate: Gate;
  /** Form of every request for a token, in the order they came. */
  readonly tokenRequests: URLSearchParams[];
}

export interface GatedOptions extends SandboxOptions {
  /** Seconds for which a device code is good; the sandbox's own lifetime when left out. */
  readonly codeLifetime?: number;
}

/** Seconds between two polls of a device sign-in: the shortest that is taken. */
const INTERVAL = 0.1;

/**
 * A sandbox tenant on a loopback port with a gate before it. Device sign-ins are polled ten times a second, and approved
 * by themselves unless `signIn` says otherwise.
 */
export async function serveGatedTenant(options: GatedOptions = {}): Promise<GatedTenant> {
  const { codeLifetime, ...sandbox } = options;
  const ready = Promise.withResolvers<SandboxTenant>();
  const tokenRequests: URLSearchParams[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const tenant = await ready.promise;
      const { pathname } = new URL(request.url);
      if (pathname === "/oauth/token") tokenRequests.push(new URLSearchParams(await request.clone().text()));
      return served.gate(request, async () => {
        const answer = await tenant.handle(request);
        return pathname === "/oauth/device/code" ? hastened(answer, tenant, codeLifetime) : answer;
      });
    },
  });
  const domain = sandbox.domain ?? `127.0.0.1:${server.port}`;
  const tenant = await createSandbox({ rateLimit: 0, signIn: { decision: "approve" }, ...sandbox, domain });
  const served: GatedTenant = {
    tenant,
    port: server.port ?? 0,
    env: { AUTH0_MCP_LOGIN_DOMAIN: domain },
    gate: (_request, pass) => pass(),
    tokenRequests,
    stop: () => server.stop(true),
  };
  ready.resolve(tenant);
  return served;
}

async function hastened(answer: Response, { state }: SandboxTenant, lifetime?: number): Promise<Response> {
  for (const [code, signIn] of state.deviceSignIns) {
    state.deviceSignIns.set(code, { ...signIn, interval: INTERVAL });
  }
  const body = asObject(parseJson(await answer.text()));
  const changed = { interval: INTERVAL, ...(lifetime === undefined ? {} : { expires_in: lifetime }) };
  return Response.json({ ...body, ...changed }, { status: answer.status });
}

/** How the Management API turns a token down that it no longer takes. */
export function tokenRefused(): Response {
  return Response.json({ statusCode: 401, error: "Unauthorized", message: "Invalid token" }, { status: 401 });
}
