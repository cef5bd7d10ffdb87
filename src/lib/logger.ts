/** Writes one line about a step, when a person asked to follow them. */
export type Logger = (step: string, details?: Readonly<Record<string, unknown>>) => void;

export const silentLogger: Logger = () => undefined;

/** Text that needs no quotes. */
const PLAIN = /^[\x21-\x7e]+$/;

/**
 * A logger that writes `auth0-mcp <step> key=value …` lines.
 *
 * @param redact removes secrets; every line passes it
 */
export function createLogger(write: (line: string) => void, redact: (text: string) => string): Logger {
  return (step, details = {}) => {
    const fields = Object.entries(details)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => `${key}=${written(value)}`);
    write(redact(["auth0-mcp", step, ...fields].join(" ")));
  };
}

/** A value without anything that could break the line or steer a terminal. */
function written(value: unknown): string {
  if (typeof value === "string" && PLAIN.test(value)) return value;
  const text = JSON.stringify(value);
  return text.replace(/[\u007f-\u009f]/g, (control) => `\\u00${control.charCodeAt(0).toString(16)}`);
}

/** Whether `DEBUG` asks for this program: its name or `*` in a list of names. */
export function debugWanted(variable: string | undefined): boolean {
  return (variable ?? "").split(/[\s,]+/).some((name) => name === "auth0-mcp" || name === "*");
}
