import { freeForm } from "../params.ts";

const MOST_KEYS = 10;
const LONGEST = 255;
/** Letters, digits and the special characters the API allows in a key. */
const KEY = /^[A-Za-z0-9:,\-+=_*?"/\\()<>@\t ]+$/;

/** Free-form texts about an application. `null` removes a key. */
export const clientMetadata = freeForm
  .superRefine((metadata, context) => {
    const refuse = (message: string, key?: string) =>
      context.addIssue({ code: "custom", message, ...(key === undefined ? {} : { path: [key] }) });
    const entries = Object.entries(metadata);
    if (entries.length > MOST_KEYS) refuse(`takes at most ${MOST_KEYS} keys, ${entries.length} were given`);
    for (const [key, value] of entries) {
      if (key.length > LONGEST) refuse(`a key may have at most ${LONGEST} characters`);
      else if (!KEY.test(key))
        refuse('a key may hold letters, digits, blanks and :,-+=_*?"/\\()<>@ only', key);
      if (value !== null && typeof value !== "string") refuse("must be a text", key);
      else if (value !== null && value.length > LONGEST)
        refuse(`may have at most ${LONGEST} characters`, key);
    }
  })
  .optional()
  .describe("Texts by key; null removes one");
