import { beforeEach, describe, expect, test } from "bun:test";
import { asObjects, type JsonObject } from "../../src/lib/json.ts";
import { type StartedTenant, startTenant } from "../support/tenant.ts";
import { walk } from "./walk.ts";

let tenant: StartedTenant;
beforeEach(async () => {
  tenant = await startTenant();
});

/** A new form, by the tool itself. */
async function created(settings: JsonObject = {}): Promise<string> {
  return String((await tenant.data("auth0_create_form", { name: "Terms", ...settings }))["id"]);
}

const whole: JsonObject = {
  name: "Terms",
  description: "Asks for consent",
  nodes: [{ id: "terms", type: "STEP", config: { components: [], next_node: "$ending" } }],
  start: {
    next_node: "terms",
    hidden_fields: [{ key: "source", value: "login" }, { key: "empty" }],
    coordinates: { x: -10, y: 0 },
  },
  ending: {
    redirection: { target: "https://app.example.com", delay: 10 },
    after_submit: { flow_id: "af_1" },
    coordinates: { x: 5, y: 5 },
    resume_flow: true,
  },
  style: { css: "body { color: red }" },
  languages: { primary: "en", default: "de" },
  translations: { de: { title: "Bedingungen" } },
  messages: { errors: { ERR_REQUIRED: "Needed" }, custom: {} },
};

describe("auth0_list_forms", () => {
  test("shows a summary, the total, and the fields asked for beside the id", async () => {
    const id = await created({ description: "Asks for consent" });
    const time = "2026-05-04T10:00:00.000Z";
    expect(await tenant.data("auth0_list_forms")).toEqual({
      forms: [{ id, name: "Terms", description: "Asks for consent", created_at: time, updated_at: time }],
      total: 1,
      next: null,
    });
    const args = { fields: ["name"], include_totals: false };
    expect(await tenant.data("auth0_list_forms", args)).toEqual({
      forms: [{ id, name: "Terms" }],
      next: null,
    });
  });

  test.each([1, 2, 5, 100])("a walk at %d a page gives every form once", async (per_page) => {
    for (let number = 0; number < 5; number++) await created({ name: `Form ${number}` });
    const { items, answers } = await walk(tenant, "auth0_list_forms", "forms", { per_page });
    expect(items.map((item) => item["name"])).toEqual(
      Array.from({ length: 5 }, (_, number) => `Form ${number}`),
    );
    expect(answers.length).toBeLessThanOrEqual(Math.ceil(5 / per_page));
    expect((await tenant.data("auth0_list_forms", { per_page, page: 900 }))["next"]).toBeNull();
  });

  test.each([
    [{ page: 1001 }, "page"],
    [{ per_page: 0 }, "per_page"],
    [{ per_page: 101 }, "per_page"],
    [{ name: "x" }, "unknown argument: name"],
  ])("refuses %j before anything is sent", async (args, named) => {
    const { code, message } = await tenant.error("auth0_list_forms", args);
    expect(code).toBe("invalid_arguments");
    expect(message).toContain(named);
    expect(tenant.requests).toEqual([]);
  });
});

describe("auth0_get_form", () => {
  test("gives the form as the API does, or a part of it", async () => {
    const id = await created(whole);
    expect(await tenant.data("auth0_get_form", { id })).toMatchObject({ id, ...whole });
    const part = await tenant.data("auth0_get_form", { id, fields: ["nodes"], offset: 1 });
    expect(part).toEqual({ nodes: [] });
  });

  test("of an unknown form is the API's 404", async () => {
    const error = await tenant.error("auth0_get_form", { id: "ap_none" });
    expect(error).toMatchObject({ code: "not_found", status: 404, message: "Form not found" });
  });
});

describe("auth0_create_form", () => {
  test("sends every setting as it was given, and nothing more", async () => {
    await tenant.data("auth0_create_form", whole);
    await tenant.data("auth0_create_form", { name: "Bare" });
    expect(tenant.requests.map(({ method, path, body }) => ({ method, path, body }))).toEqual([
      { method: "POST", path: "/forms", body: whole },
      { method: "POST", path: "/forms", body: { name: "Bare" } },
    ]);
  });

  test.each([
    [{ name: " " }, "name: must not be empty"],
    [{ name: "x".repeat(151) }, "name: must have at most 150 characters"],
    [{ style: { css: "x".repeat(5001) } }, "style.css: must have at most 5000 characters"],
    [{ style: { colour: "red" } }, "unknown argument in style: colour"],
    [{ style: { theme: "" } }, "style.theme: must not be empty"],
    [{ style: { version: 2 } }, "style.version: must be a text"],
    [{ languages: { primary: "" } }, "languages.primary"],
    [{ messages: { errors: { key: 1 } } }, "messages.errors.key"],
    [{ messages: { errors: { key: "x".repeat(256) } } }, "messages.errors.key: must have at most 255"],
    [{ start: { first_node: "a" } }, "unknown argument in start: first_node"],
    [{ start: { nextNode: "a", next_node: "b" } }, "unknown argument in start: nextNode"],
    [{ start: { hidden_fields: [{ value: "x" }] } }, "start.hidden_fields[0].key"],
    [{ start: { coordinates: { x: 1 } } }, "start.coordinates.y"],
    [{ start: { coordinates: { x: 1.5, y: 0 } } }, "start.coordinates.x"],
    [{ ending: { redirection: { delay: 1 } } }, "ending.redirection.target"],
    [{ ending: { redirection: { target: "/", delay: 11 } } }, "ending.redirection.delay"],
    [{ ending: { redirection: { target: "/", url: "x" } } }, "unknown argument in ending.redirection: url"],
    [{ ending: { resume_flow: false } }, "ending.resume_flow: can only be true"],
    [{ nodes: ["step"] }, "nodes[0]"],
    [{ translations: [] }, "translations"],
    [{ published: true }, "unknown argument: published"],
  ])("refuses %j before anything is sent", async (args, named) => {
    const { code, message } = await tenant.error("auth0_create_form", { name: "Terms", ...args });
    expect(code).toBe("invalid_arguments");
    expect(message).toContain(named);
    expect(tenant.requests).toEqual([]);
  });

  test("passes on what the API has against a node", async () => {
    const error = await tenant.error("auth0_create_form", {
      name: "Terms",
      nodes: [{ id: "a", type: "NONE" }],
    });
    expect(error).toMatchObject({ code: "invalid_request", status: 400 });
    expect(error["message"]).toContain("nodes[0]");
  });

  test("a dry run shows the request and sends none", async () => {
    const { requests } = await tenant.data("auth0_create_form", { ...whole, dry_run: true });
    expect(requests).toEqual([{ method: "POST", path: "/api/v2/forms", body: whole }]);
    expect(tenant.requests).toEqual([]);
  });

  test("a token without the scope is told which one is missing, before anything is sent", async () => {
    const limited = await startTenant({ scopes: ["read:forms"] });
    const { code, message } = await limited.error("auth0_create_form", { name: "Terms" });
    expect(code).toBe("insufficient_scope");
    expect(message).toContain("create:forms");
    expect(limited.requests).toEqual([]);
  });
});

