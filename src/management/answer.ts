import { AppError } from "../lib/errors.ts";
import { isTooDeep, type Json, parseJson } from "../lib/json.ts";

/** The most that is read of one answer. */
const MAX_BYTES = 10 * 1024 * 1024;

/**
 * Reads an answer's body as JSON. An empty body is `null`; text that is no JSON, or one too deep to walk over, is
 * `undefined`.
 *
 * @throws AppError `answer_too_large` past 10 MB (of decompressed bytes)
 */
export async function readBody(response: Response): Promise<Json | undefined> {
  const text = await readText(response);
  if (text.trim() === "") return null;
  const body = parseJson(text);
  return body === undefined || isTooDeep(body) ? undefined : body;
}

async function readText(response: Response): Promise<string> {
  // Asked first: whoever looks at the body makes a stream of it.
  if (isKnownToFit(response.headers)) return response.text();
  if (response.body === null) return "";
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = "";
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) {
      throw new AppError({
        code: "answer_too_large",
        message: `The tenant's answer is larger than ${MAX_BYTES / 1024 / 1024} MB.`,
        hint: "Ask for fewer items or fewer fields.",
      });
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Whether the answer says how long it is, and means it: a compressed one tells the length before it is unpacked. */
function isKnownToFit(headers: Headers): boolean {
  const length = headers.get("content-length");
  return length !== null && Number(length) <= MAX_BYTES && !headers.has("content-encoding");
}

/** One link of a `Link` header: the address, and its parameters up to the comma before the next link. */
const LINK = /<([^>]*)>((?:\s*;\s*[^\s=;,]+\s*(?:=\s*(?:"[^"]*"|[^\s";,]*))?)*)/g;

/**
 * The query of the `rel="next"` link (RFC 8288). Auth0 sends these addresses with `http://`, and a token must not go
 * to an address an answer names: only the query is used.
 */
export function nextLink(headers: Headers): URLSearchParams | undefined {
  for (const [, address = "", parameters = ""] of (headers.get("link") ?? "").matchAll(LINK)) {
    const [, quoted, bare = ""] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s";,]*))/i.exec(parameters) ?? [];
    const relations = (quoted ?? bare).toLowerCase().split(/\s+/);
    if (!relations.includes("next")) continue;
    const query = address.replace(/#.*$/s, "").split("?").slice(1).join("?");
    return new URLSearchParams(query);
  }
  return undefined;
}
