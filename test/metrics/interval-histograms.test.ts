import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createIntervalHistograms, mergeIntervals, wholeOf } from "../../metrics/interval-histograms.ts";
import { createHistogram, encodeHistogram, recordMs } from "../../metrics/latency-histogram.ts";

describe("response times by when they were due", () => {
  test("the stretches of several records, merged and added up, are one histogram of all values, bucket for bucket", () => {
    const value = fc.tuple(fc.double({ min: 10, max: 70, noNaN: true }), fc.double({ min: 0, max: 1e5, noNaN: true }));
    fc.assert(
      fc.property(fc.array(fc.array(value, { maxLength: 50 }), { minLength: 1, maxLength: 4 }), (records) => {
        const all = createHistogram();
        const parts = records.map((values) => {
          const part = createIntervalHistograms(10, 70);
          for (const [dueAtMs, latencyMs] of values) {
            part.record(dueAtMs, latencyMs);
            recordMs(all, latencyMs);
          }
          return part.intervals();
        });
        expect(encodeHistogram(wholeOf(mergeIntervals(parts)))).toEqual(encodeHistogram(all));
      }),
      { numRuns: 20 },
    );
  });

  test("the first and the last moment belong to the first and the last stretch", () => {
    const { intervals, record } = createIntervalHistograms(1000, 61_000);
    record(1000, 1);
    record(1999.9, 1);
    record(2000, 1);
    record(61_000, 1);
    expect(intervals()[0]).toMatchObject({ fromMs: 1000, toMs: 2000 });
    expect(intervals().map(({ histogram }) => histogram.totalCount)).toEqual([2, 1, ...Array(57).fill(0), 1]);
  });
});
