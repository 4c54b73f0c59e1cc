import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { VisitCounts } from "../../../bench/drivers/journeys/journey-record.ts";
import { type Measured, mergeDrivers, writeDriver } from "../../../bench/generators/driver-record.ts";
import { createIntervalHistograms } from "../../../metrics/interval-histograms.ts";
import { createHistogram, percentileMs, recordedValues, recordMs } from "../../../metrics/latency-histogram.ts";
import { createOutcomeLog } from "../../../metrics/outcome-slots.ts";

const DURATION_MS = 60_000;

/** One answered request of a measured part of a minute. */
interface Request {
  readonly dueAtMs: number;
  readonly responseMs: number;
  readonly serviceMs: number;
  readonly lagMs: number;
  readonly failure: string | null;
}

/** What a driver would have after these requests. */
function driverAfter(requests: readonly Request[]): Measured {
  const histograms = {
    response: createHistogram(),
    service: createHistogram(),
    lockWait: createHistogram(),
    startLag: createHistogram(),
  };
  const responses = createIntervalHistograms(0, DURATION_MS);
  const outcomes = createOutcomeLog();
  const failures: Record<string, number> = {};
  const counts: VisitCounts = {
    visits: requests.length,
    requests: requests.length,
    completed: 0,
    failed: 0,
    failures,
    refusedSeen: 0,
    redirects: 0,
    cut: 0,
    lateStarts: 0,
  };
  for (const { dueAtMs, responseMs, serviceMs, lagMs, failure } of requests) {
    recordMs(histograms.startLag, lagMs);
    if (lagMs > 5) counts.lateStarts++;
    if (failure !== null) {
      counts.failed++;
      failures[failure] = (failures[failure] ?? 0) + 1;
      outcomes.failed(dueAtMs, dueAtMs + responseMs, failure);
      continue;
    }
    counts.completed++;
    recordMs(histograms.response, responseMs);
    recordMs(histograms.service, serviceMs);
    responses.record(dueAtMs, responseMs);
    outcomes.completed(dueAtMs, responseMs);
  }
  return { counts, histograms, responseIntervals: responses.intervals(), outcomes: outcomes.slots };
}

/** Latencies from a microsecond to the two hours at which a histogram must grow. */
const latencyMs = fc.oneof(
  fc.double({ min: 0.001, max: 50, noNaN: true }),
  fc.double({ min: 50, max: 7_200_000, noNaN: true }),
);

const request: fc.Arbitrary<Request> = fc.record({
  dueAtMs: fc.double({ min: 0, max: DURATION_MS, noNaN: true }),
  responseMs: latencyMs,
  serviceMs: latencyMs,
  lagMs: fc.double({ min: 0, max: 20, noNaN: true }),
  failure: fc.option(fc.constantFrom("request timed out", "connection refused"), { freq: 6 }),
});

/** Everything that can be read off a driver, to the last count. */
function readings({ counts, histograms, responseIntervals, outcomes }: Measured) {
  return {
    counts,
    histograms: Object.entries(histograms).map(([name, histogram]) => ({
      name,
      values: recordedValues(histogram),
      count: histogram.totalCount,
      p99: percentileMs(histogram, 99),
    })),
    responseIntervals: responseIntervals.map(({ fromMs, toMs, histogram }) => ({
      fromMs,
      toMs,
      values: recordedValues(histogram),
    })),
    completed: outcomes.completed,
    slowestMs: outcomes.slowestMs,
    failed: outcomes.failed.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
  };
}

describe("what several generators measured, added up", () => {
  test("is what one generator would have measured, bucket for bucket and count for count", () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 120 }), fc.integer({ min: 1, max: 5 }), (requests, generators) => {
        const parts = Array.from({ length: generators }, (_, index) =>
          driverAfter(requests.filter((_request, visit) => visit % generators === index)),
        );
        const crossed = parts.map((part) => structuredClone(writeDriver(part)));
        expect(readings(mergeDrivers(crossed))).toEqual(readings(driverAfter(requests)));
      }),
      { numRuns: 30 },
    );
  }, 20_000);

  test("of none is nothing", () => {
    const { counts, histograms, responseIntervals } = mergeDrivers([]);
    expect(counts).toMatchObject({ visits: 0, requests: 0, failures: {} });
    expect(histograms.response.totalCount).toBe(0);
    expect(responseIntervals).toEqual([]);
  });
});
