import type { Clock } from "../../src/lib/clock.ts";

/** A clock that only a sleep moves, at once, unless its signal has aborted. It remembers how long was slept. */
export class SteppingClock implements Clock {
  readonly sleeps: number[] = [];

  /** @param onSleep runs before the clock moves, for a test that withdraws the call while it waits */
  constructor(
    public time = Date.parse("2026-05-04T10:00:00.000Z"),
    private readonly onSleep: () => void = () => undefined,
  ) {}

  now(): number {
    return this.time;
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    this.sleeps.push(milliseconds);
    this.onSleep();
    signal?.throwIfAborted();
    this.time += milliseconds;
  }
}
