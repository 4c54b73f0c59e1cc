import { expect, test } from "vitest";
import { chiSquareTest, chiSquareUpper, dispersionTest } from "../../../workload/fit/goodness-of-fit.ts";
import { createStream } from "../../../workload/random-stream.ts";

// Critical values from the tables of the chi-square law (NIST/SEMATECH e-Handbook, section 1.3.6.7.4).
test.each([
  [1, 3.841, 0.05],
  [1, 6.635, 0.01],
  [5, 11.07, 0.05],
  [10, 18.307, 0.05],
  [10, 2.558, 0.99],
  [50, 76.154, 0.01],
  [100, 124.342, 0.05],
  [100, 70.065, 0.99],
])("with %i degrees of freedom, %f is exceeded with chance %f", (degreesOfFreedom, x, p) => {
  expect(chiSquareUpper(x, degreesOfFreedom)).toBeCloseTo(p, 4);
});

test("with two degrees of freedom the chi-square law is exponential, far into the tail", () => {
  for (const x of [0.1, 1, 5, 50, 500]) expect(chiSquareUpper(x, 2) / Math.exp(-x / 2)).toBeCloseTo(1, 9);
});

test("thin bins are joined, and parameters cost degrees of freedom", () => {
  const observed = [50, 30, 15, 3, 1, 1];
  const expected = [50, 25, 12.5, 6.25, 3.125, 3.125];
  const test = chiSquareTest(observed, expected, 1);
  expect(test?.degreesOfFreedom).toBe(3);
  expect(test?.statistic).toBeCloseTo(1 + 0.5 + (3 - 6.25) ** 2 / 6.25 + (2 - 6.25) ** 2 / 6.25, 9);
  expect(chiSquareTest([3, 2], [2.5, 2.5], 1)).toBeNull();
});

test("the p-value of a true law is uniform: one in twenty lies below 0.05", () => {
  const stream = createStream(11, "counts");
  let low = 0;
  for (let sample = 0; sample < 400; sample++) {
    const observed = new Array<number>(10).fill(0);
    for (let i = 0; i < 500; i++) observed[Math.floor(stream.next() * 10)]++;
    if ((chiSquareTest(observed, new Array<number>(10).fill(50), 0)?.pValue ?? 1) < 0.05) low++;
  }
  expect(low).toBeGreaterThan(20 - 4.4 * 3);
  expect(low).toBeLessThan(20 + 4.4 * 3);
});

test("evenly spaced arrivals and clustered ones are both told from independent ones", () => {
  const expected = new Array<number>(50).fill(10);
  expect(dispersionTest(expected, expected, 1)?.pValue).toBeLessThan(1e-6);
  const clustered = expected.map((_, i) => (i % 5 === 0 ? 50 : 0));
  expect(dispersionTest(clustered, expected, 1)).toMatchObject({ bins: 50 });
  expect(dispersionTest(clustered, expected, 1)?.index).toBeCloseTo((10 * 1600 + 40 * 100) / 10 / 49, 9);
  expect(dispersionTest([1, 2, 3], [2, 2, 2], 1)).toBeNull();
});
