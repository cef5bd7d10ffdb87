import { PRODUCT, VERSION } from "../../../config/product.ts";
import type { Check } from "../check.ts";

export const version: Check = {
  id: "version",
  title: "Version",
  async run() {
    const message = `${PRODUCT} ${VERSION} on ${process.platform} ${process.arch}, Bun ${Bun.version}`;
    return { status: "pass", message };
  },
};
