import { untilAborted } from "../../lib/cancellation.ts";
import { parseDuration } from "../../lib/duration.ts";
import { Exit, usageError } from "../../lib/errors.ts";
import { serveSandbox } from "../../sandbox/serve.ts";
import { defineCommand } from "../command.ts";

export const sandbox = defineCommand({
  meta: {
    name: "sandbox",
    description: "Serve a demo tenant on 127.0.0.1 that behaves like Auth0; nothing is kept",
  },
  args: {
    port: { type: "string", description: "Port to listen on (default: any free one)", valueHint: "number" },
    seed: {
      type: "enum",
      description: "What the tenant holds at the start (default: demo)",
      options: ["demo", "empty"],
    },
    "rate-limit": {
      type: "string",
      description: "Requests a second, and as a burst; 0 for no limit (default: 50)",
      valueHint: "number",
    },
    "token-ttl": {
      type: "string",
      description: "How long its access tokens last: seconds, or a number with s, m or h (default: 24h)",
      valueHint: "time",
    },
    "auto-approve": { type: "boolean", description: "Approve every sign-in by device flow" },
    deny: { type: "boolean", description: "Deny every sign-in by device flow" },
    "slow-down": {
      type: "string",
      description: "Tell each sign-in so many times to poll more slowly (default: 0)",
      valueHint: "number",
    },
    json: { type: "boolean", description: "Print one line of JSON for scripts" },
  },
  examples: [
    { does: "Serve the demo tenant", type: "sandbox" },
    {
      does: "Serve an empty one for a script, on a given port",
      type: "sandbox --seed empty --port 4000 --json",
    },
  ],
  async run(args, { output, interrupt }) {
    if (args["auto-approve"] === true && args.deny === true) {
      throw usageError("--auto-approve and --deny exclude each other.");
    }
    const { tenant, stop } = await serveSandbox({
      seed: args.seed === "empty" ? "empty" : "demo",
      port: args.port === undefined ? 0 : wholeNumber(args.port, "--port", 65_535),
      rateLimit:
        args["rate-limit"] === undefined ? 50 : wholeNumber(args["rate-limit"], "--rate-limit", 1_000_000),
      tokenTtl: parseDuration(args["token-ttl"] ?? "24h", "--token-ttl"),
      signIn: {
        decision: args["auto-approve"] === true ? "approve" : args.deny === true ? "deny" : "ask",
        slowDowns: args["slow-down"] === undefined ? 0 : wholeNumber(args["slow-down"], "--slow-down", 100),
      },
    });
    const facts = {
      url: tenant.url,
      domain: tenant.domain,
      token: await tenant.issueToken(),
      client_id: tenant.clientId,
      client_secret: tenant.clientSecret,
    };
    if (args.json === true) await output.data(JSON.stringify(facts));
    else {
      const lines = [
        `Sandbox tenant at ${facts.url}. Ctrl+C ends it; nothing is kept.`,
        "",
        `AUTH0_DOMAIN=${facts.domain}`,
        `AUTH0_TOKEN=${facts.token}`,
        "",
        `client_id      ${facts.client_id}`,
        `client_secret  ${facts.client_secret}`,
      ];
      await output.data(lines.join("\n"));
    }
    await untilAborted(interrupt);
    await stop();
    return Exit.done;
  },
});

function wholeNumber(text: string, flag: string, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= most)) throw usageError(`${flag} must be a whole number from 0 to ${most}, not "${text}".`);
  return value;
}
