import { z } from "zod";
import { asString, asStrings } from "../../lib/json.ts";
import type { ReadApi } from "../../management/api.ts";
import { readList, readObject } from "../../management/envelope.ts";
import { path } from "../../management/path.ts";
import { explainConflict } from "../../management/recovery.ts";
import { defineTool } from "../define.ts";
import { listed } from "../listed.ts";
import { given } from "../objects.ts";
import { clientId } from "../params.ts";
import { oneOf } from "../values.ts";
import { audience } from "./audience.ts";

export const createApplicationGrant = defineTool({
  name: "auth0_create_application_grant",
  title: "Create application grant",
  kind: "create",
  toolset: "grants",
  scopes: ["create:client_grants"],
  description: "Let an application get tokens for an API with these scopes (client grant).",
  input: z.strictObject({
    client_id: clientId,
    audience,
    scope: z.array(z.string().min(1).max(280)).describe("Scopes of the API"),
    subject_type: oneOf("client", "user").optional(),
  }),
  async run(input, { api }) {
    return readObject(
      await explainConflict(
        api.post(path`/client-grants`, given(input)),
        "See it with auth0_list_application_grants, client_id and audience (scope read:client_grants).",
        () => describeExisting(api, input),
      ),
    );
  },
});

interface Parties {
  readonly client_id: string;
  readonly audience: string;
  readonly subject_type?: string | undefined;
}

/** Says which grant there is between these already; `undefined` when none is found. */
async function describeExisting(api: ReadApi, { client_id, audience, subject_type = "client" }: Parties) {
  const query = { client_id, audience, per_page: 100, include_totals: true };
  const { items } = readList(await api.get(path`/client-grants`, query), "client_grants");
  const existing = items.find((grant) => (asString(grant["subject_type"]) ?? "client") === subject_type);
  if (existing === undefined) return undefined;
  const scopes = asStrings(existing["scope"]);
  const allowed = scopes.length === 0 ? "without scopes" : `with the scopes ${listed(scopes)}`;
  return `The existing grant is ${asString(existing["id"])}, ${allowed}.`;
}
