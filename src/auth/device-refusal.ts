import type { TenantAddress } from "../config/domain.ts";
import { options } from "../config/options.ts";
import { AppError, Exit, signedOutError } from "../lib/errors.ts";
import { type OAuthRefusal, refusalWords } from "./oauth.ts";

/** What ended a sign-in whose code was shown. */
export function endedError(refusal: OAuthRefusal, authority: TenantAddress): AppError {
  const { error, description } = refusal;
  if (error === "access_denied") {
    const words = description === "" ? "" : ` (${description.replace(/\.$/, "")})`;
    return signedOutError(`The sign-in was denied${words}.`, AGAIN);
  }
  if (error === "expired_token") return expiredError();
  // What an authority says of a code that it told before to have expired.
  if (error === "invalid_grant") return signedOutError(refusedWords(refusal, authority), AGAIN);
  return refusedError(refusal, authority);
}

/** The request itself was refused. It would be again, so it is said what to look at. */
export function refusedError(refusal: OAuthRefusal, authority: TenantAddress): AppError {
  return signedOutError(refusedWords(refusal, authority), CHECK);
}

function refusedWords(refusal: OAuthRefusal, authority: TenantAddress): string {
  return `${authority.domain} refused the sign-in: ${refusalWords(refusal)}.`;
}

const AGAIN = "Start it again with the same command.";

const CHECK = `Check the tenant's domain and --${options.scopes.flag}, and whether ${options.loginDomain.variable} and ${options.loginClientId.variable} are set as they should be.`;

/** Nobody approved the sign-in while its code was good. */
export function expiredError(): AppError {
  return new AppError({
    code: "sign_in_expired",
    message: "The sign-in was not approved in time: its code has expired.",
    hint: AGAIN,
    exit: Exit.signedOut,
  });
}
