import { asNumber, type JsonObject } from "../../lib/json.ts";
import { offsetPage, offsetParameters } from "../paging.ts";
import type { Schema } from "../validation.ts";

const defaultPageSize = 20;

/** Paging of actions, versions and bindings. Unlike other lists these state no maximum. */
export const actionPageParameters = {
  page: offsetParameters.page,
  per_page: { type: "integer", minimum: 1, description: offsetParameters.per_page.description },
} as const satisfies Record<string, Schema>;

/** `{<key>, total?, page?, per_page}`: a zero is left out, so there is no `page` on page 0 and no `total` of nothing. */
export function actionList(key: string, items: readonly JsonObject[], parameters: JsonObject): JsonObject {
  const { items: page, total, limit } = offsetPage(items, parameters, defaultPageSize);
  const number = asNumber(parameters["page"]) ?? 0;
  return {
    [key]: page,
    ...(total === 0 ? {} : { total }),
    ...(number === 0 ? {} : { page: number }),
    per_page: limit,
  };
}
