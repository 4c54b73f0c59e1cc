import { describe, expect, test } from "vitest";
import { createRetry, type RetryOptions } from "../../../../bench/providers/sql/retry.ts";
import { createFakeTime } from "../../fake-time.ts";

const trouble = new Error("connection lost");
const mistake = new Error("no such column");

function setUp(changes: Partial<RetryOptions> = {}) {
  const time = createFakeTime();
  const attemptsAtMs: number[] = [];
  const seen = { attemptsAtMs, poolsCleared: 0 };
  const retry = createRetry({
    connectionRetryMs: 3_000,
    minuteMs: 60_000,
    isRetriable: (error) => error === trouble,
    clearPool: async () => void seen.poolsCleared++,
    clock: time.clock,
    delay: time.delay,
    ...changes,
  });
  const failing = (error: Error, times = Number.POSITIVE_INFINITY) => {
    let failures = 0;
    return async () => {
      attemptsAtMs.push(time.clock());
      if (failures++ < times) throw error;
      return "done";
    };
  };
  const outcome = (call: () => Promise<string>) => retry(call).catch((error: Error) => error.message);
  return { time, seen, failing, outcome };
}

describe("sqlConnectionRetryInterval", () => {
  test("sleeps 5 s, then 1 s at a time until the interval after the first sleep is over", async () => {
    const { time, seen, failing, outcome } = setUp();
    const ended = outcome(failing(trouble));
    await time.advance(60_000);
    expect(await ended).toBe(trouble.message);
    // At 8,000 ms the interval has lasted 3,000 ms, which is not over yet.
    expect(seen.attemptsAtMs).toEqual([0, 5_000, 6_000, 7_000, 8_000, 9_000]);
  });

  test.each([
    [0, 1],
    [59_000, 2],
    [60_000, 1],
    [61_000, 2],
    [120_000, 1],
    [999, 1],
  ])("of %i ms lets a call that fails once be made %i times: only the seconds component counts", async (ms, calls) => {
    const { time, seen, failing, outcome } = setUp({ connectionRetryMs: ms });
    const ended = outcome(failing(trouble, 1));
    await time.advance(10_000);
    expect(await ended).toBe(calls === 2 ? "done" : trouble.message);
    expect(seen.attemptsAtMs).toHaveLength(calls);
  });

  test("of a minute retries where the trap is switched off", async () => {
    const { time, failing, outcome } = setUp({ connectionRetryMs: 60_000, secondsComponentOnly: false });
    const ended = outcome(failing(trouble, 3));
    await time.advance(10_000);
    expect(await ended).toBe("done");
  });

  test("Infinite retries as long as it takes", async () => {
    const { time, seen, failing, outcome } = setUp({ connectionRetryMs: null });
    const ended = outcome(failing(trouble, 1_000));
    await time.advance(2_000_000);
    expect(await ended).toBe("done");
    expect(seen.attemptsAtMs).toHaveLength(1_001);
  });

  test("an error that will not pass is not retried", async () => {
    const { seen, failing, outcome } = setUp();
    expect(await outcome(failing(mistake))).toBe(mistake.message);
    expect(seen).toEqual({ attemptsAtMs: [0], poolsCleared: 0 });
  });

  test("the pool is cleared once for all calls in trouble, and again in the next trouble", async () => {
    const { time, seen, failing, outcome } = setUp();
    const first = [outcome(failing(trouble, 1)), outcome(failing(trouble, 1))];
    await time.advance(10_000);
    expect(await Promise.all(first)).toEqual(["done", "done"]);
    expect(seen.poolsCleared).toBe(1);
    const second = outcome(failing(trouble, 1));
    await time.advance(10_000);
    expect(await second).toBe("done");
    expect(seen.poolsCleared).toBe(2);
  });

  test("in a run twenty times as fast sleeps and interval are a twentieth", async () => {
    const { time, seen, failing, outcome } = setUp({ minuteMs: 3_000 });
    const ended = outcome(failing(trouble));
    await time.advance(60_000);
    await ended;
    expect(seen.attemptsAtMs).toEqual([0, 250, 300, 350, 400, 450]);
  });
});
