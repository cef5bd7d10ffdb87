import { AppError } from "../lib/errors.ts";
import { createSandbox, type SandboxOptions, type SandboxTenant } from "./tenant.ts";

/**
 * Serves a tenant on 127.0.0.1 and nowhere else. Port 0, the default, takes any free one.
 *
 * @throws AppError (exit 1) when the port cannot be had
 */
export async function serveSandbox(
  options: SandboxOptions & { port?: number },
): Promise<{ tenant: SandboxTenant; stop(): Promise<void> }> {
  // The port is known only once it is bound, and the tenant's name contains it.
  const ready = Promise.withResolvers<SandboxTenant>();
  const server = listen(options.port ?? 0, async (request) => (await ready.promise).handle(request));
  const tenant = await createSandbox({ ...options, domain: options.domain ?? `127.0.0.1:${server.port}` });
  ready.resolve(tenant);
  return { tenant, stop: () => server.stop(true) };
}

function listen(port: number, fetch: (request: Request) => Promise<Response>): Bun.Server<undefined> {
  try {
    return Bun.serve({ hostname: "127.0.0.1", port, development: false, reusePort: false, fetch });
  } catch (cause) {
    throw new AppError({
      code: "port_unavailable",
      message: `Port ${port} on 127.0.0.1 cannot be had: it is in use, or not open to this user.`,
      hint: "Choose another port, or leave it out for any free one.",
      cause,
    });
  }
}
