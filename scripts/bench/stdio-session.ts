import { readFileSync } from "node:fs";

const initialize = {
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "bench", version: "1" } },
};

/** A server process and the means to send it requests. It speaks plain JSON-RPC, so that no client's cost is measured. */
export class StdioSession {
  readonly #child: Bun.Subprocess<"pipe", "pipe", "inherit">;
  readonly #waiting = new Map<number, (answer: string) => void>();
  #next = 1;

  constructor(command: readonly string[], env: Record<string, string>) {
    this.#child = Bun.spawn([...command], { env, stdin: "pipe", stdout: "pipe", stderr: "inherit" });
    void this.#read();
  }

  /** Sends one request and resolves with the whole line of its answer. */
  request(method: string, params: object): Promise<string> {
    return this.#send({ jsonrpc: "2.0", id: this.#next++, method, params });
  }

  async initialize(): Promise<void> {
    const answered = this.#send(initialize);
    this.#child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
    await answered;
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** The most memory the process has held so far, in MB. */
  peakMemory(): number {
    const status = readFileSync(`/proc/${this.pid}/status`, "utf8");
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
  }

  async end(): Promise<void> {
    this.#child.stdin.end();
    await this.#child.exited;
  }

  #send(message: {
    readonly jsonrpc: string;
    readonly id: number;
    readonly method: string;
    readonly params: object;
  }) {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#waiting.set(message.id, resolve);
    this.#child.stdin.write(`${JSON.stringify(message)}\n`);
    this.#child.stdin.flush();
    return promise;
  }

  async #read(): Promise<void> {
    let text = "";
    for await (const chunk of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n")) {
        const line = text.slice(0, end);
        text = text.slice(end + 1);
        const id = Number(/"id":(\d+)\}?$/.exec(line)?.[1] ?? JSON.parse(line).id);
        this.#waiting.get(id)?.(line);
        this.#waiting.delete(id);
      }
    }
  }
}
