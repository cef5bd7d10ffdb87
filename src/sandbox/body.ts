import { asObject, type Json, type JsonObject, parseJson } from "../lib/json.ts";
import { ApiFault } from "./fault.ts";
import { checkBody, type Schema } from "./validation.ts";

const maximumBytes = 1_048_576;

/**
 * The body's text. Throws a 413 as soon as more than 1 MB has arrived.
 */
export async function readText(request: Request): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > maximumBytes) {
      throw new ApiFault(413, `Payload content length greater than maximum allowed: ${maximumBytes}`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The JSON object in the body, valid by the schema. Without a schema the body may be absent: `undefined`. */
export async function readBody(
  request: Request,
  schema: Schema | undefined,
): Promise<JsonObject | undefined> {
  const text = await readText(request);
  if (text.trim() === "" && schema === undefined) return undefined;
  const body = text.trim() === "" ? null : parsed(request, text);
  checkBody({ type: "object" }, body);
  if (schema) checkBody(schema, body);
  return asObject(body);
}

function parsed(request: Request, text: string): Json {
  const type = request.headers.get("content-type");
  if (type !== null && !/^application\/([\w.+-]+\+)?json\b/i.test(type)) {
    throw new ApiFault(415, "Unsupported Media Type");
  }
  const body = parseJson(text);
  if (body === undefined) throw new ApiFault(400, "Invalid request payload JSON format", "invalid_body");
  return body;
}
