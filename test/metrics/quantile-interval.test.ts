import { expect, test } from "vitest";
import { createHistogram, recordMs } from "../../metrics/latency-histogram.ts";
import { quantileAlongTail, quantileAtShares } from "../../metrics/quantile-interval.ts";

const method = "95 %";

function valuesOf(counts: Readonly<Record<number, number>>) {
  const values = createHistogram(1000);
  for (const [ms, count] of Object.entries(counts)) for (let i = 0; i < count; i++) recordMs(values, Number(ms));
  return values;
}

/** 1 to 1,000 ms, one each: the percentile is as many thousandths. */
const even = valuesOf(Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [i + 1, 1])));

test("a share that was found may be much too high, and the percentile then lies as much lower", () => {
  const shares = { low: 0.89, high: 0.94, method };
  const interval = quantileAtShares(even, 0.9, 0.9, shares);
  expect(interval?.low).toBeCloseTo(860, 0);
  expect(interval?.high).toBeCloseTo(910, 0);
  const along = quantileAlongTail(even, 0.9, 0.9, shares);
  // From 800 to 950 the share above falls to a quarter: 150 / ln 4 are 0.1 of share.
  const steepness = 150 / Math.log(4) / 0.1;
  expect(along?.low).toBeCloseTo(900 - 0.04 * steepness, -1);
  expect(along?.high).toBeCloseTo(900 + 0.01 * steepness, -1);
});

test("past what was seen the tail goes on", () => {
  const shares = { low: 0.97, high: 0.995, method };
  for (const interval of [quantileAtShares, quantileAlongTail].map((of) => of(even, 0.99, 0.99, shares))) {
    expect(interval?.high).toBeGreaterThan(1000);
    expect(interval?.high).toBeLessThan(1040);
  }
});

test("a percentile among many equal values is known to be theirs", () => {
  const values = valuesOf({ 1: 10, 5: 980, 9: 10 });
  for (const of of [quantileAtShares, quantileAlongTail]) {
    const interval = of(values, 0.5, 0.99, { low: 0.98, high: 1, method });
    expect(interval).toMatchObject({ low: expect.closeTo(5, 1), high: expect.closeTo(5, 1) });
  }
});

test("none is given for too few values, none above, nor where the share leaves the low end open", () => {
  for (const of of [quantileAtShares, quantileAlongTail]) {
    expect(of(even, 0.999, 0.999, { low: 0.998, high: 1, method })).toBeNull();
    expect(of(even, 0.99, 1, { low: 1, high: 1, method })).toBeNull();
    expect(of(even, 0.5, 0.5, { low: -0.1, high: 1.1, method })).toBeNull();
  }
});
