import { z } from "zod";
import { asObject } from "../../lib/json.ts";
import { readObject } from "../../management/envelope.ts";
import { path } from "../../management/path.ts";
import { readIfAllowed } from "../../management/recovery.ts";
import { defineTool } from "../define.ts";
import { completeNested, nestedNames } from "../nested.ts";
import { clientId, given } from "../params.ts";
import { requireSettings } from "../settings.ts";
import { keptSettings } from "./kept.ts";
import { applicationName, applicationSettings } from "./settings.ts";

const settingsInput = { name: applicationName.optional(), ...applicationSettings };

export const updateApplication = defineTool({
  name: "auth0_update_application",
  title: "Update application",
  kind: "update",
  toolset: "applications",
  scopes: ["update:clients"],
  description:
    "Change settings of an application. What is not given stays, in objects too; lists are replaced.",
  input: z.strictObject({ client_id: clientId, ...settingsInput }),
  async run({ client_id, ...input }, { api, notice }) {
    const settings = given(input);
    requireSettings(settings, Object.keys(settingsInput));
    const application = path`/clients/${client_id}`;
    // Metadata is the one object that the API itself merges.
    const replaced = nestedNames(settings).filter((name) => name !== "client_metadata");
    const present = replaced.length === 0 ? {} : await readIfAllowed(api.get(application));
    if (present === undefined) {
      notice(
        `${replaced.join(", ")}: only the given members are kept; read:clients is needed to keep the others.`,
      );
    }
    const kept = keptSettings(asObject(present) ?? {}, settings);
    return readObject(await api.patch(application, completeNested(settings, replaced, kept)));
  },
});
