import { expect, test } from "bun:test";
import { commandEvent } from "../../src/analytics/event.ts";
import { createSender } from "../../src/analytics/sender.ts";
import { collectors, silence } from "../support/collector.ts";

const event = commandEvent({ command: "session", success: true, milliseconds: 1 });

const collecting = collectors();

test("one POST of JSON, without a cookie, also after one was set", async () => {
  const collector = collecting();
  const sender = createSender(collector.url);
  await sender.send(event);
  await sender.send(event);
  expect(collector.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /events?from=test",
    "POST /events?from=test",
  ]);
  for (const { headers, body } of collector.received) {
    expect(headers["content-type"]).toBe("application/json");
    expect(headers["cookie"]).toBeUndefined();
    expect(JSON.parse(body)).toEqual({ ...event });
  }
});

test.each([301, 302, 303, 307, 308])("%d is not followed", async (status) => {
  const other = collecting();
  const here = collecting(() => new Response(null, { status, headers: { location: other.url } }));
  await createSender(here.url).send(event);
  expect(here.received.length).toBe(1);
  expect(other.received).toEqual([]);
});

test.each([429, 500, 503])("%d is not tried again", async (status) => {
  const collector = collecting(() => new Response("sorry", { status, headers: { "retry-after": "0" } }));
  await createSender(collector.url).send(event);
  expect(collector.received.length).toBe(1);
});

test("an answer is not read, however long it is", async () => {
  let pieces = 0;
  const cancelled = Promise.withResolvers<void>();
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        pieces++;
        controller.enqueue(new Uint8Array(65_536));
        if (pieces > 100) controller.close();
      },
      cancel: () => cancelled.resolve(),
    },
    { highWaterMark: 0 },
  );
  await createSender("https://collector.example/", async () => new Response(body)).send(event);
  await cancelled.promise;
  expect(pieces).toBeLessThan(100);
});

test("whatever goes wrong, it resolves", async () => {
  const closed = collecting();
  await closed.stop();
  await createSender(closed.url).send(event);
  await createSender("https://collector.example/", () => Promise.reject(new TypeError("defect"))).send(event);
  const throwing = () => {
    throw new Error("at once");
  };
  await createSender("https://collector.example/", throwing).send(event);
});

test("abort gives up what is under way at once, and nothing is sent after it", async () => {
  const signals: (AbortSignal | null | undefined)[] = [];
  const collector = collecting(silence);
  const sender = createSender(collector.url, (url, init) => {
    signals.push(init.signal);
    return fetch(url, init);
  });
  const sent = sender.send(event);
  await collector.count(1);
  expect(signals.map((signal) => signal?.aborted)).toEqual([false]);
  sender.abort();
  expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
  await sent;
  await collector.givenUp;
  await sender.send(event);
  expect(signals.length).toBe(1);
});

test("an address that does not answer holds 32 events and no more; one that does gets them all", async () => {
  let asked = 0;
  const silent = createSender("https://collector.example/", () => {
    asked++;
    return silence();
  });
  for (let number = 0; number < 40; number++) void silent.send(event);
  expect(asked).toBe(32);

  const collector = collecting();
  const sender = createSender(collector.url);
  for (let number = 0; number < 40; number++) await sender.send(event);
  expect(collector.received.length).toBe(40);
});
