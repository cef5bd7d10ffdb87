import { describe, expect, test } from "bun:test";
import { rendersForm } from "../../src/tools/forms/rendering.ts";

const ID = "ap_Xk3DgP9wUe7aVtC5yHbMnS";

describe("code that renders the form", () => {
  test.each([
    ["a call", `exports.f = async (event, api) => { api.prompt.render("${ID}"); };`],
    ["other quotes and fields", `api.prompt.render('${ID}', { fields: { a: 1 } })`],
    ["a template", `api.prompt.render(\`${ID}\`)`],
    ["blanks and comments between", `api . prompt\n  . render( /* the form */ "${ID}" )`],
    ["optional access", `api.prompt?.render?.("${ID}")`],
    ["members as texts", `api["prompt"]["render"]("${ID}")`],
    ["a constant", `const FORM_ID = "${ID}"; f(api.prompt.render(FORM_ID, {}))`],
    ["a member", `const FORMS = { terms: "${ID}", other: "ap_other" }; api.prompt.render(FORMS.terms)`],
    ["a choice", `api.prompt.render(late ? "ap_other" : "${ID}")`],
    ["a function of its own", `const show = (api, id) => api.prompt.render(id); show(api, "${ID}");`],
    [
      "patterns and divisions before",
      `const r = a / 2; x = /['"\`/*]/.test(y) ? /\\/"/ : 1; api.prompt.render("${ID}")`,
    ],
    ["a filled template around", `log(\`\${{ a: \`\${api.prompt.render("${ID}")}\` }}\`)`],
    ["code that does not parse", `} ) broken api.prompt.render("${ID}"`],
  ])("with %s", (_, code) => {
    expect(rendersForm(code, ID)).toBe("yes");
  });
});

describe("code that does not", () => {
  test.each([
    ["no code", ""],
    ["another form", 'api.prompt.render("ap_other")'],
    ["an id that only begins the same", `api.prompt.render("${ID}x")`],
    ["a comment to the end of the line", `// api.prompt.render("${ID}")`],
    ["a comment over lines", `/* api.prompt.render("${ID}") */ api.access.deny("no")`],
    ["a text", `console.log("api.prompt.render('${ID}')")`],
    ["a template's text", `console.log(\`api.prompt.render('${ID}') \${1}\`)`],
    ["a pattern", `/api.prompt.render("${ID}")/.test(x)`],
    ["a mention elsewhere", `api.prompt.render("ap_other"); if (event.prompt.id === "${ID}") return`],
    ["a name bound to another form", `const A = "ap_other"; const B = "${ID}"; api.prompt.render(A)`],
    ["an open template", `\`\${\`\${`],
    ["a call of nothing", "api.prompt.render()"],
  ])("%s", (_, code) => {
    expect(rendersForm(code, ID)).toBe("no");
  });

  test("is told apart from code that cannot be told", () => {
    expect(rendersForm("api.prompt.render(event.secrets.FORM_ID)", ID)).toBe("unknown");
  });
});
