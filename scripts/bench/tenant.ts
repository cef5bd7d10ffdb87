import { asObject, asString, parseJson } from "../../src/lib/json.ts";

/** A served tenant. */
export interface Tenant {
  readonly url: string;
  readonly domain: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What a fetch of its Management API sends. */
  readonly headers: Record<string, string>;
  /** What a server needs to work on it. */
  readonly environment: Record<string, string>;
  stop(): Promise<void>;
}

/** Serves the sandbox tenant in a process of its own, without a rate limit. */
export async function serveTenant(executable: string): Promise<Tenant> {
  const child = Bun.spawn([executable, "sandbox", "--rate-limit", "0", "--json"], {
    stdout: "pipe",
    stderr: "inherit",
  });
  const { value: line } = await child.stdout.pipeThrough(new TextDecoderStream()).getReader().read();
  const told = asObject(parseJson(line ?? "")) ?? {};
  const text = (key: string) => asString(told[key]) ?? "";
  const token = text("token");
  return {
    url: text("url"),
    domain: text("domain"),
    clientId: text("client_id"),
    clientSecret: text("client_secret"),
    headers: { authorization: `Bearer ${token}` },
    environment: { AUTH0_DOMAIN: text("domain"), AUTH0_TOKEN: token },
    async stop() {
      child.kill();
      await child.exited;
    },
  };
}
