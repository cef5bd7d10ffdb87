import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "../../scripts/release/run.ts";
import { needPrograms } from "../../scripts/support/packages.ts";
import { Downloads, haveShells, type Identity, TOOLS } from "./install-harness.ts";

const available = haveShells() && needPrograms("https in install.sh", ["openssl"], ["openssl"]);
let folder = "";
let identity: Identity;
let downloads: Downloads;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "auth0-mcp-https-"));
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  finished(["openssl", "req", "-x509", ...kind, ...names, "-keyout", key, "-out", cert]);
  identity = { cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") };
  writeFileSync(join(folder, "wgetrc"), `ca_certificate = ${cert}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(async () => {
  downloads = await Downloads.start("1.2.3", identity);
});
afterEach(() => downloads.stop());

describe.skipIf(!available).each(["curl", "wget"])("install.sh downloads over https with %s", (program) => {
  const trusting = () => ({ CURL_CA_BUNDLE: join(folder, "cert.pem"), WGETRC: join(folder, "wgetrc") });
  const install = (env: Record<string, string> = trusting()) =>
    downloads.install({ env: { PATH: downloads.toolbox([...TOOLS, program]), ...env } });

  test("from a server that proves who it is, and from no other", async () => {
    expect(await install()).toMatchObject({ code: 0 });
    const refused = { code: 1, stdout: "", stderr: expect.stringContaining("could not be downloaded") };
    expect(await install({})).toMatchObject(refused);
  });

  test("follows a redirection that stays with https", async () => {
    downloads.answer = (path) =>
      path.startsWith("there/") ? undefined : Response.redirect(`${downloads.address}/there/${path}`, 302);
    for (const [name, bytes] of [...downloads.files]) downloads.files.set(`there/${name}`, bytes);
    expect(await install()).toMatchObject({ code: 0 });
    expect(downloads.installed).toEqual(["auth0-mcp"]);
  });

  test("takes nothing that a redirection without https leads to, not even by way of https again", async () => {
    const plain = await Downloads.start("6.6.6");
    try {
      for (const end of [plain.address, `${downloads.address}/there`]) {
        downloads.answer = (path) =>
          path.startsWith("there/") ? undefined : Response.redirect(`${plain.address}/back/${path}`, 302);
        plain.answer = (path) =>
          path.startsWith("back/") ? Response.redirect(path.replace("back", end), 302) : undefined;
        for (const [name, bytes] of [...plain.files]) downloads.files.set(`there/${name}`, bytes);
        const { code, stdout, stderr } = await install();
        expect({ code, stdout, stderr }).toMatchObject({
          code: 1,
          stdout: "",
          stderr: expect.stringContaining("nothing was installed"),
        });
        expect(downloads.installed).toEqual([]);
      }
    } finally {
      await plain.stop();
    }
  });

  test("a password in the address is used, and not shown", async () => {
    const asked: (string | null)[] = [];
    downloads.answer = (_, request) => {
      asked.push(request.headers.get("authorization"));
      return request.headers.has("authorization")
        ? undefined
        : new Response("who?", { status: 401, headers: { "www-authenticate": 'Basic realm="downloads"' } });
    };
    const address = downloads.address.replace("//", "//someone:pa55word@");
    const env = { ...trusting(), AUTH0_MCP_DOWNLOAD_URL: address };
    const { code, stdout, stderr } = await install(env);
    expect({ code, told: stdout + stderr }).toEqual({
      code: 0,
      told: expect.not.stringContaining("pa55word"),
    });
    expect(asked).toContain(`Basic ${btoa("someone:pa55word")}`);
    downloads.files.clear();
    const failed = await install(env);
    expect(failed).toMatchObject({ code: 1, stderr: expect.not.stringContaining("pa55word") });
  });
});

test.skipIf(!available)("a busybox that checks no certificates gets nothing installed", async () => {
  const install = () => downloads.install({ shell: "busybox", env: { PATH: downloads.busyboxTools() } });
  expect(await install()).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining("this wget does not check certificates; install curl"),
  });
  expect(downloads.installed).toEqual([]);
});
