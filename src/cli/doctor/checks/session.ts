import { describeDuration } from "../../../lib/duration.ts";
import { STORE_NAMES } from "../../store-names.ts";
import type { Check } from "../check.ts";

/** Milliseconds below which a token that nobody renews is about to end. */
const SOON = 60 * 60 * 1_000;

export const session: Check = {
  id: "session",
  title: "Session",
  async run(examination) {
    const found = await examination.session();
    const { expiresAt } = await examination.token();
    const place = found.store === undefined ? "given by variables" : `kept in ${STORE_NAMES[found.store]}`;
    const left = expiresAt === undefined ? undefined : expiresAt - examination.clock.now();
    const end = left === undefined ? "its end is not known" : `the token ends in ${describeDuration(left)}`;
    const renewed = found.isRenewable();
    const message = `${found.tenant.domain}, ${place}; ${end}${renewed ? " and is renewed by itself" : ""}.`;
    if (renewed || left === undefined || left > SOON) return { status: "pass", message };
    return { status: "warn", message, remedy: found.tokens.signInHint };
  },
};
