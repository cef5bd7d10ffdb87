import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** What becomes of a connection: nobody takes it, it is cut once something is said, a gateway answers it, or it gets through. */
export type LineState = "refused" | "cut" | "bad gateway" | "up";

export interface Line {
  /** host:port */
  readonly domain: string;
  /** Takes effect at once, also for connections that are open. */
  set(state: LineState): Promise<void>;
  stop(): Promise<void>;
}

const GATEWAY = "<html><body>Bad Gateway</body></html>";
const BAD_GATEWAY = `HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/html\r\nconnection: close\r\ncontent-length: ${GATEWAY.length}\r\n\r\n${GATEWAY}`;

/**
 * The way from a loopback port to a server on this machine, which can be disturbed.
 *
 * @param port of the server, asked for when something gets through
 */
export async function startLine(port: () => number): Promise<Line> {
  const sockets = new Set<Socket>();
  let state: LineState = "up";
  const server = createServer((socket) => {
    track(socket);
    if (state === "up") {
      const through = track(connect(port(), "127.0.0.1"));
      socket.pipe(through).pipe(socket);
      return;
    }
    socket.once("data", () => {
      if (state === "bad gateway") socket.end(BAD_GATEWAY);
      else socket.resetAndDestroy();
    });
  });
  function track(socket: Socket): Socket {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    return socket;
  }
  const address = await listen(server, 0);
  const hangUp = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    domain: `127.0.0.1:${address.port}`,
    async set(next) {
      const former = state;
      state = next;
      hangUp();
      if (next === former) return;
      if (next === "refused") await close(server);
      else if (former === "refused") await listen(server, address.port);
    },
    async stop() {
      hangUp();
      if (state !== "refused") await close(server);
    },
  };
}

async function listen(server: Server, port: number): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
