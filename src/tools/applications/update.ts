import { z } from "zod";
import type { JsonObject } from "../../lib/json.ts";
import { readObject } from "../../management/envelope.ts";
import { path } from "../../management/path.ts";
import { defineTool } from "../define.ts";
import { withoutEmpty } from "../nested.ts";
import { given } from "../objects.ts";
import { clientId } from "../params.ts";
import { requireSettings } from "../settings.ts";
import { completedSettings, showsSettings } from "./completed.ts";
import { changedSettings } from "./kept.ts";
import { changedApplicationSettings } from "./settings.ts";

export const updateApplication = defineTool({
  name: "auth0_update_application",
  title: "Update application",
  kind: "update",
  toolset: "applications",
  scopes: ["update:clients"],
  description:
    "Change settings of an application. What is not given stays, in objects too; lists are replaced.",
  input: z.strictObject({ client_id: clientId, ...changedApplicationSettings }),
  async run({ client_id, ...input }, context) {
    const settings = withoutEmpty(given(input));
    requireSettings(settings, Object.keys(changedApplicationSettings));
    const application = path`/clients/${client_id}`;
    return context.exclusively(application, async () => {
      const body = await completedSettings(context, application, settings);
      const after = (present: JsonObject) => changedSettings(present, body);
      return readObject(await context.api.patch(application, body, { showsSettings, after }));
    });
  },
});
