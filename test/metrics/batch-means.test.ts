import { expect, test } from "vitest";
import { autocorrelation, batchMeans, batchMeansInterval } from "../../metrics/batch-means.ts";
import { createStream } from "../../workload/random-stream.ts";
import { autoregressive, coverageOf, createMm1Waits, meansOf } from "./synthetic.ts";

test("batch means split all that is known into parts that differ by one value at most", () => {
  expect(batchMeans([1, 2, 3, 4], 2)).toEqual([1.5, 3.5]);
  expect(batchMeans([100, 1, 2, 3, 4], 2)).toEqual([50.5, 3]);
});

test("what came about once, at the very start, is not left out of the interval", () => {
  const once = [1000, ...new Array<number>(99).fill(0)];
  const interval = batchMeansInterval(once, 0.95);
  expect(interval?.low).toBeLessThan(10);
  expect(interval?.high).toBeGreaterThan(10);
});

test("the autocorrelation of a long autoregression is its coefficient", () => {
  expect(autocorrelation(autoregressive(createStream(1, "ar"), 20_000, 0.7))).toBeCloseTo(0.7, 1);
  expect(autocorrelation([3, 3, 3])).toBe(0);
});

const cases: { name: string; truth: number; runs: number; series: (seed: number) => number[] }[] = [
  {
    name: "independent values",
    truth: 100,
    runs: 1000,
    series: (seed) => autoregressive(createStream(seed, "a"), 160, 0),
  },
  {
    name: "39 independent values, parts of which are of one value and parts of two,",
    truth: 100,
    runs: 2000,
    series: (seed) => autoregressive(createStream(seed, "g"), 39, 0),
  },
  {
    name: "an autoregression of 0.7",
    truth: 100,
    runs: 1000,
    series: (seed) => autoregressive(createStream(seed, "b"), 300, 0.7),
  },
  {
    name: "an autoregression of 0.9",
    truth: 100,
    runs: 1000,
    series: (seed) => autoregressive(createStream(seed, "c"), 1500, 0.9),
  },
  {
    name: "waits at a load of 0.8",
    truth: 4,
    runs: 800,
    series: (seed) => meansOf(createMm1Waits(createStream(seed, "d"), 0.8), 60, 200),
  },
  {
    name: "waits at a load of 0.9",
    truth: 9,
    runs: 400,
    series: (seed) => meansOf(createMm1Waits(createStream(seed, "e"), 0.9), 60, 800),
  },
];
test.each(cases)(
  "95 % intervals from one run hold the mean of $name in 93 to 97 % of $runs runs",
  ({ truth, series, runs }) => {
    let seed = 0;
    const { held, without } = coverageOf(runs, truth, () => batchMeansInterval(series(seed++), 0.95));
    expect(held).toBeGreaterThanOrEqual(0.93);
    expect(held).toBeLessThanOrEqual(0.97);
    expect(without).toBeLessThan(0.05);
  },
);

test("a run too short for how slowly it changes has no interval", () => {
  let seed = 0;
  const { without } = coverageOf(200, 100, () =>
    batchMeansInterval(autoregressive(createStream(seed++, "f"), 160, 0.97), 0.95),
  );
  expect(without).toBeGreaterThan(0.97);
  expect(batchMeansInterval([1, 2, 3], 0.95)).toBeNull();
});

test("a level that never changes is known exactly", () => {
  expect(batchMeansInterval(new Array<number>(40).fill(5), 0.95)).toMatchObject({ low: 5, high: 5 });
});
