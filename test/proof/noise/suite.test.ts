import { expect, test } from "vitest";
import { noiseKinds } from "../../../proof/noise/noise-kinds.ts";
import { createSuite, suiteKeys } from "../../../proof/noise/suite.ts";

test("a suite has twelve metrics, each above 0 in every run, the same for the same seed", () => {
  expect(new Set(suiteKeys).size).toBe(12);
  for (const kind of noiseKinds) {
    for (let seed = 0; seed < 20; seed++) {
      const [one, other] = [createSuite(kind, seed), createSuite(kind, seed)];
      for (let run = 0; run < 60; run++) {
        const values = one.run();
        expect(values).toEqual(other.run());
        expect(values.every((value) => value > 0 && Number.isFinite(value))).toBe(true);
      }
    }
  }
});

test("metrics of one family rise and fall together, those of two families do not", () => {
  let within = 0;
  let across = 0;
  const suites = 40;
  for (let seed = 0; seed < suites; seed++) {
    const suite = createSuite("autocorrelated", seed);
    const runs = Array.from({ length: 400 }, () => suite.run().map(Math.log));
    const of = (key: string) => runs.map((values) => values[suiteKeys.indexOf(key)]!);
    within += correlation(of("responseP50Ms"), of("responseP90Ms")) / suites;
    across += correlation(of("responseP50Ms"), of("memoryBytesPerSession")) / suites;
  }
  expect(within).toBeGreaterThan(0.6);
  expect(Math.abs(across)).toBeLessThan(0.15);
});

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const cross = a.reduce((sum, value, n) => sum + (value - meanA) * (b[n]! - meanB), 0);
  const square = (list: readonly number[], middle: number) =>
    list.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return cross / Math.sqrt(square(a, meanA) * square(b, meanB));
}
