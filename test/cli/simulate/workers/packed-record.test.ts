import fc from "fast-check";
import { expect, test } from "vitest";
import { packRecord, unpackRecord } from "../../../../cli/simulate/workers/packed-record.ts";
import { createHistogram, encodeHistogram, type Histogram } from "../../../../metrics/latency-histogram.ts";
import { packHistogram, unpackHistogram } from "../../../../metrics/packed-histogram.ts";
import { runReplication } from "../../../../sim/simulate.ts";
import { scenarioOf } from "../../../scenario-of.ts";

/** All that summaries and reports ask of a histogram. */
function factsOf(histogram: Histogram): unknown {
  const sum = createHistogram();
  sum.add(histogram);
  return {
    encoded: encodeHistogram(histogram),
    added: encodeHistogram(sum),
    total: histogram.totalCount,
    mean: histogram.mean,
    deviation: histogram.stdDeviation,
    max: histogram.maxValue,
    min: histogram.minNonZeroValue,
    percentiles: [0, 1, 50, 99, 99.9, 100].map((percentile) => histogram.getValueAtPercentile(percentile)),
    bytes: histogram.estimatedFootprintInBytes,
  };
}

test("a packed histogram is the same in all that can be asked of it, whatever was recorded and however it has grown", () => {
  const valuesUs = fc.array(fc.oneof(fc.nat(3000), fc.nat(100_000_000), fc.nat({ max: 20_000_000_000 })), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(valuesUs, fc.constantFrom(1, 100, 3_600_000), (values, roomMs) => {
      const histogram = createHistogram(roomMs);
      for (const us of values) histogram.recordValue(us);
      expect(factsOf(unpackHistogram(structuredClone(packHistogram(histogram))))).toEqual(factsOf(histogram));
    }),
    { numRuns: 60 },
  );
});

test("a record that went from thread to thread says what it said, its histograms included", () => {
  const scenario = scenarioOf(
    "site: { mode: SQLServer }\nworkload: { arrivals: 1 }\nrun: { durationMinutes: 10, warmupMinutes: 2 }",
  );
  const record = runReplication(scenario, 3);
  const arrived = unpackRecord(structuredClone(packRecord(record)));
  const { histograms, responseIntervals, ...plain } = arrived;
  expect({ ...record, histograms, responseIntervals }).toEqual({ ...plain, histograms, responseIntervals });
  expect(Object.keys(histograms)).toEqual(Object.keys(record.histograms));
  for (const name of ["response", "service", "lockWait"] as const) {
    const [before, after] = [record.histograms[name], histograms[name]];
    if (before === undefined || after === undefined) throw new Error(`${name} is missing`);
    expect(factsOf(after)).toEqual(factsOf(before));
  }
  expect(responseIntervals.map(({ fromMs, histogram }) => [fromMs, factsOf(histogram)])).toEqual(
    record.responseIntervals.map(({ fromMs, histogram }) => [fromMs, factsOf(histogram)]),
  );
});
