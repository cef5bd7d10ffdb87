// Run by a test, with the address of a session bus that does not answer. It gives up a write at once, says so, and says
// at last, when the keyring answers again, what it holds.
import { openEntry } from "../../src/auth/store/keyring.ts";

const say = (line: string) => process.stdout.write(`${line}\n`);
const entry = openEntry("auth0-mcp-test", "abandoned");
const wait = () => AbortSignal.timeout(200);
const refused = (error: Error) => error.message;

say(await entry.setPassword("late", wait()).then(() => "written", refused));
say(await entry.getPassword(wait()).then(() => "read", refused));
for (;;) {
  const held = await entry.getPassword(AbortSignal.timeout(3_000)).then(
    (value) => ({ value }),
    () => undefined,
  );
  if (held !== undefined) {
    say(`holds ${held.value}`);
    break;
  }
  await Bun.sleep(50);
}
process.exit(0);
