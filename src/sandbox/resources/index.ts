import type { Route } from "../route.ts";
import { bindingRoutes } from "./action-bindings.ts";
import { versionRoutes } from "./action-versions.ts";
import { actionRoutes } from "./actions.ts";
import { clientGrantRoutes } from "./client-grants.ts";
import { clientRoutes } from "./clients.ts";
import { formRoutes } from "./forms.ts";
import { logRoutes } from "./logs.ts";
import { resourceServerRoutes } from "./resource-servers.ts";

/** Every operation of the Management API that this tenant serves. */
export const managementRoutes: readonly Route[] = [
  ...clientRoutes,
  ...clientGrantRoutes,
  ...resourceServerRoutes,
  ...actionRoutes,
  ...versionRoutes,
  ...bindingRoutes,
  ...formRoutes,
  ...logRoutes,
];
