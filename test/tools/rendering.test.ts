import { describe, expect, test } from "bun:test";
import { rendersForm, rendersUnnamed } from "../../src/tools/forms/rendering.ts";

const ID = "ap_Xk3DgP9wUe7aVtC5yHbMnS";
const CALL = `api.prompt.render("${ID}")`;

describe("code that renders the form", () => {
  test.each([
    ["a call", `exports.f = async (event, api) => { ${CALL}; };`],
    ["other quotes and fields", `api.prompt.render('${ID}', { fields: { a: 1 } })`],
    ["a template", `api.prompt.render(\`${ID}\`)`],
    ["blanks and comments between", `api . prompt\n  . render( /* the form */ "${ID}" )`],
    ["optional access", `api.prompt?.render?.("${ID}")`],
    ["another name for the api", `exports.f = (e, { prompt }) => prompt.render("${ID}")`],
    [
      "patterns and divisions before",
      `const r = a / 2; x = /['"\`/*]/.test(y) ? /\\/"/ : 1; api.prompt.render("${ID}")`,
    ],
    ["a division behind ++", `i++ / 2; ${CALL}; j / 2`],
    ["a division behind --", `const n = i-- / 2, q = '"'; ${CALL}`],
    ["a pattern behind a condition", `if (a) /'/.test(b); ${CALL}`],
    ["a pattern behind a loop", `for await (const a of b) /"/.test(a);\nwhile (f(x)) /'/g.exec(c);\n${CALL}`],
    ["a division behind a call", `const a = f(b) / 2, c = "/"; ${CALL}`],
    ["a division behind a member called like a word", `x = a.return / 2; y = "'"; ${CALL}`],
    ["a pattern behind a word", `return /'/.test(a) || typeof /"/ || ${CALL}`],
    ["a class in a pattern", `a = /[/'"\\]]/; ${CALL}`],
    ["a filled template around", `log(\`\${{ a: \`\${api.prompt.render("${ID}")}\` }}\`)`],
    ["a pattern in a filled template", `log(\`\${/'/.test(a)} \${b / 2} '\`); ${CALL}`],
    ["a comment that holds a quote", `// it's\n/* don't */ ${CALL}`],
    ["a mention elsewhere", `if (event.prompt.id === "${ID}") return; ${CALL}`],
    ["countdowns before", `while (n --> 0) f(); ${CALL}`],
  ])("with %s", (_, code) => {
    expect(rendersForm(code, ID)).toBe("yes");
  });
});

describe("code of which only a person can tell", () => {
  test.each([
    ["a constant", `const FORM_ID = "${ID}"; api.prompt.render(FORM_ID)`],
    ["a member", `const FORMS = { terms: "${ID}" }; api.prompt.render(FORMS.terms)`],
    ["a choice", `api.prompt.render(late ? "ap_other" : "${ID}")`],
    ["a function of its own", `const show = (api, id) => api.prompt.render(id); show(api, "${ID}");`],
    ["call", `api.prompt.render.call(api.prompt, "${ID}")`],
    ["bind", `const show = api.prompt.render.bind(api.prompt, "${ID}"); show()`],
    ["members as texts", `api["prompt"]["render"]("${ID}")`],
    ["a sum", `api.prompt.render("${ID}" + "")`],
    ["the id in a text, another form rendered", `log("${ID}"); api.prompt.render(event.secrets.OTHER)`],
    ["another form rendered", `api.prompt.render("ap_other"); if (event.prompt.id === "${ID}") return`],
    ["a comment to the end of the line", `// ${CALL}`],
    ["a comment over lines", `/* ${CALL} */ api.access.deny("no")`],
    ["an old comment", `<!-- ${CALL}`],
    ["an old comment's end", `f();\n--> ${CALL}`],
    ["a text", `console.log('${CALL}')`],
    ["a template's text", `console.log(\`${CALL} \${1}\`)`],
    ["a pattern", `/${CALL}/.test(x)`],
    [
      "a text, behind a slash that only a parser understands",
      `if (a) { }\n/"/.test(b); log('"; ${CALL}; "')`,
    ],
    ["another render", `template.render("${ID}")`],
    ["code that ends too soon", `api.prompt.render("${ID}"`],
    ["an open text before", `x = "\n${CALL}`],
    ["an open template", `\`\${\`${ID}\${`],
  ])("%s", (_, code) => {
    expect(rendersForm(code, ID)).toBe("unknown");
  });
});

describe("code that does not render it", () => {
  test.each([
    ["no code", ""],
    ["another form", 'api.prompt.render("ap_other")'],
    ["an id that only begins the same", `api.prompt.render("${ID}x")`],
    ["an id that only ends the same", `api.prompt.render("x${ID}")`],
    ["a secret", "api.prompt.render(event.secrets.FORM_ID)"],
  ])("%s", (_, code) => {
    expect(rendersForm(code, ID)).toBe("no");
  });

  test("is told apart from code that renders what is not written in it", () => {
    expect(rendersUnnamed("api.prompt.render(event.secrets.FORM_ID)")).toBe(true);
    expect(rendersUnnamed('api.prompt.render("ap_other"); api.prompt.render()')).toBe(false);
    expect(rendersUnnamed("api.prompt.render('ap_other', { a }); api.prompt.render(`ap_other`)")).toBe(false);
  });

  test.each([
    ["a sum", 'api.prompt.render("ap_x" + "yz", { fields: 1 })'],
    ["a text that is made into another", "api.prompt.render('ap_x'.concat(rest))"],
    ["an escape", String.raw`api.prompt.render("ap\x5fxyz")`],
    ["an escape in a template", "api.prompt.render(`ap\\u005fxyz`)"],
    ["a filled template", `api.prompt.render(\`ap_\${x}\`)`],
  ])("and so is %s", (_, code) => {
    expect(rendersUnnamed(code)).toBe(true);
  });
});

test("long code is read in no time that anyone would notice", () => {
  const code = `${`f(a[1], \`\${b}\`, 'x', /y/);`.repeat(8_000)}${CALL}`;
  expect(rendersForm(code, ID)).toBe("yes");
  expect(rendersForm(`"${"a".repeat(200_000)}${CALL}`, ID)).toBe("unknown");
});
