import type { DeviceSignIn } from "./sign-in-records.ts";
import type { TenantState } from "./state.ts";

const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
};

/** The page on which a person enters the code and approves or denies: GET shows it, POST takes the decision. */
export async function activationPage(request: Request, state: TenantState): Promise<Response> {
  const fields =
    request.method === "POST" ? new URLSearchParams(await request.text()) : new URL(request.url).searchParams;
  const userCode = (fields.get("user_code") ?? "").trim().toUpperCase();
  const found = [...state.deviceSignIns].find(([, { userCode: code }]) => code === userCode);
  if (found === undefined) {
    return page(
      userCode === "" ? askForCode("") : askForCode("This code is unknown or used."),
      userCode ? 404 : 200,
    );
  }
  const [deviceCode, signIn] = found;
  if (state.clock.now() >= signIn.expiresAt) return page(askForCode("This code has expired."), 410);
  if (signIn.decision !== "pending") return page(done(signIn.decision), 200);
  const decision = request.method === "POST" ? DECISIONS[fields.get("decision") ?? ""] : undefined;
  if (decision === undefined) return page(askForDecision(signIn), 200);
  state.deviceSignIns.set(deviceCode, { ...signIn, decision });
  return page(done(decision), 200);
}

const DECISIONS: Readonly<Record<string, "approved" | "denied">> = { approve: "approved", deny: "denied" };

function page(content: string, status: number): Response {
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sign in to the sandbox</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 32rem; margin: 4rem auto; padding: 0 1rem; }
  code { font-size: 1.5rem; letter-spacing: 0.1em; }
  button { font: inherit; padding: 0.5rem 1.5rem; }
</style>
${content}
</html>
`;
  return new Response(html, { status, headers: HEADERS });
}

function askForCode(problem: string): string {
  return `<h1>Enter the code</h1>
${problem === "" ? "" : `<p role="alert">${escaped(problem)}</p>`}
<form method="get">
  <input name="user_code" aria-label="Code" autofocus required>
  <button>Continue</button>
</form>`;
}

function askForDecision({ userCode, clientName, scopes }: DeviceSignIn): string {
  return `<h1>${escaped(clientName)} asks to sign in</h1>
<p>Go on only if your terminal shows this code: <br><code id="user-code">${escaped(userCode)}</code></p>
<p>It asks for: ${escaped(scopes.join(", ") || "nothing")}</p>
<form method="post">
  <input type="hidden" name="user_code" value="${escaped(userCode)}">
  <button name="decision" value="approve">Approve</button>
  <button name="decision" value="deny">Deny</button>
</form>`;
}

function done(decision: "approved" | "denied"): string {
  return `<h1 id="done">Sign-in ${decision}</h1>
<p>You may close this page and go back to your terminal.</p>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
