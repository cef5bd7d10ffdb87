import type { Invocation } from "../../src/cli/command.ts";
import { runCli } from "../../src/cli/root.ts";
import type { ExitCode } from "../../src/lib/errors.ts";
import { isObject, type Json, type JsonObject, parseJson } from "../../src/lib/json.ts";

export interface Ran {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout as a JSON object, empty when it is none. */
  readonly json: JsonObject;
}

/** An invocation that keeps what is written, in an environment where nobody is signed in. */
export function fakeInvocation(
  environment: Readonly<Record<string, string>> = {},
  stdin = "",
): { readonly invocation: Invocation; readonly stdout: string[]; readonly stderr: string[] } {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const invocation: Invocation = {
    environment: {
      HOME: "/nonexistent",
      XDG_CONFIG_HOME: "/nonexistent",
      APPDATA: "/nonexistent",
      ...environment,
    },
    output: {
      data: async (text) => void stdout.push(text),
      json: async (value: Json) => void stdout.push(JSON.stringify(value)),
      note: (text) => void stderr.push(text),
      progress: () => undefined,
      stdoutIsTerminal: false,
    },
    interrupt: new AbortController().signal,
    stdin: () => new Blob([stdin]).stream(),
  };
  return { invocation, stdout, stderr };
}

/** Runs one command line in this process, as the entry does. */
export async function run(
  words: readonly string[],
  environment?: Readonly<Record<string, string>>,
  stdin?: string,
): Promise<Ran> {
  const { invocation, stdout, stderr } = fakeInvocation(environment, stdin);
  const code = await runCli(words, invocation);
  const parsed = parseJson(stdout.join("\n"));
  return { code, stdout: stdout.join("\n"), stderr: stderr.join("\n"), json: isObject(parsed) ? parsed : {} };
}
