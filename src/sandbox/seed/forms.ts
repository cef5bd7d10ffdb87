import type { JsonObject } from "../../lib/json.ts";
import type { TenantState } from "../state.ts";

const day = 24 * 60 * 60 * 1000;

/** The form that a seeded action renders. */
export const renderedFormId = "ap_8fQmT2vYkZ4sNcW6hRjLpB";
/** A form that no action renders. */
export const unusedFormId = "ap_Xk3DgP9wUe7aVtC5yHbMnS";

/** Two forms of the demo tenant: a profile that people see after login, and terms that nobody sees yet. */
export function seedForms(state: TenantState): void {
  add(state, 21, {
    id: renderedFormId,
    name: "Complete your profile",
    description: "Asks for what is missing in the profile",
    languages: { primary: "en" },
    nodes: [
      step("step_profile", [
        field("full_name", "TEXT", "Full name"),
        field("company", "TEXT", "Company"),
        { id: "next_button_profile", category: "BLOCK", type: "NEXT_BUTTON", config: { text: "Continue" } },
      ]),
      {
        id: "flow_save_profile",
        type: "FLOW",
        coordinates: { x: 900, y: 0 },
        config: { flow_id: "af_12tMpdJ3iek7svMyZkSh5M", next_node: "$ending" },
      },
    ],
    start: { next_node: "step_profile", coordinates: { x: 0, y: 0 } },
    ending: { resume_flow: true, coordinates: { x: 1300, y: 0 } },
  });
  add(state, 3, {
    id: unusedFormId,
    name: "Accept the new terms",
    languages: { primary: "en" },
    nodes: [
      step("step_terms", [
        {
          id: "terms_text",
          category: "BLOCK",
          type: "RICH_TEXT",
          config: { content: "<p>Our terms have changed.</p>" },
        },
        { ...field("accept_terms", "LEGAL", "I accept the terms"), required: true },
        { id: "next_button_terms", category: "BLOCK", type: "NEXT_BUTTON", config: { text: "Continue" } },
      ]),
    ],
    start: { next_node: "step_terms" },
    ending: { resume_flow: true },
    style: { css: "body { font-family: sans-serif }" },
  });
}

function add(state: TenantState, age: number, form: JsonObject): void {
  const created = new Date(state.clock.now() - age * day).toISOString();
  state.forms.set(String(form["id"]), { ...form, created_at: created, updated_at: created });
}

function step(id: string, components: JsonObject[]): JsonObject {
  return { id, type: "STEP", coordinates: { x: 500, y: 0 }, config: { components, next_node: "$ending" } };
}

function field(id: string, type: string, label: string): JsonObject {
  return { id, category: "FIELD", type, label, config: {} };
}
