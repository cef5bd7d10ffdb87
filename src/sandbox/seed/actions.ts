import { randomText } from "../ids.ts";
import { startBuild, versionOf } from "../resources/action-builds.ts";
import type { ActionContent, ActionRecord } from "../resources/action-records.ts";
import type { TenantState } from "../state.ts";
import { renderedFormId } from "./forms.ts";

const day = 24 * 60 * 60 * 1000;
const minute = 60 * 1000;

const profileCode = `exports.onExecutePostLogin = async (event, api) => {
  if (!event.user.user_metadata.company) {
    api.prompt.render("${renderedFormId}");
  }
};

exports.onContinuePostLogin = async (event, api) => {};
`;

const rolesCode = `exports.onExecutePostLogin = async (event, api) => {
  const roles = event.authorization?.roles ?? [];
  api.idToken.setCustomClaim("https://example.com/roles", roles);
};
`;

const registrationCode = `const axios = require("axios");

exports.onExecutePreUserRegistration = async (event, api) => {
  const { data } = await axios.get("https://crm.example.com/blocked", {
    params: { email: event.user.email },
    headers: { authorization: \`Bearer \${event.secrets.CRM_API_KEY}\` },
  });
  if (data.blocked) api.access.deny("blocked", "Registration is not possible.");
};
`;

/**
 * Three actions of the demo tenant: one that runs after every login, one that is built and not deployed, and one
 * before registration that is deployed, not bound, and has a dependency and a secret.
 */
export function seedActions(state: TenantState): void {
  const postLogin = {
    runtime: "node22",
    dependencies: [],
    secrets: [],
    trigger: { id: "post-login", version: "v3" },
  };
  const profile = add(state, "6d0e2f8a-3b1c-4f57-9e64-0a7c5d1b2e93", "Complete profile after login", 20, {
    ...postLogin,
    code: profileCode,
  });
  deploy(state, profile, "f3a9b7c1-58d2-4e06-b1f4-92c6e07d3a85");
  add(state, "b84c19d7-72e5-4a3f-8d06-e5f1c2a9b038", "Add roles to tokens", 2, {
    ...postLogin,
    code: rolesCode,
  });
  const savedAt = state.clock.now() - 9 * day;
  const registration = add(
    state,
    "1f5a7e3c-94b8-4d21-a6c0-8b3e6f2d9714",
    "Check registrations in the CRM",
    9,
    {
      code: registrationCode,
      runtime: "node22",
      dependencies: [{ name: "axios", version: "1.7.9" }],
      secrets: [{ name: "CRM_API_KEY", value: randomText(40), updatedAt: savedAt }],
      trigger: { id: "pre-user-registration", version: "v2" },
    },
  );
  deploy(state, registration, "c72d40e6-1b9f-4835-95ae-6f08d3b1c7e2");
  bind(state, profile);
}

function add(
  state: TenantState,
  id: string,
  name: string,
  age: number,
  content: ActionContent,
): ActionRecord {
  const savedAt = state.clock.now() - age * day;
  const draft = startBuild(content, savedAt);
  const record: ActionRecord = { id, name, createdAt: savedAt, updatedAt: savedAt, draft, versions: [] };
  state.actions.set(id, record);
  return record;
}

function deploy(state: TenantState, record: ActionRecord, versionId: string): void {
  const version = versionOf(record, record.draft, versionId, record.createdAt + minute);
  state.actions.set(record.id, { ...record, versions: [version] });
}

function bind(state: TenantState, { id, name, createdAt, draft }: ActionRecord): void {
  const boundAt = createdAt + 2 * minute;
  const binding = {
    id: "0c8e5b2f-6a41-4d97-b3e8-7d19f4a6c250",
    actionId: id,
    displayName: name,
    createdAt: boundAt,
    updatedAt: boundAt,
  };
  state.bindings.set(draft.content.trigger.id, [binding]);
}
