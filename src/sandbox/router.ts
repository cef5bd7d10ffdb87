import type { Route } from "./route.ts";

export interface RouteMatch {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the route of a path below the base; a segment's value is decoded and never empty. */
export function createRouter(
  routes: readonly Route[],
): (method: string, path: string) => RouteMatch | undefined {
  const prepared = routes.map((route) => ({ route, segments: route.pattern.split("/") }));
  return (method, path) => {
    const segments = path.split("/");
    for (const { route, segments: pattern } of prepared) {
      if (route.method !== method || pattern.length !== segments.length) continue;
      const params = matchSegments(pattern, segments);
      if (params) return { route, params };
    }
    return undefined;
  };
}

function matchSegments(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const value = decoded(segments[index] ?? "");
    if (!expected.startsWith(":")) {
      if (value !== expected) return undefined;
    } else if (value === undefined || value === "") {
      return undefined;
    } else {
      params[expected.slice(1)] = value;
    }
  }
  return params;
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
