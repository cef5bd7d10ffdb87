/**
 * `Link` of a page of a list: first, prev, next and last. The API gives these addresses with `http:` even
 * where it is served by https, so they are good for reading, not for following.
 */
export function offsetLinks(
  address: string,
  query: URLSearchParams,
  page: { readonly start: number; readonly limit: number; readonly total: number },
): Readonly<Record<string, string>> {
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
