import { beforeEach, describe, expect, test } from "bun:test";
import { asObjects, asString, type JsonObject } from "../../src/lib/json.ts";
import { formRoutes } from "../../src/sandbox/resources/forms.ts";
import { renderedFormId, seedForms, unusedFormId } from "../../src/sandbox/seed/forms.ts";
import { type Harness, type Reply, serveRoutes } from "./resource-harness.ts";

let tenant: Harness;

const create = (body: JsonObject) => tenant.call("POST", "/forms", body);
const idOf = ({ object }: Reply) => asString(object["id"]) ?? "";
const step = (components: JsonObject[]): JsonObject => ({
  id: "step_1",
  type: "STEP",
  config: { components },
});

beforeEach(() => {
  tenant = serveRoutes(formRoutes);
});

describe("create", () => {
  test("answers 201 with what was set, an ending, and times", async () => {
    const { status, object } = await create({ name: "Profile", languages: { primary: "en" } });
    expect(status).toBe(201);
    expect(object).toEqual({
      id: expect.stringMatching(/^ap_[A-Za-z0-9]{22}$/),
      name: "Profile",
      languages: { primary: "en" },
      ending: { resume_flow: true },
      created_at: "2026-05-04T10:00:00.000Z",
      updated_at: "2026-05-04T10:00:00.000Z",
    });
  });

  test("takes every setting, and a description that is not in the API's document", async () => {
    const body: JsonObject = {
      name: "F".repeat(150),
      description: "For new people",
      messages: { errors: { REQUIRED: "Please fill in" }, custom: { hello: "Hello" } },
      languages: { primary: "en", default: "de" },
      translations: { de: { title: "Profil" } },
      nodes: [
        step([
          {
            id: "name",
            category: "FIELD",
            type: "TEXT",
            label: "Name",
            required: true,
            config: { multiline: false },
          },
          { id: "next", category: "BLOCK", type: "NEXT_BUTTON", config: { text: "Next" } },
        ]),
        {
          id: "route",
          type: "ROUTER",
          config: { rules: [{ id: "r", condition: {}, next_node: "flow" }], fallback: "$ending" },
        },
        {
          id: "flow",
          type: "FLOW",
          alias: "Save",
          coordinates: { x: 1, y: -1 },
          config: { flow_id: "af_1", next_node: "$ending" },
        },
      ],
      start: {
        hidden_fields: [{ key: "source", value: "web" }],
        next_node: "step_1",
        coordinates: { x: 0, y: 0 },
      },
      ending: {
        redirection: { delay: 10, target: "https://example.com/" },
        after_submit: { flow_id: "af_1" },
      },
      style: { css: "a".repeat(5000) },
    };
    const reply = await create(body);
    expect(reply.status).toBe(201);
    expect(reply.object).toMatchObject(body);
    expect((await tenant.call("GET", `/forms/${idOf(reply)}`)).body).toEqual(reply.object);
  });

  test("a style with a version or a theme shows that it has no css, as recorded", async () => {
    const themed = { version: "MODERN", theme: "SOFT" };
    const reply = await create({ name: "Profile", style: themed });
    expect(reply.object["style"]).toEqual({ ...themed, css: null });
    const path = `/forms/${idOf(reply)}`;
    const css = { theme: "SOFT", css: "body {}" };
    expect((await tenant.call("PATCH", path, { style: css })).object["style"]).toEqual(css);
    expect((await tenant.call("PATCH", path, { style: {} })).object["style"]).toEqual({});
  });

  test.each<[string, JsonObject, string]>([
    ["no name", {}, "Missing required property: name"],
    ["an empty name", { name: "" }, "String is too short (0 chars), minimum 1"],
    ["a long name", { name: "F".repeat(151) }, "String is too long (151 chars), maximum 150"],
    ["a surplus property", { name: "F", published: true }, "Additional properties not allowed: published"],
    ["nodes that are no list", { name: "F", nodes: {} }, "Expected type array but found type object"],
    ["long css", { name: "F", style: { css: "a".repeat(5001) } }, "on property style.css"],
    ["a surplus style", { name: "F", style: { color: "red" } }, "Additional properties not allowed: color"],
    ["a style without a text", { name: "F", style: { css: null } }, "on property style.css"],
    [
      "a delay of 11",
      { name: "F", ending: { redirection: { delay: 11, target: "x" } } },
      "Value 11 is greater than maximum 10",
    ],
    ["resume_flow: false", { name: "F", ending: { resume_flow: false } }, "No enum match for: false"],
    ["null", { name: "F", style: null }, "Expected type object but found type null"],
    [
      "a message that is no text",
      { name: "F", messages: { errors: { A: 1 } } },
      "on property messages.errors.A",
    ],
    ["a translation that is no map", { name: "F", translations: { de: "x" } }, "on property translations.de"],
  ])("refuses %s", async (_what, body, reason) => {
    const { status, object, message } = await create(body);
    expect([status, object["errorCode"]]).toEqual([400, "invalid_body"]);
    expect(message).toContain(reason);
    expect(tenant.state.forms.size).toBe(0);
  });

  test.each<[string, JsonObject, string]>([
    ["of an unknown type", { id: "n", type: "PAGE" }, "No enum match for: PAGE"],
    ["without an id", { type: "STEP" }, "Missing required property: id"],
    [
      "that is a flow without a flow",
      { id: "n", type: "FLOW", config: {} },
      "Missing required property: flow_id",
    ],
    [
      "with a surplus setting",
      { id: "n", type: "STEP", title: "x" },
      "Additional properties not allowed: title",
    ],
    [
      "with an unknown component",
      step([{ id: "c", category: "FIELD", type: "SIGNATURE" }]),
      "No enum match for: SIGNATURE",
    ],
    [
      "with a component of the wrong category",
      step([{ id: "c", category: "BLOCK", type: "TEXT" }]),
      "on property config.components[0]",
    ],
    [
      "with a button without its settings",
      step([{ id: "c", category: "BLOCK", type: "NEXT_BUTTON" }]),
      "Missing required property: config",
    ],
  ])("refuses a node %s", async (_what, node, reason) => {
    const { status, message } = await create({ name: "F", nodes: [{ id: "ok", type: "STEP" }, node] });
    expect(status).toBe(400);
    expect(message).toStartWith(
      "Payload validation error: 'None of the valid schemas were met' on property nodes[1]. Inner errors: [ ",
    );
    expect(message).toContain(reason);
  });
});

