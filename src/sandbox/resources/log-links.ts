import type { OffsetPage } from "../paging.ts";

type Headers = Readonly<Record<string, string>>;

/**
 * `Link` of a page of a search: first, prev, next and last. The API gives these addresses with `http:` even
 * where it is served by https, so they are good for reading, not for following.
 */
export function offsetLinks(address: string, query: URLSearchParams, page: OffsetPage): Headers {
  if (page.limit === 0) return {};
  const number = page.start / page.limit;
  const last = Math.max(0, Math.ceil(page.total / page.limit) - 1);
  const links = [
    ["first", 0],
    ...(number > 0 ? [["prev", number - 1] as const] : []),
    ...(number < last ? [["next", number + 1] as const] : []),
    ["last", last],
  ] as const;
  const texts = links.map(([relation, target]) => {
    const parameters = new URLSearchParams(query);
    parameters.set("page", String(target));
    parameters.set("per_page", String(page.limit));
    return `<${address.replace(/^https:/, "http:")}?${parameters}>; rel="${relation}"`;
  });
  return { link: texts.join(", ") };
}

/** `Link` of a walk: from the last entry on, or the present address once nothing is newer. */
export function checkpointLink(address: string, query: URLSearchParams, last: string | undefined): Headers {
  const parameters = new URLSearchParams(query);
  if (last !== undefined) {
    for (const name of query.keys()) if (name !== "take") parameters.delete(name);
    parameters.set("from", last);
  }
  return { link: `<${address}?${parameters}>; rel="next"` };
}
