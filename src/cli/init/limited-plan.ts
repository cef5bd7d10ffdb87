import { type EntryAddress, type Plan, planEntry, type Workshop } from "../../clients/plan.ts";
import { options } from "../../config/options.ts";
import { AppError } from "../../lib/errors.ts";
import { launchOn } from "../launch.ts";
import type { Limits } from "../limits.ts";
import { selectionOf } from "../runtime.ts";

/** A change of a client's file, and the limits of the server that its entry starts then. */
export interface LimitedPlan extends Plan {
  readonly limits: Limits;
  /** Those that the entry had for the Node.js server and keeps, as flags. */
  readonly takenOver: readonly string[];
}

/**
 * Works out an entry with the limits given. Where it takes the place of the Node.js server's, that one's limits hold on,
 * unless a flag or variable says otherwise: nobody is to be allowed more without having asked for it.
 *
 * @throws AppError `client_file` (exit 1) like `planEntry`, and when the old limits are none that this program understands
 */
export async function planLimited(
  address: EntryAddress,
  domain: string | undefined,
  limits: Limits,
  workshop: Workshop,
): Promise<LimitedPlan> {
  const planWith = (held: Limits) => planEntry(address, launchOn(domain, held, workshop.machine), workshop);
  const plan = await planWith(limits);
  const former = limitsAmong(plan.previous?.nodeArguments ?? []);
  const tools = limits.tools === undefined ? former.tools : undefined;
  const readOnly = limits["read-only"] === undefined && former.readOnly;
  const takenOver = [
    ...(readOnly ? [`--${options.readOnly.flag}`] : []),
    ...(tools === undefined ? [] : [`--${options.tools.flag}`, tools]),
  ];
  if (takenOver.length === 0) return { ...plan, limits, takenOver };
  const held = {
    ...limits,
    ...(readOnly ? { "read-only": true } : {}),
    ...(tools === undefined ? {} : { tools }),
  };
  checkLimits(held, takenOver, plan, workshop);
  return { ...(await planWith(held)), limits: held, takenOver };
}

/** The limits among the arguments of the Node.js server. `--tools` without patterns is an empty list, which is refused. */
function limitsAmong(words: readonly string[]): {
  readonly tools: string | undefined;
  readonly readOnly: boolean;
} {
  const { flag } = options.tools;
  const given = words.flatMap((word, index) => {
    if (word === `--${flag}`) return [words[index + 1] ?? ""];
    return word.startsWith(`--${flag}=`) ? [word.slice(flag.length + 3)] : [];
  });
  const readOnly = words.some((word) => word.split("=")[0] === `--${options.readOnly.flag}`);
  return { tools: given.at(-1), readOnly };
}

function checkLimits(
  limits: Limits,
  takenOver: readonly string[],
  { address, file }: Plan,
  { machine }: Workshop,
): void {
  try {
    selectionOf(limits, machine);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { flag } = options.tools;
    throw new AppError({
      code: "client_file",
      message: `${file}: the entry ${address.name} limits the Node.js server with ${takenOver.join(" ")}, which cannot be taken over. ${error.message}`,
      hint: `Nothing was written to it. Say which tools this program shall expose with --${flag}, for example --${flag} 'auth0_list_*'.`,
      cause: error,
    });
  }
}
