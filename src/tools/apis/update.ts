import { z } from "zod";
import { asObjects, asString, type JsonObject } from "../../lib/json.ts";
import { readObject } from "../../management/envelope.ts";
import { path } from "../../management/path.ts";
import { defineTool } from "../define.ts";
import { listed } from "../listed.ts";
import { completeNested, nestedNames, withoutEmpty } from "../nested.ts";
import { given } from "../objects.ts";
import { requireSettings } from "../settings.ts";
import { resourceServerId, resourceServerSettings, webLifetimeFits, webLifetimeIssue } from "./settings.ts";

export const updateResourceServer = defineTool({
  name: "auth0_update_resource_server",
  title: "Update API",
  kind: "update",
  toolset: "apis",
  scopes: ["read:resource_servers", "update:resource_servers"],
  description: "Change settings of an API. The list of scopes is replaced as a whole.",
  input: z
    .strictObject({ id: resourceServerId, ...resourceServerSettings })
    .refine(webLifetimeFits, webLifetimeIssue),
  async run({ id, ...input }, { api, notice, readPresent, exclusively }) {
    const settings = withoutEmpty(given(input));
    requireSettings(settings, Object.keys(resourceServerSettings));
    const resourceServer = path`/resource-servers/${id}`;
    return exclusively(resourceServer, async () => {
      const answer = await readPresent(resourceServer);
      const present = answer === undefined ? {} : readObject(answer);
      const disappearing = scopeValues(present).filter((value) => !scopeValues(settings).includes(value));
      if (settings["scopes"] !== undefined && disappearing.length > 0) {
        notice(`scopes replaces the whole list; these values disappear: ${listed(disappearing)}.`);
      }
      const body = completeNested(settings, nestedNames(settings), present);
      return readObject(await api.patch(resourceServer, body));
    });
  },
});

function scopeValues(resourceServer: JsonObject): string[] {
  return asObjects(resourceServer["scopes"]).flatMap((scope) => asString(scope["value"]) ?? []);
}
