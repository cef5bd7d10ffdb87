/** `Link` of a walk: from the last entry on, or the present address once nothing is newer. */
export function checkpointLink(
  address: string,
  query: URLSearchParams,
  last: string | undefined,
): Readonly<Record<string, string>> {
  const parameters = new URLSearchParams(query);
  if (last !== undefined) {
    for (const name of query.keys()) if (name !== "take") parameters.delete(name);
    parameters.set("from", last);
  }
  return { link: `<${address}?${parameters}>; rel="next"` };
}
