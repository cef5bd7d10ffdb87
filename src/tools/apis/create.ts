import { z } from "zod";
import { readObject } from "../../management/envelope.ts";
import { path } from "../../management/path.ts";
import { defineTool } from "../define.ts";
import { given } from "../objects.ts";
import { resourceServerSettings, webLifetimeFits, webLifetimeIssue } from "./settings.ts";

export const createResourceServer = defineTool({
  name: "auth0_create_resource_server",
  title: "Create API",
  kind: "create",
  toolset: "apis",
  scopes: ["create:resource_servers"],
  description: "Create an API (resource server).",
  input: z
    .strictObject({
      identifier: z.string().min(1).max(600).describe("Audience, often a URL; final"),
      ...resourceServerSettings,
    })
    .refine(webLifetimeFits, webLifetimeIssue),
  async run(input, { api, notice }) {
    const settings = given(input);
    if (input.signing_alg !== undefined) return readObject(await api.post(path`/resource-servers`, settings));
    notice("signing_alg: RS256 was set, as none was given.");
    return readObject(await api.post(path`/resource-servers`, { ...settings, signing_alg: "RS256" }));
  },
});
