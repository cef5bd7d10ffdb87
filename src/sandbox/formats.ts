/** Names as the API's messages print them. */
export type Format =
  | "url"
  | "callback-url"
  | "url-with-placeholders"
  | "absolute-uri-or-empty"
  | "absolute-https-uri-with-placeholders-or-empty"
  | "client-id"
  | "credential-id"
  | "organization-id"
  | "date-time"
  | "uuid";

const web = ["https:", "http:"] as const;

const checks: Readonly<Record<Format, (value: string) => boolean>> = {
  url: (value) => isUrl(value, web),
  "callback-url": (value) => isUrl(filled(value)),
  "url-with-placeholders": (value) => isUrl(filled(value)),
  "absolute-uri-or-empty": (value) => value === "" || isUrl(value, web),
  "absolute-https-uri-with-placeholders-or-empty": (value) =>
    value === "" || isUrl(filled(value), ["https:"]),
  "client-id": (value) => /^[\w-]{1,120}$/.test(value),
  "credential-id": (value) => /^cred_\w+$/.test(value),
  "organization-id": (value) => /^org_[A-Za-z0-9]{16}$/.test(value),
  "date-time": (value) => /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value) && !Number.isNaN(Date.parse(value)),
  uuid: (value) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value),
};

export function matchesFormat(format: Format, value: string): boolean {
  return checks[format](value);
}

/** The address with something plain in place of a wildcard or of `{organization_name}` and its like. */
function filled(value: string): string {
  return value.replace(/\{[a-z_.]+\}|\*/g, "x");
}

/** An absolute address without blanks or commas, of any scheme (native applications have their own) unless some are named. */
function isUrl(value: string, protocols?: readonly string[]): boolean {
  if (/[\s,]/.test(value) || !URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  if (protocol === "javascript:" || protocol === "data:") return false;
  return protocols === undefined || (protocols.includes(protocol) && hostname !== "");
}
