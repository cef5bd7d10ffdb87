import { ApiFault } from "./fault.ts";

export interface RateLimiter {
  /**
   * Takes one token and returns the headers of the answer. Throws the API's 429 when there is none.
   */
  take(): Readonly<Record<string, string>>;
}

/**
 * A token bucket that holds `perSecond` requests and gets as many a second; 0 means no limit and no headers.
 * @param now milliseconds since the epoch
 */
export function createRateLimiter(perSecond: number, now: () => number): RateLimiter {
  if (perSecond <= 0) return { take: () => ({}) };
  let tokens = perSecond;
  let filled = now();
  return {
    take() {
      const time = now();
      tokens = Math.min(perSecond, tokens + (Math.max(0, time - filled) / 1000) * perSecond);
      filled = time;
      const granted = tokens >= 1;
      if (granted) tokens -= 1;
      const untilNext = ((1 - (tokens % 1)) / perSecond) * 1000;
      const headers = {
        "x-ratelimit-limit": String(perSecond),
        "x-ratelimit-remaining": String(Math.floor(tokens)),
        "x-ratelimit-reset": String(Math.ceil((time + untilNext) / 1000)),
      };
      if (!granted) throw new ApiFault(429, "Global limit has been reached", "too_many_requests", headers);
      return headers;
    },
  };
}
