import { rmSync } from "node:fs";

/** What a session bus does before it never answers again. */
export type Manners = "accepts" | "authenticates" | "greets";

export interface SilentBus {
  /** Everything it has been sent, as text. */
  heard(): string;
  /** Resolves as soon as it has been sent something. */
  readonly asked: Promise<void>;
  stop(): void;
}

/**
 * A session bus on a Unix socket that takes every connection and sooner or later falls silent: at once, after the
 * authentication, or after its answer to `Hello`, so that the first call to a service on it gets none.
 */
export function startSilentBus(path: string, manners: Manners): SilentBus {
  let heard = "";
  const asked = Promise.withResolvers<void>();
  const listener = Bun.listen({
    unix: path,
    socket: {
      data(socket, data) {
        const text = data.toString("latin1");
        heard += text;
        asked.resolve();
        if (manners === "accepts") return;
        if (text.includes("AUTH EXTERNAL")) socket.write(`OK ${"0123456789abcdef".repeat(2)}\r\n`);
        if (text.includes("NEGOTIATE_UNIX_FD")) socket.write("AGREE_UNIX_FD\r\n");
        if (manners === "greets" && text.includes("Hello\0")) socket.write(helloReply());
      },
    },
  });
  return {
    heard: () => heard,
    asked: asked.promise,
    stop() {
      listener.stop(true);
      rmSync(path, { force: true });
    },
  };
}

/** METHOD_RETURN to the first call of a connection, with the unique name that it gets (D-Bus specification, "Message Format"). */
function helloReply(): Buffer {
  const name = ":1.1";
  const body = Buffer.concat([uint32(name.length), Buffer.from(`${name}\0`)]);
  const replySerial = Buffer.concat([Buffer.from([5, 1, 0x75, 0]), uint32(1)]);
  const signature = Buffer.from([8, 1, 0x67, 0, 1, 0x73, 0]);
  const fields = Buffer.concat([replySerial, signature]);
  const start = Buffer.from([0x6c, 2, 1, 1]);
  const head = Buffer.concat([start, uint32(body.length), uint32(1), uint32(fields.length), fields]);
  return Buffer.concat([head, Buffer.alloc(-head.length & 7), body]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
