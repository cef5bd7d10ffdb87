import { PRODUCT } from "../../../src/config/product.ts";
import { DESCRIPTION, LICENSE, type ReleaseFacts } from "../release-facts.ts";
import { type Target, targetNamed } from "../targets.ts";

const BASE = "gcr.io/distroless/cc-debian12:nonroot";
/** The number of that image's user, and of its group. */
const NOBODY = 65_532;

/**
 * A Dockerfile to be built in the folder of a release. The image holds the C library, certificates and the
 * executable; there is no shell in it, and its user is not root.
 */
export function dockerfile({ source, repository }: ReleaseFacts): string {
  const stage = (name: string, { archive }: Target) => `FROM scratch AS ${name}\nADD ${archive} /`;
  const labels = {
    title: PRODUCT,
    description: DESCRIPTION,
    version: source.version,
    revision: source.commit,
    licenses: LICENSE,
    ...(repository === undefined ? {} : { source: repository }),
  };
  const lines = Object.entries(labels).map(([name, value]) => `org.opencontainers.image.${name}="${value}"`);
  return [
    "ARG TARGETARCH",
    stage("amd64", targetNamed("linux-x64")),
    stage("arm64", targetNamed("linux-arm64")),
    // Docker's own names of the processors are the names of the two stages.
    `FROM \${TARGETARCH} AS unpacked`,
    "# A volume takes its owner from the folder that it is put over; nothing can be run here to make one.",
    "FROM scratch AS home\nWORKDIR /home/.config",
    `FROM ${BASE}`,
    `LABEL ${lines.join(" \\\n      ")}`,
    `COPY --from=unpacked /${PRODUCT} /usr/local/bin/${PRODUCT}`,
    `COPY --from=unpacked /LICENSE /THIRD-PARTY-NOTICES.md /usr/share/doc/${PRODUCT}/`,
    `COPY --from=home --chown=${NOBODY}:${NOBODY} /home/ /home/nonroot/`,
    "# There is no keyring in a container: credentials come from the environment, or a volume at /home/nonroot/.config.",
    "ENV AUTH0_MCP_STORE=file",
    "USER nonroot",
    `ENTRYPOINT ["/usr/local/bin/${PRODUCT}"]`,
    'CMD ["run"]',
    "",
  ].join("\n\n");
}
