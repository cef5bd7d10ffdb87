import { parseTenantAddress } from "../config/domain.ts";
import { AppError } from "../lib/errors.ts";

/** The name of a file that is about one tenant. Ports stand behind a colon, which not every file system takes. */
export function fileNameOf(domain: string, ending: string): string {
  return `${encodeURIComponent(domain)}${ending}`;
}

/** The tenant that a file is about by its name; `undefined` for a name that `fileNameOf` does not give. */
export function domainOf(name: string, ending: string): string | undefined {
  if (!name.endsWith(ending)) return undefined;
  try {
    const text = decodeURIComponent(name.slice(0, name.length - ending.length));
    const { domain } = parseTenantAddress(text, name);
    return fileNameOf(domain, ending) === name ? domain : undefined;
  } catch (error) {
    if (error instanceof URIError || error instanceof AppError) return undefined;
    throw error;
  }
}
