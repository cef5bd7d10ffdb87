#!/usr/bin/env bun
import { PRODUCT, VERSION } from "./config/product.ts";

const words = process.argv.slice(2);
if (words.length === 1 && (words[0] === "--version" || words[0] === "-v")) {
  // Nothing else is loaded for this: editors and scripts ask it at every start.
  try {
    await Bun.write(Bun.stdout, `${VERSION}\n`);
  } catch {
    const { writeStderr } = await import("./cli/output.ts");
    writeStderr(`${PRODUCT}: stdout cannot be written.\n`);
    process.exitCode = 1;
  }
} else {
  const { start } = await import("./cli/start.ts");
  process.exit(await start(words));
}
