import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createPace, machineTimers, POLL_BEFORE_MS } from "../../bench/pace.ts";
import { createFakeTime } from "./fake-time.ts";

/** A machine whose timers wake on time and whose turns of the event loop take 0.05 ms. */
function setUp() {
  const time = createFakeTime();
  const sleeps: number[] = [];
  const pace = createPace({
    clock: time.clock,
    wakeAfter(ms, wake) {
      sleeps.push(ms);
      return time.at(time.clock() + ms, wake);
    },
    wakeSoon: (wake) => time.at(time.clock() + 0.05, wake),
    nap: () => undefined,
  });
  return { time, pace, sleeps };
}

describe("open-loop pacing", () => {
  test("whatever the order of appointments, all start in the order they are due, ties in the order they were made", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 60 }), async (moments) => {
        const { time, pace } = setUp();
        const started: { dueAtMs: number; index: number }[] = [];
        for (const [index, dueAtMs] of moments.entries()) {
          pace.at(dueAtMs, (lagMs) => {
            expect(lagMs).toBeGreaterThanOrEqual(0);
            expect(lagMs).toBeLessThanOrEqual(0.06);
            started.push({ dueAtMs, index });
          });
        }
        await time.advance(40);
        const expected = moments
          .map((dueAtMs, index) => ({ dueAtMs, index }))
          .sort((a, b) => a.dueAtMs - b.dueAtMs || a.index - b.index);
        expect(started).toEqual(expected);
        expect(pace.waiting()).toBe(0);
      }),
      { numRuns: 25 },
    );
  });

  test("it sleeps until shortly before the moment and polls the rest of the way", async () => {
    const { time, pace, sleeps } = setUp();
    pace.at(100, () => undefined);
    await time.advance(101);
    expect(sleeps).toEqual([100 - POLL_BEFORE_MS]);
    expect(pace.polledMs()).toBeGreaterThan(1);
  });

  test("of the rest of the way it naps, never beyond the moment, and that is idle time", async () => {
    const time = createFakeTime();
    const naps: number[] = [];
    const pace = createPace({
      clock: time.clock,
      wakeAfter: (ms, wake) => time.at(time.clock() + ms, wake),
      wakeSoon: (wake) => time.at(time.clock() + 0.01, wake),
      nap(leftMs) {
        if (leftMs < 0.2) return;
        naps.push(leftMs);
        time.stall(0.1);
      },
    });
    let lateMs = Number.NaN;
    pace.at(10, (lagMs) => {
      lateMs = lagMs;
    });
    await time.advance(12);
    expect(lateMs).toBeLessThan(0.02);
    expect(naps.length).toBeGreaterThan(8);
    expect(pace.polledMs()).toBeCloseTo(POLL_BEFORE_MS, 1);
  });

  test("a machine whose naps took long is not trusted with a short one, until that is long ago", () => {
    let nowMs = 0;
    const { nap } = machineTimers(() => nowMs);
    const real = Atomics.wait;
    const lengths: number[] = [];
    let lengthMs = 5;
    Atomics.wait = (() => {
      lengths.push(lengthMs);
      nowMs += lengthMs;
      return "timed-out";
    }) as typeof Atomics.wait;
    try {
      nap(1);
      lengthMs = 0.1;
      nap(1);
      nap(9);
      expect(lengths).toEqual([5]);
      for (let i = 0; i < 200; i++) nap(1);
      expect(lengths.length).toBeGreaterThan(50);
    } finally {
      Atomics.wait = real;
    }
  });

  test("an earlier appointment made later is kept all the same", async () => {
    const { time, pace } = setUp();
    const started: string[] = [];
    pace.at(100, () => started.push("late"));
    await time.advance(10);
    pace.at(20, () => started.push("early"));
    await time.advance(15);
    expect(started).toEqual(["early"]);
  });

  test("what a stall held up starts after it, each with its own lag", async () => {
    const { time, pace } = setUp();
    const lags: number[] = [];
    for (const dueAtMs of [10, 20, 30]) pace.at(dueAtMs, (lagMs) => lags.push(lagMs));
    await time.advance(5);
    time.stall(45);
    await time.advance(1);
    expect(lags).toEqual([40, 30, 20]);
  });

  test("after a stop nothing starts, even what is due in the same turn", async () => {
    const { time, pace } = setUp();
    const started: number[] = [];
    pace.at(10, () => {
      started.push(1);
      pace.stop();
    });
    pace.at(10, () => started.push(2));
    await time.advance(20);
    expect(started).toEqual([1]);
  });
});
