import { options } from "../../config/options.ts";
import { Exit } from "../../lib/errors.ts";
import { applicationFlags, applicationOf } from "../application-flags.ts";
import { booleanFlag, defineCommand, stringFlag } from "../command.ts";

export const login = defineCommand({
  meta: { name: "login", description: "Sign in to a tenant, in the browser or as an application" },
  args: {
    tenant: stringFlag({ ...options.tenant, default: "the one chosen in the browser" }),
    scopes: stringFlag(options.scopes),
    "read-only": booleanFlag({ ...options.readOnly, help: "Ask only for scopes that read" }),
    tools: stringFlag({ ...options.tools, help: "Ask for no more than these tools need" }),
    "exclude-tools": stringFlag({ ...options.excludeTools, help: "Leave these tools out of that" }),
    interaction: {
      type: "boolean",
      description: "Ask questions on a terminal",
      negativeDescription: "Ask nothing; open the browser at once where there is one",
    },
    ...applicationFlags,
  },
  examples: [
    { does: "Sign in in the browser, to read", type: "login --scopes 'read:*'" },
    {
      does: "Sign in to a given tenant with what the application tools need",
      type: "login --tenant acme.eu.auth0.com --tools '*application*' --scopes '*'",
    },
    {
      does: "Sign in as an application, on a server",
      type: "login --auth0-domain acme.eu.auth0.com --auth0-client-id <id> --auth0-client-secret-stdin < secret",
    },
  ],
  variables: [options.loginDomain, options.loginClientId, options.store],
  async run(args, invocation) {
    const asked = { ...args, interaction: args.interaction ?? true };
    const application = await applicationOf(asked, invocation);
    if (application === undefined) {
      const { loginByDevice } = await import("../login-device.ts");
      await loginByDevice(asked, invocation);
    } else {
      const { loginAsApplication } = await import("../login-application.ts");
      await loginAsApplication(application, asked.interaction, invocation);
    }
    return Exit.done;
  },
});