describe("update", () => {
  test("replaces the settings it names and clears those that are null", async () => {
    const id = idOf(
      await create({ name: "Old", style: { css: "a" }, languages: { primary: "en", default: "de" } }),
    );
    tenant.clock.advance(1500);
    const { status, object } = await tenant.call("PATCH", `/forms/${id}`, {
      name: "New",
      style: null,
      languages: { primary: "fr" },
    });
    expect(status).toBe(200);
    expect(object).toEqual({
      id,
      name: "New",
      languages: { primary: "fr" },
      ending: { resume_flow: true },
      created_at: "2026-05-04T10:00:00.000Z",
      updated_at: "2026-05-04T10:00:01.500Z",
    });
    expect((await tenant.call("GET", `/forms/${id}`)).body).toEqual(object);
  });

  test("refuses what create refuses, and a null name", async () => {
    const id = idOf(await create({ name: "Old" }));
    for (const body of [{ name: null }, { name: "" }, { nodes: [{ id: "n" }] }, { id: "ap_1" }]) {
      expect((await tenant.call("PATCH", `/forms/${id}`, body)).status).toBe(400);
    }
    expect((await tenant.call("GET", `/forms/${id}`)).object["name"]).toBe("Old");
  });
});

test("a form that is gone, or never was, is a 404 without an error code", async () => {
  const id = idOf(await create({ name: "F" }));
  const deleted = await tenant.call("DELETE", `/forms/${id}`);
  expect([deleted.status, deleted.body]).toEqual([204, undefined]);
  for (const [method, body] of [["DELETE"], ["GET"], ["PATCH", { name: "G" }]] as const) {
    const { status, object } = await tenant.call(method, `/forms/${id}`, body);
    expect([status, object]).toEqual([
      404,
      { statusCode: 404, error: "Not Found", message: "Form not found" },
    ]);
  }
  expect((await tenant.call("GET", `/forms/${"x".repeat(31)}`)).object["errorCode"]).toBe("invalid_uri");
});

