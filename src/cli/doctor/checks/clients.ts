import { type ClientStatus, clientStatuses, type FileStatus } from "../../../clients/status.ts";
import { shortPath } from "../../../config/paths.ts";
import { PRODUCT } from "../../../config/product.ts";
import type { Check, Examination } from "../check.ts";
import { clientEntry } from "./client-entry.ts";

/** Which clients start this program. Each of their entries gets a check of its own. */
export const clients: Check = {
  id: "clients",
  title: "MCP clients",
  async run(examination) {
    const statuses = await clientStatuses(examination.machine, examination.folder);
    const ours = statuses.filter(({ files }) => files.some(hasOurs));
    const further = statuses.flatMap((status) =>
      status.files.flatMap((file) => checksOf(status, file, examination)),
    );
    const names = ours.map(({ client }) => client.name).join(", ");
    if (ours.length > 0) {
      return { status: "pass", message: `${names}: configured to start this program.`, further };
    }
    const installed = statuses.filter((status) => status.installed).map(({ client }) => client.id);
    const which = installed.length > 0 ? installed.join(",") : "<client>";
    return {
      status: "warn",
      message: "None is configured to start this program.",
      remedy: `Configure them with: ${PRODUCT} clients add ${which}`,
      further,
    };
  },
};

function hasOurs({ entries }: FileStatus): boolean {
  return entries.some(({ owner }) => owner === "ours");
}

function checksOf({ client }: ClientStatus, file: FileStatus, examination: Examination): Check[] {
  const { machine, folder: project } = examination;
  const path = shortPath(file.path, machine);
  const { problem } = file;
  if (problem !== undefined) {
    return [
      {
        id: `client.${client.id}.${file.scope}`,
        title: client.name,
        run: async () => ({
          status: "fail",
          message: `${path} cannot be read: ${problem}.`,
          remedy: `Mend it, then see: ${PRODUCT} clients list`,
        }),
      },
    ];
  }
  return file.entries
    .filter(({ owner }) => owner === "ours")
    .map((entry) => clientEntry({ client, scope: file.scope, project, path, entry }));
}
