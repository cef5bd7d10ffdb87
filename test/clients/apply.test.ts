import { describe, expect, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { applyEdit } from "../../src/clients/apply.ts";
import { planEntry, planRemoval } from "../../src/clients/plan.ts";
import { lockFile } from "../../src/clients/state.ts";
import { AppError } from "../../src/lib/errors.ts";
import { withLock } from "../../src/lib/lock.ts";
import { firstWord, largeDocument, runChild, startChild, writeAt } from "./children.ts";
import { Home, launch } from "./support.ts";

const STATE = ".local/state/auth0-mcp-dev";

async function refusal(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => undefined,
    (thrown) => thrown,
  );
  if (error instanceof AppError) return error;
  throw new Error(`Not refused: ${error}`);
}

describe("adding and removing", () => {
  test("a plan writes nothing", async () => {
    using home = new Home();
    const plan = await planEntry(home.address("cursor"), launch, home.workshop);
    expect(plan).toMatchObject({ kind: "add", before: undefined, file: home.file(".cursor", "mcp.json") });
    expect(home.names()).toEqual([]);
    expect(existsSync(home.file(".local"))).toBe(false);
  });

  test("what changed between plan and edit stays", async () => {
    using home = new Home();
    const plan = await planEntry(home.address("cursor"), launch, home.workshop);
    const file = home.file(".cursor", "mcp.json");
    writeAt(file, '{ "theme": "dark" }');
    await applyEdit(plan, home.workshop);
    expect(JSON.parse(home.read(file) ?? "")).toEqual({ theme: "dark", mcpServers: { auth0: launch } });
    await home.remove("cursor");
    expect(home.read(file)).toBe('{ "theme": "dark" }');
  });

  test("changed arguments are an update, after which removing still gives the original bytes", async () => {
    using home = new Home();
    const file = home.file(".cursor", "mcp.json");
    writeAt(file, '{\n  "mcpServers": {}\n}\n');
    await home.add("cursor");
    const { kind, previous } = await home.add("cursor", {}, { ...launch, args: ["run"] });
    expect({ kind, previous }).toEqual({
      kind: "update",
      previous: { owner: "ours", starts: "/opt/auth0-mcp run --read-only", nodeArguments: undefined },
    });
    await home.remove("cursor");
    expect(home.read(file)).toBe('{\n  "mcpServers": {}\n}\n');
  });

  test("two names live side by side, and each goes alone", async () => {
    using home = new Home();
    await home.add("codex");
    await home.add("codex", { name: "auth0-staging" });
    const file = home.file(".codex", "config.toml");
    expect(home.read(file)).toContain("[mcp_servers.auth0-staging]");
    await home.remove("codex");
    expect(home.read(file)).not.toContain("[mcp_servers.auth0]");
    expect(home.read(file)).toContain("[mcp_servers.auth0-staging]");
    await home.remove("codex", { name: "auth0-staging" });
    expect(home.names()).toEqual([]);
  });

  test.each([
    ["goose", [".config", "goose", "config.yaml"], "extensions:\n"],
    ["continue", [".continue", "config.yaml"], "a: 1\nmcpServers: # none yet\nb: 2\n"],
  ] as const)(
    "two names in %s go in either order, and a key without a value stays one",
    async (id, path, text) => {
      for (const order of [
        ["auth0", "auth0-staging"],
        ["auth0-staging", "auth0"],
      ]) {
        using home = new Home();
        const file = home.file(...path);
        writeAt(file, text);
        await home.add(id);
        await home.add(id, { name: "auth0-staging" });
        for (const name of order) await home.remove(id, { name });
        expect(home.read(file)).toBe(text);
      }
    },
  );

  test("an entry that somebody wrote by hand goes, and nothing else", async () => {
    using home = new Home();
    const file = home.file(".cursor", "mcp.json");
    writeAt(file, '{ "mcpServers": { "auth0": { "command": "/opt/auth0-mcp" }, "x": {} } }');
    await home.remove("cursor");
    expect(home.read(file)).toBe('{ "mcpServers": { "x": {} } }');
  });

  test("without our memory of it an entry can be removed as well", async () => {
    using home = new Home();
    await home.add("cursor");
    writeFileSync(home.file(STATE, "clients.json"), "{ damaged");
    await home.remove("cursor");
    expect(home.read(home.file(".cursor", "mcp.json"))).toBe('{\n  "mcpServers": {\n  }\n}\n');
  });

  test("what a killed process left of our memory goes with the next change", async () => {
    using home = new Home();
    const left = home.file(STATE, ".clients.json.11111111-1111-4111-8111-111111111111.tmp");
    writeAt(left, "{");
    await home.add("cursor");
    expect(existsSync(left)).toBe(false);
  });

  test("what we remember holds no value of the file", async () => {
    using home = new Home();
    writeAt(
      home.file(".cursor", "mcp.json"),
      '{ "key": "canary", "mcpServers": { "x": { "env": { "A": "canary" } } } }',
    );
    await home.add("cursor");
    expect(home.read(home.file(STATE, "clients.json"))).not.toContain("canary");
    expect(statSync(home.file(STATE, "clients.json")).mode & 0o777).toBe(0o600);
  });

  test("the file that holds the entry is taken, else the one that is there", async () => {
    using home = new Home();
    const commented = home.file(".config", "opencode", "opencode.jsonc");
    writeAt(commented, "// mine\n{}\n");
    expect((await home.add("opencode")).file).toBe(commented);
    writeAt(home.file(".config", "opencode", "opencode.json"), "{}");
    expect((await home.add("opencode")).kind).toBe("nothing");
    expect((await home.remove("opencode")).file).toBe(commented);
    expect(home.read(commented)).toBe("// mine\n{}\n");
  });

  test.each([
    ["the home folder", "", "real"],
    ["the client's folder", ".cursor", ".dotfiles/cursor"],
  ])("nothing is left where %s is a link", async (_, link, target) => {
    using home = new Home();
    const real = new Home();
    mkdirSync(join(real.path, target), { recursive: true });
    const linked = link === "" ? home.file("home") : home.file(link);
    symlinkSync(join(real.path, target), linked);
    const machine = link === "" ? { ...home.machine, home: linked } : home.machine;
    const workshop = { ...home.workshop, machine };
    await applyEdit(await planEntry(home.address("cursor"), launch, workshop), workshop);
    const again = { ...launch, args: ["run"] };
    await applyEdit(await planEntry(home.address("cursor"), again, workshop), workshop);
    await applyEdit(await planRemoval(home.address("cursor"), workshop), workshop);
    expect(real.names(join(real.path, target))).toEqual([]);
    real[Symbol.dispose]();
  });

  test("folders go with the last of the files that we made in them, whichever that is", async () => {
    const all = ["vscode", "roo", "zed", "goose"];
    for (const order of [all, [...all].reverse()]) {
      using home = new Home();
      for (const id of all) await home.add(id);
      for (const id of order) await home.remove(id);
      expect(home.names()).toEqual([]);
    }
  });

  test("a folder that a killed process made is known as ours by the next one", async () => {
    using home = new Home();
    await home.add("cursor");
    rmSync(home.file(".cursor", "mcp.json"));
    await home.add("cursor");
    await home.remove("cursor");
    expect(home.names()).toEqual([]);
  });

  test("a user's new file is for them alone, a project's as the umask says", async () => {
    using home = new Home();
    await home.add("cursor");
    await home.add("cursor", { scope: "project", project: home.file("app") });
    expect(statSync(home.file(".cursor", "mcp.json")).mode & 0o777).toBe(0o600);
    expect(statSync(home.file("app", ".cursor", "mcp.json")).mode & 0o777).toBe(0o666 & ~process.umask());
  });

  test.if(process.getuid?.() === 0)("the owner stays, of the backup too", async () => {
    using home = new Home();
    const file = home.file(".cursor", "mcp.json");
    writeAt(file, "{}");
    chownSync(file, 1234, 4321);
    await home.add("cursor");
    for (const path of [file, `${file}.auth0-mcp.bak`]) {
      const { uid, gid } = statSync(path);
      expect({ uid, gid }).toEqual({ uid: 1234, gid: 4321 });
    }
  });
});

