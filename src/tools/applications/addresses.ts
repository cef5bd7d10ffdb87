import { z } from "zod";

/** What Auth0 lets stand in an address in place of a value: a wildcard, or a name such as `{organization_name}`. */
const PLACEHOLDER = /\{[a-z_.]+\}|\*/g;
/** A scheme with a path behind it. Without the slash, `localhost:3000` would be an address of the scheme `localhost`. */
const ABSOLUTE = /^([a-z][a-z0-9+.-]*):\//i;
const SCRIPTS = ["javascript", "data", "vbscript"];

/** Whether a text is an absolute address of one of these schemes, or of any that is no script. */
function isAddress(text: string, schemes?: readonly string[]): boolean {
  const filled = text.replace(PLACEHOLDER, "x");
  const scheme = ABSOLUTE.exec(filled)?.[1]?.toLowerCase();
  if (scheme === undefined || /[\s,\\]/.test(text) || !URL.canParse(filled)) return false;
  if (scheme === "http" || scheme === "https") {
    if (!/^[a-z]+:\/\/[^/?#]/i.test(filled)) return false;
  }
  return schemes === undefined ? !SCRIPTS.includes(scheme) : schemes.includes(scheme);
}

const addressItem = z
  .string()
  .refine(
    (text) => isAddress(text),
    "is no absolute URL; give the scheme too, as in https://app.example.com/path",
  );

/** A list of addresses of any scheme, native applications have their own; wildcards and placeholders are allowed. */
export const addresses = (what: string) => z.array(addressItem).optional().describe(what);

/** One address of a web page; an empty text clears it where `clearable`. */
export const webAddress = (
  what: string,
  { schemes, clearable }: { schemes: readonly string[]; clearable: boolean },
) =>
  z
    .string()
    .refine(
      (text) => (clearable && text === "") || isAddress(text, schemes),
      `must be an absolute ${schemes.join(" or ")} URL${clearable ? " or empty" : ""}`,
    )
    .optional()
    .describe(what);

/** At most one https address, which the tenant calls. */
export const hookAddresses = (what: string) =>
  z
    .array(z.string().refine((text) => isAddress(text, ["https"]), "must be an absolute https URL"))
    .max(1, "takes one URL only")
    .optional()
    .describe(what);
