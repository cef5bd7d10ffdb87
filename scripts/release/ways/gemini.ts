import { options } from "../../../src/config/options.ts";
import { PRODUCT } from "../../../src/config/product.ts";
import { DESCRIPTION, type ReleaseFacts } from "../release-facts.ts";
import type { Target } from "../targets.ts";

/** Gemini CLI finds the archive for a machine by this name. */
export function extensionName({ platform, arch }: Target): string {
  return `${platform}.${arch}.${PRODUCT}.${platform === "win32" ? "zip" : "tar.gz"}`;
}

/** It knows no C library, so that there is one for glibc only. */
export function hasExtension({ libc }: Target): boolean {
  return libc !== "musl";
}

/** The manifest of an extension for Gemini CLI; the executable stands beside it. */
export function extensionManifest({ source }: ReleaseFacts, target: Target): object {
  return {
    name: PRODUCT,
    version: source.version,
    description: DESCRIPTION,
    mcpServers: {
      // Gemini cuts the names of tools at the first underscore of a server's name: it must hold none.
      auth0: {
        command: `\${extensionPath}\${/}${target.executable}`,
        args: ["run"],
        // What was answered to the setting, or else the careful choice.
        env: { [options.readOnly.variable]: `\${${options.readOnly.variable}:-true}` },
      },
    },
    settings: [
      {
        name: "Reading only",
        description: `${options.readOnly.help} (true or false; true if left empty)`,
        envVar: options.readOnly.variable,
      },
      { name: "Tools", description: options.tools.help, envVar: options.tools.variable },
    ],
  };
}
