import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needPrograms } from "../../scripts/support/packages.ts";
import { asObject, asObjects, asString, type JsonObject, parseJson } from "../../src/lib/json.ts";

/** Whether pages can be looked at in a real browser here. */
export function haveChromium(): boolean {
  return needPrograms("pages in a browser", ["chromium"], ["chromium"]);
}

export interface Page {
  open(address: string): Promise<void>;
  /** The value of a JavaScript expression on the page. */
  evaluate(expression: string): Promise<unknown>;
  /** Waits until an expression holds. Throws with the page's text when it never does. */
  waitFor(expression: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts a headless Chromium with an empty profile, driven by its DevTools protocol. */
export async function openChromium(): Promise<Page> {
  const profile = mkdtempSync(join(tmpdir(), "auth0-mcp-chromium-"));
  const flags = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
  ];
  const browser = Bun.spawn(
    ["chromium", ...flags, "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"],
    { stdin: "ignore", stdout: "ignore", stderr: "pipe" },
  );
  let told = "";
  const decoder = new TextDecoder();
  let port: string | undefined;
  for await (const chunk of browser.stderr) {
    told += decoder.decode(chunk);
    port = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)/.exec(told)?.[1];
    if (port !== undefined) break;
  }
  if (port === undefined) throw new Error(`Chromium did not start: ${told}`);
  const targets = asObjects(await (await fetch(`http://127.0.0.1:${port}/json/list`)).json());
  const address = asString(targets.find(({ type }) => type === "page")?.["webSocketDebuggerUrl"]) ?? "";
  const socket = new WebSocket(address);
  await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }));

  const waiting = new Map<number, (answer: JsonObject) => void>();
  socket.addEventListener("message", ({ data }) => {
    const answer = asObject(parseJson(String(data))) ?? {};
    waiting.get(Number(answer["id"]))?.(answer);
  });
  let sent = 0;
  const send = (method: string, params: JsonObject) => {
    const id = ++sent;
    const answer = new Promise<JsonObject>((resolve) => waiting.set(id, resolve));
    socket.send(JSON.stringify({ id, method, params }));
    return answer;
  };
  const evaluate = async (expression: string) => {
    const { result } = await send("Runtime.evaluate", { expression, returnByValue: true });
    return asObject(asObject(result)?.["result"])?.["value"];
  };
  return {
    async open(target) {
      await send("Page.navigate", { url: target });
    },
    evaluate,
    async waitFor(expression) {
      for (let turn = 0; turn < 200; turn++) {
        if ((await evaluate(expression)) === true) return;
        await Bun.sleep(50);
      }
      throw new Error(`never true: ${expression}\n${await evaluate("document.body.innerText")}`);
    },
    async close() {
      socket.close();
      browser.kill();
      await browser.exited;
      rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}
