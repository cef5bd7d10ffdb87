import { options } from "../../config/options.ts";
import { Exit, usageError } from "../../lib/errors.ts";
import { booleanFlag, defineCommand, stringFlag } from "../command.ts";

const machineFlags = {
  [options.loginTenant.flag]: stringFlag(options.loginTenant),
  [options.loginApplication.flag]: stringFlag(options.loginApplication),
  [options.clientSecret.flag]: stringFlag(options.clientSecret),
  [options.clientSecretStdin.flag]: booleanFlag(options.clientSecretStdin),
  [options.privateKey.flag]: stringFlag(options.privateKey),
  [options.loginAudience.flag]: stringFlag(options.loginAudience),
} as const;

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
    ...machineFlags,
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
  async run(args, invocation) {
    const given = Object.keys(machineFlags).filter((flag) => args[flag] !== undefined);
    if (given.length === 0) {
      const { loginByDevice } = await import("../login-device.ts");
      await loginByDevice({ ...args, interaction: args.interaction ?? true }, invocation);
      return Exit.done;
    }
    if (args.tenant !== undefined) {
      throw usageError(
        `--tenant is for signing in in the browser, --${given[0]} for signing in as an application.`,
      );
    }
    const { checkApplication, loginAsApplication } = await import("../login-application.ts");
    const interaction = args.interaction ?? true;
    const application = await checkApplication(
      {
        ...args,
        domain: args["auth0-domain"],
        clientId: args["auth0-client-id"],
        secret: args["auth0-client-secret"],
        secretFromStdin: args["auth0-client-secret-stdin"],
        keyFile: args["auth0-private-key"],
        audience: args.audience,
        interaction,
      },
      invocation,
    );
    await loginAsApplication(application, interaction, invocation);
    return Exit.done;
  },
});
