import { expect, test } from "vitest";
import {
  countUpTo,
  createHistogram,
  decodeHistogram,
  encodeHistogram,
  meanMs,
  percentileMs,
  percentileSupported,
  recordMs,
} from "../../metrics/latency-histogram.ts";

test("a latency comes back within a tenth of a per cent, from a microsecond to hours", () => {
  for (const latencyMs of [0.001, 0.5, 12.34, 500, 110_000, 7_200_000]) {
    const histogram = createHistogram();
    recordMs(histogram, latencyMs);
    expect((percentileMs(histogram, 100) ?? 0) / latencyMs).toBeCloseTo(1, 2);
  }
});

test("encoding loses nothing", () => {
  const histogram = createHistogram();
  for (let i = 0; i < 5000; i++) recordMs(histogram, (i * i) % 997);
  const decoded = decodeHistogram(JSON.parse(JSON.stringify(encodeHistogram(histogram))));
  expect(decoded.totalCount).toBe(5000);
  for (const percentile of [0, 1, 50, 90, 99, 99.9, 100]) {
    expect(percentileMs(decoded, percentile)).toBe(percentileMs(histogram, percentile));
  }
});

test("an empty histogram has no percentile and no mean", () => {
  expect([percentileMs(createHistogram(), 50), meanMs(createHistogram())]).toEqual([null, null]);
});

test("a percentile wants ten values beyond it", () => {
  expect([19, 99, 100, 999, 1000, 10_000, 1_000_000].map(percentileSupported)).toEqual([
    50, 50, 90, 90, 99, 99.9, 99.999,
  ]);
});

test("counts the values up to one of them, and up to any beyond the largest", () => {
  const histogram = createHistogram(100);
  for (const ms of [0, 1, 1, 20, 300]) recordMs(histogram, ms);
  expect([0, 0.5, 1, 20.001, 299, 300, 5000].map((ms) => countUpTo(histogram, ms))).toEqual([1, 1, 3, 4, 4, 5, 5]);
  expect(countUpTo(createHistogram(), 1)).toBe(0);
});