test("there is nothing that publishes a form", async () => {
  const id = idOf(await create({ name: "F" }));
  for (const path of [`/forms/${id}/publish`, `/forms/${id}/deploy`]) {
    expect((await tenant.call("POST", path, {})).status).toBe(404);
  }
});

describe("list", () => {
  test("answers summaries, bare or with totals", async () => {
    await create({ name: "A", description: "First" });
    await create({ name: "B", nodes: [] });
    const { list, body } = await tenant.call("GET", "/forms");
    expect(Array.isArray(body)).toBe(true);
    expect(list.map((form) => form["name"])).toEqual(["A", "B"]);
    expect(list[0]).toMatchObject({ description: "First", embedded_at: null, submitted_at: null });
    expect(Object.keys(list[1] ?? {})).toEqual([
      "id",
      "name",
      "description",
      "created_at",
      "updated_at",
      "embedded_at",
      "submitted_at",
    ]);
    const { object } = await tenant.call("GET", "/forms?include_totals=true&per_page=1&page=1");
    const { forms, ...rest } = object;
    expect(rest).toEqual({ start: 1, limit: 1, total: 2 });
    expect(asObjects(forms).map((form) => form["name"])).toEqual(["B"]);
  });

  test("counts flows when asked", async () => {
    const flow = (id: string, flowId: string): JsonObject => ({
      id,
      type: "FLOW",
      config: { flow_id: flowId },
    });
    const id = idOf(
      await create({ name: "A", nodes: [flow("a", "af_1"), flow("b", "af_1"), flow("c", "af_2")] }),
    );
    expect(
      (await tenant.call("GET", "/forms?hydrate=flow_count&hydrate=links")).list[0]?.["flow_count"],
    ).toBe(2);
    expect((await tenant.call("GET", `/forms/${id}?hydrate=flow_count`)).object["flow_count"]).toBe(2);
  });

  test("refuses what is out of range or unknown", async () => {
    for (const query of ["per_page=0", "per_page=101", "page=1001", "take=5", "hydrate=nodes"]) {
      const { status, object } = await tenant.call("GET", `/forms?${query}`);
      expect([status, object["errorCode"]]).toEqual([400, "invalid_query_string"]);
    }
  });
});

test("each operation asks for its scope and leaves its event", async () => {
  expect(formRoutes.map(({ method, scopes, event }) => [method, scopes.join(), event])).toEqual([
    ["GET", "read:forms", undefined],
    ["POST", "create:forms", "Create a form"],
    ["GET", "read:forms", undefined],
    ["PATCH", "update:forms", "Update a form"],
    ["DELETE", "delete:forms", "Delete a form"],
  ]);
});

test("the demo's forms are valid ones", async () => {
  seedForms(tenant.state);
  const { list } = await tenant.call("GET", "/forms");
  expect(list.map((form) => form["id"])).toEqual([renderedFormId, unusedFormId]);
  for (const id of [renderedFormId, unusedFormId]) {
    const {
      id: _id,
      created_at: _created,
      updated_at: _updated,
      ...body
    } = (await tenant.call("GET", `/forms/${id}`)).object;
    expect((await create(body)).status).toBe(201);
  }
});
