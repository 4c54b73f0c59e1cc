import { describe, expect, test } from "vitest";
import {
  type LockAnswer,
  type LockParts,
  lockFigures,
  measureLockSteps,
} from "../../../../bench/drivers/locks/locks.ts";
import { createLockWait, type LockWaitSettings } from "../../../../bench/host/sessions/lock-wait.ts";
import { SessionItems } from "../../../../bench/providers/session-items.ts";
import type { GetResult } from "../../../../bench/providers/session-store.ts";
import { decodeHistogram, recordedValues } from "../../../../metrics/latency-histogram.ts";
import type { HistogramJson } from "../../../../metrics/run-result.ts";
import { createFakeTime } from "../../fake-time.ts";

const HOLD_MS = 20;

/** One session behind the real waiting of the host, in fake time. */
function setUp(settings: Partial<LockWaitSettings> = {}, changes: Partial<LockParts> = {}) {
  const time = createFakeTime();
  const counts = { lockWaits: 0, lockPolls: 0, lockBreaks: 0 };
  const free: GetResult = {
    item: { items: new SessionItems(), timeoutMs: 60_000 },
    locked: false,
    lockAgeMs: 0,
    lockId: 1,
    initialize: false,
  };
  let lockedAtMs: number | null = null;
  const lockWait = createLockWait({
    settings: { lockPollMs: 500, executionTimeoutMs: 110_000, requestQueueLimitPerSession: 50, ...settings },
    store: { releaseItemExclusive: async () => undefined },
    counts,
    clock: time.clock,
    delay: time.delay,
  });

  async function tryGet(): Promise<GetResult> {
    if (lockedAtMs !== null) return { ...free, item: null, locked: true, lockAgeMs: time.clock() - lockedAtMs };
    lockedAtMs = time.clock();
    return free;
  }

  async function send(): Promise<LockAnswer> {
    const waiter = { id: "one", startedAtMs: time.clock(), lockWaitMs: 0 };
    const got = await lockWait.untilFree(waiter, tryGet);
    const waitMs = waiter.lockWaitMs;
    if (got === "request timed out") return { outcome: "timed out", waitMs };
    if (got === "queue limit of the session") return { outcome: "queue limit", waitMs };
    await time.delay(HOLD_MS);
    lockedAtMs = null;
    return { outcome: "completed", waitMs };
  }

  const parts: LockParts = {
    steps: [1, 8, 32],
    roundsMax: 2,
    stepMs: 60_000,
    requestsMax: 1_000,
    clock: time.clock,
    signal: new AbortController().signal,
    send,
    counts: async () => ({ polls: counts.lockPolls, lostUpdates: null }),
    onAnswer: () => undefined,
    ...changes,
  };
  return { time, parts };
}

async function measured({ time, parts }: ReturnType<typeof setUp>) {
  const measuring = measureLockSteps(parts);
  await time.advance(300_000);
  return measuring;
}

/** Each value as whole milliseconds, with how often it was recorded. */
function valuesOf(json: HistogramJson | null): number[][] {
  if (json === null) return [];
  return recordedValues(decodeHistogram(json)).map(({ us, count }) => [Math.round(us / 10_000) * 10, count]);
}