describe("an entry that is not ours", () => {
  const foreign = [
    ['{"command": "docker", "env": {"KEY": "canary"}}', "starts another program"],
    ['{"url": "https://example.com"}', "starts nothing"],
    ['"text"', "is no map of settings"],
  ] as const;

  test.each(foreign)("%s is neither replaced nor removed", async (entry, told) => {
    using home = new Home();
    const file = home.file(".cursor", "mcp.json");
    for (const name of ["auth0", "other"]) {
      const content = `{"mcpServers": {"${name}": ${entry}}}`;
      writeAt(file, content);
      const adding = await refusal(home.add("cursor", { name }));
      expect(adding).toMatchObject({ exit: 1, code: "client_file" });
      expect(adding.message).toContain(`${file} has an entry "${name}" that ${told}`);
      expect(adding.hint).toContain(`--name ${name === "auth0" ? "auth0-mcp" : "auth0"}`);
      const removing = await refusal(home.remove("cursor", { name }));
      expect(removing).toMatchObject({ exit: 1, message: adding.message });
      expect(removing.hint).toContain("by hand");
      expect(removing.hint).not.toContain("--name");
      expect(home.read(file)).toBe(content);
    }
    expect(readdirSync(home.file(".cursor"))).toEqual(["mcp.json"]);
    expect(existsSync(home.file(".local"))).toBe(false);
  });

  test("came in place of ours meanwhile: it is not removed either", async () => {
    using home = new Home();
    await home.add("cursor");
    const file = home.file(".cursor", "mcp.json");
    const theirs = (home.read(file) ?? "").replace("/opt/auth0-mcp", "/opt/their-own");
    writeFileSync(file, theirs);
    expect((await refusal(home.remove("cursor"))).message).toContain("starts another program");
    expect(home.read(file)).toBe(theirs);
  });
});