describe("what was read of a form can be sent back", () => {
  const themed = { version: "MODERN", theme: "SOFT" };

  test("a style with version and theme, although its css is null in answers", async () => {
    const id = await created({ style: themed });
    const { style = null } = await tenant.data("auth0_get_form", { id, fields: ["style"] });
    expect(style).toEqual({ ...themed, css: null });
    await tenant.data("auth0_update_form", { id, style });
    expect(tenant.requests.at(-1)?.body).toEqual({ style: themed });
    expect((await tenant.data("auth0_get_form", { id }))["style"]).toEqual(style);
    await tenant.data("auth0_create_form", { name: "Copy", style });
    expect(tenant.requests.at(-1)?.body).toEqual({ name: "Copy", style: themed });
  });

  test("every part, as the API has answered it in other years", async () => {
    const answered: JsonObject = {
      id: "ap_old",
      name: "Terms",
      messages: { custom: {}, errors: null },
      languages: { primary: "en", default: null },
      translations: {},
      start: { hiddenFields: [{ key: "a", value: null }], nextNode: "terms", coordinates: null },
      nodes: [],
      ending: {
        content: null,
        redirection: { delay: null, target: "/" },
        callback: null,
        afterSubmit: { flowId: null, email: null },
        resumeFlow: true,
        coordinates: null,
      },
      style: { ...themed, css: null },
    };
    tenant = await startTenant({
      intercept: ({ method }) => (method === "GET" ? Response.json(answered) : undefined),
    });
    const id = await created();
    const { id: _, ...read } = await tenant.data("auth0_get_form", { id });
    await tenant.data("auth0_update_form", { id, ...read });
    expect(tenant.requests.at(-1)?.body).toEqual({
      name: "Terms",
      messages: { custom: {} },
      languages: { primary: "en" },
      translations: {},
      start: { hidden_fields: [{ key: "a" }], next_node: "terms" },
      nodes: [],
      ending: { redirection: { target: "/" }, after_submit: {}, resume_flow: true },
      style: themed,
    });
  });

  test("texts keep their keys, whatever they are called", async () => {
    const messages = { custom: { nextNode: "Next", flowId: "Flow" } };
    const id = await created({ messages });
    await tenant.data("auth0_update_form", { id, messages });
    expect(tenant.requests.at(-1)?.body).toEqual({ messages });
  });
});

describe("auth0_update_form", () => {
  test("sends only what changes", async () => {
    const id = await created(whole);
    const answer = await tenant.data("auth0_update_form", { id, name: "New terms", style: {} });
    expect(tenant.requests.at(-1)).toMatchObject({
      method: "PATCH",
      path: `/forms/${id}`,
      body: { name: "New terms", style: {} },
    });
    expect(answer).toMatchObject({ ...whole, name: "New terms", style: {} });
  });

  test("with nothing to change is refused with the settings there are", async () => {
    const { code, message } = await tenant.error("auth0_update_form", { id: "ap_1" });
    expect(code).toBe("invalid_arguments");
    expect(message).toContain("name, description, nodes, start, ending, style, languages");
    expect(tenant.requests).toEqual([]);
  });

  test("a dry run shows old and new value and changes nothing", async () => {
    const id = await created({ description: "Old" });
    tenant.requests.length = 0;
    const args = { id, name: "Terms", description: "New", dry_run: true };
    const { requests } = await tenant.data("auth0_update_form", args);
    expect(asObjects(requests)[0]?.["changes"]).toEqual({ description: { from: "Old", to: "New" } });
    expect(tenant.requests.map(({ method }) => method)).toEqual(["GET"]);
    expect(tenant.sandbox.state.forms.get(id)?.["description"]).toBe("Old");
  });

  test("of an unknown form is the API's 404", async () => {
    expect(await tenant.error("auth0_update_form", { id: "ap_none", name: "x" })).toMatchObject({
      status: 404,
    });
  });
});
