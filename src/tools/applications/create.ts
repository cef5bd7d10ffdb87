import { z } from "zod";
import { asObject } from "../../lib/json.ts";
import { readObject } from "../../management/envelope.ts";
import { path } from "../../management/path.ts";
import { defineTool } from "../define.ts";
import { given } from "../objects.ts";
import { applicationName, applicationSettings } from "./settings.ts";

export const createApplication = defineTool({
  name: "auth0_create_application",
  title: "Create application",
  kind: "create",
  toolset: "applications",
  scopes: ["create:clients"],
  description: "Create an application (client). To get tokens for an API it needs an application grant, too.",
  input: z.strictObject({ name: applicationName, ...applicationSettings }),
  async run(input, { api, notice }) {
    const settings = given(input);
    const jwt = asObject(settings["jwt_configuration"]);
    if (jwt?.["alg"] !== undefined) return readObject(await api.post(path`/clients`, settings));
    // The API would sign with HS256, which everyone who holds the client's secret can forge.
    notice("jwt_configuration.alg: RS256 was set, as none was given.");
    const body = { ...settings, jwt_configuration: { ...jwt, alg: "RS256" } };
    return readObject(await api.post(path`/clients`, body));
  },
});
