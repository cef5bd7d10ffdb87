import { asObject, asObjects, asString, asStrings, type JsonObject } from "../../lib/json.ts";
import { noContent, ok } from "../answers.ts";
import { ApiFault } from "../fault.ts";
import { randomText } from "../ids.ts";
import { offsetPage, offsetParameters } from "../paging.ts";
import type { Route, SandboxAnswer, SandboxRequest } from "../route.ts";
import type { TenantState } from "../state.ts";
import type { Schema } from "../validation.ts";
import { checkNodes, createFormSchema, updateFormSchema } from "./form-schema.ts";

const path = {
  id: { type: "string", maxLength: 30, description: "The ID of the form." },
} as const satisfies Record<string, Schema>;

const hydrate = {
  type: "array",
  items: { type: "string", enum: ["flow_count", "links"] },
  description: "Additional data.",
} as const satisfies Schema;

function listForms({ parameters }: SandboxRequest, state: TenantState): SandboxAnswer {
  const items = [...state.forms.values()].map((form) => hydrated(summary(form), form, parameters));
  const { items: forms, start, limit, total } = offsetPage(items, parameters);
  return ok(parameters["include_totals"] === true ? { limit, start, total, forms } : forms);
}

function createForm({ body }: SandboxRequest, state: TenantState): SandboxAnswer {
  checkNodes(body);
  const now = new Date(state.clock.now()).toISOString();
  const id = `ap_${randomText(22)}`;
  // Nothing else is filled in: what was not set does not appear in answers.
  const form: JsonObject = {
    id,
    ...set({}, { ending: { resume_flow: true }, ...body }),
    created_at: now,
    updated_at: now,
  };
  state.forms.set(id, form);
  return ok(form, 201);
}

function getForm({ params, parameters }: SandboxRequest, state: TenantState): SandboxAnswer {
  const form = findForm(state, params["id"]);
  return ok(hydrated(form, form, parameters));
}

function updateForm({ params, body }: SandboxRequest, state: TenantState): SandboxAnswer {
  const form = findForm(state, params["id"]);
  checkNodes(body);
  const { created_at = null, updated_at: _before, ...settings } = form;
  const saved = {
    ...set(settings, body),
    created_at,
    updated_at: new Date(state.clock.now()).toISOString(),
  };
  state.forms.set(asString(form["id"]) ?? "", saved);
  return ok(saved);
}

function deleteForm({ params }: SandboxRequest, state: TenantState): SandboxAnswer {
  const form = findForm(state, params["id"]);
  state.forms.delete(asString(form["id"]) ?? "");
  return noContent;
}

function findForm(state: TenantState, id: string | undefined): JsonObject {
  const form = id === undefined ? undefined : state.forms.get(id);
  if (!form) throw new ApiFault(404, "Form not found");
  return form;
}

/** The settings with the changes; a setting is replaced as a whole, and `null` removes it. */
function set(settings: JsonObject, changes: JsonObject): JsonObject {
  const style = asObject(changes["style"]);
  const all = { ...settings, ...changes, ...(style && { style: shownStyle(style) }) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}

/** A style with a version or a theme was recorded with `css: null` where it had none. */
function shownStyle(style: JsonObject): JsonObject {
  const isThemed = style["version"] !== undefined || style["theme"] !== undefined;
  return isThemed ? { ...style, css: style["css"] ?? null } : style;
}

function summary(form: JsonObject): JsonObject {
  const { id = null, name = null, description = null, created_at = null, updated_at = null } = form;
  return { id, name, description, created_at, updated_at, embedded_at: null, submitted_at: null };
}

/** `flow_count` is how many flows the form's nodes run. What `links` adds is not known; it adds nothing here. */
function hydrated(answer: JsonObject, form: JsonObject, parameters: JsonObject): JsonObject {
  if (!asStrings(parameters["hydrate"]).includes("flow_count")) return answer;
  const flows = asObjects(form["nodes"]).map((node) => asString(asObject(node["config"])?.["flow_id"]));
  return { ...answer, flow_count: new Set(flows.filter((flow) => flow !== undefined)).size };
}

/** Forms. There is no operation that publishes one: an action renders it. */
export const formRoutes: readonly Route[] = [
  {
    method: "GET",
    pattern: "/forms",
    scopes: ["read:forms"],
    query: { ...offsetParameters, page: { ...offsetParameters.page, maximum: 1000 }, hydrate },
    handle: listForms,
  },
  {
    method: "POST",
    pattern: "/forms",
    scopes: ["create:forms"],
    body: createFormSchema,
    event: "Create a form",
    handle: createForm,
  },
  { method: "GET", pattern: "/forms/:id", scopes: ["read:forms"], path, query: { hydrate }, handle: getForm },
  {
    method: "PATCH",
    pattern: "/forms/:id",
    scopes: ["update:forms"],
    path,
    body: updateFormSchema,
    event: "Update a form",
    handle: updateForm,
  },
  {
    method: "DELETE",
    pattern: "/forms/:id",
    scopes: ["delete:forms"],
    path,
    event: "Delete a form",
    handle: deleteForm,
  },
];
