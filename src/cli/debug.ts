import { options } from "../config/options.ts";
import { createLogger, debugWanted, type Logger, silentLogger } from "../lib/logger.ts";
import type { Redactor } from "../policy/redaction.ts";
import type { Invocation } from "./command.ts";

/** Follows each step on stderr where `DEBUG` asks for it; every line passes the redactor. */
export function debugLogger({ environment, output }: Invocation, redactor: Redactor): Logger {
  if (!debugWanted(environment[options.debug.variable])) return silentLogger;
  return createLogger(
    (line) => output.note(line),
    (text) => redactor.text(text),
  );
}
