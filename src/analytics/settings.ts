import { analyticsAddress } from "../config/analytics-address.ts";
import { BUILD, type BuildFacts } from "../config/build-facts.ts";
import { isConfidential } from "../config/domain.ts";
import { type Environment, parseBoolean } from "../config/environment.ts";
import { options } from "../config/options.ts";
import { AppError } from "../lib/errors.ts";

const { analytics, doNotTrack, analyticsUrl } = options;

/** Whether usage events are sent, and why: `reason` is a sentence, `decidedBy` the variable, or the build. */
export type AnalyticsSettings =
  | { readonly on: true; readonly url: string; readonly decidedBy: Source; readonly reason: string }
  | { readonly on: false; readonly decidedBy: Source; readonly reason: string };

type Source = (typeof analytics | typeof doNotTrack | typeof analyticsUrl)["variable"] | "build";

/**
 * Reads the settings. It never throws, since a variable about usage events must not stop a server; whatever cannot be
 * read counts as off.
 */
export function analyticsSettings(environment: Environment, build: BuildFacts = BUILD): AnalyticsSettings {
  const off = (decidedBy: Source, reason: string): AnalyticsSettings => ({ on: false, decidedBy, reason });
  for (const { variable, sends } of [
    { variable: doNotTrack.variable, sends: false },
    { variable: analytics.variable, sends: true },
  ]) {
    const said = readBoolean(environment[variable], variable);
    if (said === "unreadable") return off(variable, `${variable} is no boolean, which counts as off.`);
    if (said === !sends) return off(variable, `${variable} says so.`);
  }

  const given = environment[analyticsUrl.variable];
  const source = given === undefined ? "build" : analyticsUrl.variable;
  const address = analyticsAddress(environment, build);
  if (address === undefined) {
    const unset = `${analyticsUrl.variable} is not set, and this build names no address.`;
    return off(source, given === undefined ? unset : `${analyticsUrl.variable} is empty.`);
  }
  const name = given === undefined ? "The address that this build names" : analyticsUrl.variable;
  const objection = objectionTo(address);
  if (objection !== undefined) return off(source, `${name} ${objection}.`);
  const reason = given === undefined ? "This build names an address." : `${name} names an address.`;
  return { on: true, url: new URL(address).href, decidedBy: source, reason };
}

/** Why nothing is sent to an address; it is not repeated, since it may hold a password. */
function objectionTo(address: string): string | undefined {
  if (!URL.canParse(address)) return "is no URL";
  const url = new URL(address);
  if (url.username !== "" || url.password !== "") return "carries credentials";
  return isConfidential(url) ? undefined : "is not https";
}

/** Exactly empty counts as unset, as for every other variable. */
function readBoolean(text: string | undefined, source: string): boolean | "unreadable" | undefined {
  if (text === undefined || text === "") return undefined;
  try {
    return parseBoolean(text, source);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return "unreadable";
  }
}
