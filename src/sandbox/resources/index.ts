import type { Route } from "../route.ts";
import { bindingRoutes } from "./action-bindings.ts";
import { versionRoutes } from "./action-versions.ts";
import { actionRoutes } from "./actions.ts";
import { clientCredentialRoutes } from "./client-credentials.ts";
import { clientGrantRoutes } from "./client-grants.ts";
import { clientRoutes } from "./clients.ts";
import { formRoutes } from "./forms.ts";
import { logRoutes } from "./logs.ts";
import { resourceServerRoutes } from "./resource-servers.ts";
import { unservedRoutes } from "./unserved.ts";

/** Every operation of the Management API that this tenant serves, and those it owns up not to serve. */
export const managementRoutes: readonly Route[] = [
  ...clientRoutes,
  ...clientCredentialRoutes,
  ...clientGrantRoutes,
  ...resourceServerRoutes,
  ...actionRoutes,
  ...versionRoutes,
  ...bindingRoutes,
  ...formRoutes,
  ...logRoutes,
  ...unservedRoutes,
];
