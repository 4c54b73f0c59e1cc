// Calls at once by Little's law.

import { describe, expect, test } from "vitest";
import { callsAtOnce } from "../../../bench/calibrate/concurrency.ts";

/** A store with so many workers, asked by 1, 2, 4 … callers who do nothing else. */
function storeOf(workers: number, storeMs: number) {
  const steps = [1, 2, 4, 8, 16, 32].map((callers) => ({
    callers,
    callsPerSecond: (Math.min(callers, workers) * 1000) / storeMs,
  }));
  return { steps, callerBusyShare: 0.5, reuseAfterMs: null };
}

describe("calls at once", () => {
  test.each([1, 2, 3, 8, 20])("of a store with %i workers are as many", (workers) => {
    expect(callsAtOnce(storeOf(workers, 0.4), 0.4)).toBe(workers);
  });

  test("are never more than there were callers, however long a call took on a busy machine", () => {
    expect(callsAtOnce(storeOf(4, 0.4), 40)).toBe(4);
    expect(callsAtOnce(storeOf(100, 0.4), 40)).toBe(32);
  });

  test("of a store that takes no time, or of which nothing was measured, are one", () => {
    expect(callsAtOnce(storeOf(4, 0.4), 0)).toBe(1);
    expect(callsAtOnce({ steps: [], callerBusyShare: 0, reuseAfterMs: null }, 0.4)).toBe(1);
  });
});
