import { asString } from "../lib/json.ts";
import { authenticateClient } from "./oauth-client.ts";
import { OAuthFault, oauthAnswer, readForm } from "./oauth-fault.ts";
import { endFamily } from "./refresh-tokens.ts";
import type { SandboxAnswer } from "./route.ts";
import type { TenantState } from "./state.ts";

/** POST /oauth/revoke (RFC 7009): ends the sign-in of a refresh token. One that is unknown counts as revoked. */
export async function revokeEndpoint(request: Request, state: TenantState): Promise<SandboxAnswer> {
  try {
    const form = await readForm(request);
    const client = authenticateClient(request, form, state);
    const token = asString(form["token"]);
    if (!token) throw new OAuthFault(400, "invalid_request", "Missing required parameter: token");
    const known = state.refreshTokens.get(token);
    if (known !== undefined && known.clientId === client["client_id"]) endFamily(state, known.family);
    return { status: 200 };
  } catch (error) {
    return oauthAnswer(error);
  }
}