describe("a refusal names the file and line, gives the snippet, and writes nothing", () => {
  const cases: readonly (readonly [
    client: string,
    path: readonly string[],
    content: string,
    told: string,
  ])[] = [
    [
      "cursor",
      [".cursor", "mcp.json"],
      '{\n  "a": 1\n  "b": 2\n}',
      "mcp.json:3 cannot be parsed as JSON (comma expected).",
    ],
    ["claude-code", [".claude.json"], "[]", ".claude.json:1 holds no JSON object."],
    ["codex", [".codex", "config.toml"], "a = 1\na = 2\n", "config.toml:2 cannot be parsed as TOML"],
    [
      "goose",
      [".config", "goose", "config.yaml"],
      "a: 1\nextensions: x\n",
      'config.yaml:2 holds no mapping at "extensions".',
    ],
    [
      "continue",
      [".continue", "config.yaml"],
      "mcpServers: {}\n",
      'config.yaml:1 holds no list at "mcpServers".',
    ],
  ];
  test.each(cases)("%s", async (client, path, content, told) => {
    using home = new Home();
    const file = home.file(...path);
    writeAt(file, content);
    const error = await refusal(home.add(client));
    expect(error.exit).toBe(1);
    expect(error.message).toContain(told);
    expect(error.message).toContain(file);
    expect(error.hint).toContain("Nothing was written");
    expect(error.hint).toContain("/opt/auth0-mcp");
    expect(home.read(file)).toBe(content);
    expect(readdirSync(dirname(file))).toEqual([path.at(-1) ?? ""]);
    expect(existsSync(home.file(".local"))).toBe(false);
  });

  test("a folder in the file's place", async () => {
    using home = new Home();
    mkdirSync(home.file(".cursor", "mcp.json"), { recursive: true });
    expect((await refusal(home.add("cursor"))).message).toEndWith("mcp.json is a folder.");
  });

  test("bytes that are not UTF-8", async () => {
    using home = new Home();
    mkdirSync(home.file(".cursor"));
    writeFileSync(home.file(".cursor", "mcp.json"), Uint8Array.from([0x7b, 0x0a, 0xff, 0x7d]));
    expect((await refusal(home.add("cursor"))).message).toEndWith("mcp.json:2 is not UTF-8.");
  });

  test("removing from a damaged file", async () => {
    using home = new Home();
    writeAt(home.file(".cursor", "mcp.json"), '{"mcpServers": ');
    const error = await refusal(home.remove("cursor"));
    expect(error.message).toContain("mcp.json:1 cannot be parsed as JSON");
    expect(error.hint).not.toContain("/opt/auth0-mcp");
  });

  test("our own state folder cannot be used", async () => {
    using home = new Home();
    writeFileSync(home.file(".local"), "a file where the folder belongs");
    expect((await refusal(home.add("cursor"))).exit).toBe(1);
    expect(home.names()).toEqual([]);
  });
});

/** Words that make root an ordinary user; none for who is one already. */
const asOrdinaryUser =
  process.getuid?.() === 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];
const mayDropRights = process.getuid?.() !== 0 || Bun.which("setpriv") !== null;

