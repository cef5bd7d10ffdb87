import manifest from "../../package.json" with { type: "json" };

/** The executable's name, as in help, manifests and advice. */
export const PRODUCT = "auth0-mcp";
export const VERSION: string = manifest.version;
