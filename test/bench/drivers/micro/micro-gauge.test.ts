import { describe, expect, test } from "vitest";
import { createCell, type MicroCell, measuringGauge } from "../../../../bench/drivers/micro/micro-gauge.ts";
import type { Awaitable } from "../../../../bench/providers/session-store.ts";

const CALLS = 90;
/** Seen by nobody, so that what is put here must be made. */
let kept: unknown;

async function measure(callMs: number, call: (index: number) => Awaitable<unknown>, turns = 6): Promise<MicroCell> {
  const cell = createCell("getItem", 256, callMs);
  for (let turn = 0; turn < turns; turn++) {
    cell.roundsSamplesMs.push([]);
    await measuringGauge(() => cell, turn)("getItem", CALLS, call);
  }
  return cell;
}

describe("the gauge", () => {
  test.each([1_000, 20_000, 200_000])(
    "finds %i bytes planted on the heap of each call within a tenth",
    async (bytes) => {
      const cell = await measure(1, () => {
        kept = new Array(bytes / 8).fill(0.5);
      });
      expect(cell.heapCalls).toBeGreaterThan(10);
      expect(cell.heapBytes / cell.heapCalls / bytes).toBeGreaterThan(0.95);
      expect(cell.heapBytes / cell.heapCalls / bytes).toBeLessThan(1.1 + 200 / bytes);
      expect(kept).toBeDefined();
    },
  );

  test("finds what was planted outside the heap, and does not take it for heap", async () => {
    const cell = await measure(1, async () => {
      kept = Buffer.alloc(100_000);
    });
    expect(cell.externalBytes / cell.externalCalls / 100_000).toBeCloseTo(1, 1);
    expect(cell.heapBytes / cell.heapCalls).toBeLessThan(5_000);
  });

  test("finds hardly anything where nothing is allocated", async () => {
    const cell = await measure(1, () => undefined);
    expect(cell.heapBytes / cell.heapCalls).toBeLessThan(200);
  });

  test("makes each call once, in order, and one after another", async () => {
    const seen: number[] = [];
    let underWay = 0;
    await measure(
      1,
      async (index) => {
        expect(++underWay).toBe(1);
        seen.push(index);
        await Promise.resolve();
        underWay--;
      },
      1,
    );
    expect(seen).toEqual(Array.from({ length: CALLS }, (_, index) => index));
  });

  test("times a call a sample, and never below what it really took", async () => {
    const cell = await measure(5, () => busyFor(0.5), 3);
    expect(cell.callsPerSample).toBe(1);
    // A third of the calls is timed; of those the first tells only whether the provider answers at once.
    expect(cell.roundsSamplesMs.map((samples) => samples.length)).toEqual([29, 29, 29]);
    for (const ms of cell.roundsSamplesMs.flat()) expect(ms).toBeGreaterThanOrEqual(0.5);
    expect(cell.turnsCpuMs).toHaveLength(3);
    for (const ms of cell.turnsCpuMs) expect(ms).toBeGreaterThan(0.1);
  });

  test.each([false, true])(
    "times calls too short for the clock several at a time (answers later: %s)",
    async (later) => {
      const answer = later ? Promise.resolve() : undefined;
      let calls = 0;
      const cell = await measure(
        0.002,
        () => {
          calls++;
          return answer;
        },
        2,
      );
      expect(cell.callsPerSample).toBe(10);
      expect(cell.roundsSamplesMs.map((samples) => samples.length)).toEqual([2, 2]);
      expect(calls).toBe(2 * CALLS);
    },
  );

  test("lets what a call throws through", async () => {
    await expect(measure(1, () => Promise.reject(new Error("gone")))).rejects.toThrow("gone");
  });
});

function busyFor(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs) kept = untilMs;
}