describe("so many requests of one session at once", () => {
  test("the k-th is answered k polls after the first, and the figures are the sums of that staircase", async () => {
    const { steps, complete, leftOut } = await measured(setUp());
    expect({ complete, leftOut }).toEqual({ complete: true, leftOut: [] });
    expect(steps.map(({ concurrency, rounds, requests }) => [concurrency, rounds, requests])).toEqual([
      [1, 2, 2],
      [8, 2, 16],
      [32, 2, 64],
    ]);
    for (const { concurrency, responses, waits, polls, polledShare, requestsPerSecond } of steps) {
      const places = Array.from({ length: concurrency }, (_, k) => k);
      expect(valuesOf(responses).map(([ms]) => ms)).toHaveLength(concurrency);
      for (const [k, [ms, count]] of valuesOf(responses).entries()) {
        expect(Math.abs(ms - (500 * k + HOLD_MS)), `place ${k}`).toBeLessThanOrEqual(0.001 * ms + 10);
        expect(count).toBe(2);
      }
      expect(waits?.count ?? 0).toBe(2 * (concurrency - 1));
      expect(polls).toBe(2 * places.reduce((sum, k) => sum + k, 0));
      expect(polledShare).toBe((concurrency - 1) / concurrency);
      expect(requestsPerSecond).toBeCloseTo((1_000 * concurrency) / (500 * (concurrency - 1) + HOLD_MS), 6);
    }
  });

  test("the formula beside the longest wait says what polling alone makes of them", async () => {
    for (const concurrency of [2, 5, 32]) {
      const result = await measured(setUp({}, { steps: [concurrency], roundsMax: 3 }));
      const wait = lockFigures(result, { pollMs: 500, holdMs: HOLD_MS }).find(({ key }) => key === "lockWaitMaxMs");
      expect(wait!.value! / wait!.closedForm!.value).toBeCloseTo(1, 2);
    }
  });

  test("there is no formula where the limit, the time-out or a long hold had its hand in the waits", async () => {
    const formOf = async (settings: Partial<LockWaitSettings>, holdMs: number | null, pollMs: number | null = 500) =>
      lockFigures(await measured(setUp(settings, { steps: [10], roundsMax: 1 })), { pollMs, holdMs })[1].closedForm;
    expect(await formOf({}, HOLD_MS)).toMatchObject({
      value: 4_500,
      sum: "9 × 500 ms = 4500 ms, the last of 9 waiting",
    });
    expect(await formOf({ requestQueueLimitPerSession: 5 }, HOLD_MS)).toBeUndefined();
    expect(await formOf({ executionTimeoutMs: 1_800 }, HOLD_MS)).toBeUndefined();
    expect(await formOf({}, 400)).toBeUndefined();
    expect(await formOf({}, null)).toBeUndefined();
    expect(await formOf({}, HOLD_MS, null)).toBeUndefined();
  });

  test("beyond the queue limit they are refused at once, and count as having found it locked", async () => {
    const result = await measured(setUp({ requestQueueLimitPerSession: 5 }, { steps: [10], roundsMax: 1 }));
    expect(result.steps[0]).toMatchObject({ requests: 10, completed: 6, queueRefusals: 4, timeOuts: 0 });
    expect(result.steps[0].polledShare).toBe(0.9);
    const figures = Object.fromEntries(lockFigures(result).map(({ key, value }) => [key, value]));
    expect(figures).toMatchObject({ lockPolledShare: 0.9, lockQueueRefusedShare: 0.4, lockTimeOutShare: 0 });
    expect(figures.lockLostUpdates).toBeNull();
    expect(figures.lockWaitMaxMs! / 2_500).toBeCloseTo(1, 2);
  });

  test("who waits beyond the execution timeout is told so at his next poll", async () => {
    const result = await measured(setUp({ executionTimeoutMs: 1_800 }, { steps: [10], roundsMax: 1 }));
    // Answered at 0, 500, 1,000, 1,500 and one at 2,000 ms, when all the others give up.
    expect(result.steps[0]).toMatchObject({ requests: 10, completed: 5, timeOuts: 5, queueRefusals: 0 });
    expect(valuesOf(result.steps[0].waits).at(-1)).toEqual([2_000, 6]);
  });
});

describe("bounds", () => {
  test("no round begins beyond the time of a step or the requests of all, and what was not done is told", async () => {
    const byTime = await measured(setUp({}, { steps: [3], roundsMax: 1_000, stepMs: 2_500 }));
    expect(byTime.steps[0].rounds).toBe(3); // of 1,020 ms each
    const byCount = await measured(setUp({}, { steps: [2, 4, 8], roundsMax: 3, requestsMax: 15 }));
    expect(byCount.steps.map(({ requests }) => requests)).toEqual([6, 8]);
    expect(byCount.leftOut).toEqual([8]);
    expect(byCount.complete).toBe(true);
  });

  test("cut short, it keeps what was answered and begins nothing more", async () => {
    const controller = new AbortController();
    const { time, parts } = setUp({}, { steps: [4, 32], roundsMax: 1, signal: controller.signal });
    const measuring = measureLockSteps(parts);
    await time.advance(3_000);
    controller.abort();
    const { steps, complete } = await measuring;
    await time.advance(60_000);
    expect(complete).toBe(false);
    // The second step began at 1,520 ms, so that by 3,000 ms three of its requests were answered.
    expect(steps.map(({ requests }) => requests)).toEqual([4, 3]);
  });
});