describe.if(mayDropRights)("rights", () => {
  function ownedByOrdinaryUser(home: Home): void {
    if (process.getuid?.() === 0) Bun.spawnSync(["chown", "-R", "65534:65534", home.path]);
  }
  const task = (home: Home) => ({ home: home.path, client: "cursor", names: ["auth0"] });

  test("a folder that cannot be written: nothing is changed, and the reason is told", async () => {
    using home = new Home();
    const folder = home.file(".cursor");
    writeAt(home.file(".cursor", "mcp.json"), "{}");
    ownedByOrdinaryUser(home);
    chmodSync(folder, 0o555);
    const { code, stderr } = await runChild(task(home), asOrdinaryUser);
    expect(code).toBe(1);
    expect(stderr).toContain("mcp.json cannot be written: permission denied.");
    expect(readdirSync(folder)).toEqual(["mcp.json"]);
    expect(home.read(home.file(".cursor", "mcp.json"))).toBe("{}");
    chmodSync(folder, 0o755);
  });

  test("a file that cannot be read", async () => {
    using home = new Home();
    const file = home.file(".cursor", "mcp.json");
    writeAt(file, "{}");
    ownedByOrdinaryUser(home);
    chmodSync(file, 0o000);
    const { code, stderr } = await runChild(task(home), asOrdinaryUser);
    expect(code).toBe(1);
    expect(stderr).toContain("mcp.json cannot be read: permission denied.");
    expect(stderr).toContain('"mcpServers"');
  });

  test("a file that is marked as read-only", async () => {
    using home = new Home();
    const file = home.file(".cursor", "mcp.json");
    writeAt(file, "{}");
    ownedByOrdinaryUser(home);
    chmodSync(file, 0o444);
    const { code, stderr } = await runChild(task(home), asOrdinaryUser);
    expect(code).toBe(1);
    expect(stderr).toContain("mcp.json cannot be written");
    expect(home.read(file)).toBe("{}");
  });
});

test("a full disk leaves the old file and nothing beside it", async () => {
  using home = new Home();
  const file = home.file(".cursor", "mcp.json");
  const before = largeDocument();
  writeAt(file, before);
  // A limit on the size of files stands in for the disk's end: the write fails half-way in the same way.
  const limited = ["sh", "-c", 'trap "" XFSZ; ulimit -f 64; exec "$@"', "sh"];
  const { code, stderr } = await runChild({ home: home.path, client: "cursor", names: ["auth0"] }, limited);
  expect(code).toBe(1);
  expect(stderr).toContain("mcp.json cannot be written: it would be larger than you may write.");
  expect(home.read(file)).toBe(before);
  expect(readdirSync(home.file(".cursor"))).toEqual(["mcp.json"]);
});

test("while another of our processes edits, nothing is written", async () => {
  using home = new Home();
  const { clock } = home.workshop;
  await withLock(lockFile(home.machine), { clock, timeout: 0 }, async () => {
    expect((await refusal(home.add("cursor"))).code).toBe("lock_unavailable");
    expect(home.names()).toEqual([]);
  });
  await home.add("cursor");
  expect(home.names()).toEqual([".cursor"]);
});

test("two processes that add at once lose nothing", async () => {
  using home = new Home();
  const file = home.file(".config", "zed", "settings.json");
  const before = '// mine\n{\n  "theme": "dark",\n}\n';
  writeAt(file, before);
  const names = ["a", "b"].map((who) => Array.from({ length: 15 }, (_, index) => `auth0-${who}${index}`));
  const finished = await Promise.all(
    names.map((own) => runChild({ home: home.path, client: "zed", names: own })),
  );
  expect(finished).toEqual([
    { code: 0, stderr: "" },
    { code: 0, stderr: "" },
  ]);
  for (const name of names.flat()) expect(home.read(file)).toContain(`"${name}": {`);
  for (const name of names.flat()) await home.remove("zed", { name });
  expect(home.read(file)).toBe(before);
}, 60_000);

test("kill -9 at any moment leaves the old file or the new", async () => {
  using home = new Home();
  const file = home.file(".cursor", "mcp.json");
  const before = largeDocument();
  writeAt(file, before);
  const task = { home: home.path, client: "cursor", names: ["auth0"], forever: true };
  const contents = new Set<string>();
  for (let round = 0; round < 20; round++) {
    const child = startChild(task);
    await firstWord(child);
    await Bun.sleep(round * 0.9);
    child.kill("SIGKILL");
    await child.exited;
    contents.add(readFileSync(file, "utf8"));
  }
  const added = await home.add("cursor", {}, { command: "/opt/auth0-mcp", args: ["run"] });
  const changed = await planEntry(
    home.address("cursor"),
    { command: "/opt/auth0-mcp", args: ["run", "--read-only"] },
    home.workshop,
  );
  const whole = [added.after, changed.after];
  expect([...contents].filter((content) => !whole.includes(content))).toEqual([]);
  await home.remove("cursor");
  expect(home.read(file)).toBe(before);
  const left = readdirSync(home.file(".cursor")).filter(
    (name) => !/^\.auth0-mcp-[0-9a-f-]{36}\.tmp$/.test(name),
  );
  expect(left.sort()).toEqual(["mcp.json", "mcp.json.auth0-mcp.bak"]);
  expect(home.read(`${file}.auth0-mcp.bak`)).toBe(before);
}, 60_000);
