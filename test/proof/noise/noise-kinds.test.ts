import { expect, test } from "vitest";
import { autoregression, createNoise, noiseKinds, twoModes } from "../../../proof/noise/noise-kinds.ts";
import { pareto, studentT } from "../../../proof/noise/random-laws.ts";
import { createStream } from "../../../workload/random-stream.ts";

const COUNT = 40_000;

function values(draw: () => number, count = COUNT): number[] {
  return Array.from({ length: count }, draw);
}

const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
const shareOf = (list: readonly number[], holds: (value: number) => boolean) => list.filter(holds).length / list.length;

function autocorrelation(list: readonly number[]): number {
  const middle = mean(list);
  const variance = mean(list.map((value) => (value - middle) ** 2));
  return mean(list.slice(1).map((value, n) => (value - middle) * (list[n]! - middle))) / variance;
}

test.each([
  [2, 4.303],
  [3, 3.182],
])("Student's t with %i degrees of freedom lies beyond ±%d in 5 of 100 draws", (degrees, quantile) => {
  const stream = createStream(1, "t");
  const drawn = values(() => studentT(stream, degrees));
  expect(shareOf(drawn, (value) => Math.abs(value) > quantile)).toBeCloseTo(0.05, 2);
  expect(shareOf(drawn, (value) => value > 0)).toBeCloseTo(0.5, 2);
});

test("Pareto with shape 1.5 is above 1, and above 4 in one of eight draws", () => {
  const stream = createStream(2, "pareto");
  const drawn = values(() => pareto(stream, 1.5));
  expect(Math.min(...drawn)).toBeGreaterThan(1);
  expect(shareOf(drawn, (value) => value > 4)).toBeCloseTo(0.125, 2);
});

test("autoregression has the autocorrelation and the width that it claims", () => {
  const drawn = values(autoregression(0.02, 0.8, createStream(3, "ar")));
  expect(autocorrelation(drawn)).toBeCloseTo(0.8, 1);
  expect(Math.sqrt(mean(drawn.map((value) => value * value)))).toBeCloseTo(0.02, 3);
});

test("two modes are two, a gap apart, and the sticky ones follow each other", () => {
  const coins = values(twoModes(0.2, 0, createStream(4, "modes")));
  const sticky = values(twoModes(0.2, 0.9, createStream(4, "modes")));
  expect([...new Set(sticky)].sort()).toEqual([0, 0.2]);
  expect(autocorrelation(coins)).toBeCloseTo(0, 1);
  expect(autocorrelation(sticky)).toBeCloseTo(0.9, 1);
});

test("drift moves the middle between the early and the late runs of a comparison by more than its calm part", () => {
  const moved = Array.from({ length: 60 }, (_, n) => {
    const drawn = values(createNoise("drifting", 0.01, createStream(n, "drift")), 160);
    return Math.abs(mean(drawn.slice(0, 40)) - mean(drawn.slice(120)));
  });
  expect(shareOf(moved, (by) => by > 0.01)).toBeGreaterThan(0.4);
});

test.each(noiseKinds)("%s noise is the same for the same seed, and a number for any", (kind) => {
  const of = (seed: number) => values(createNoise(kind, 0.02, createStream(seed, kind)), 200);
  expect(of(5)).toEqual(of(5));
  for (let seed = 0; seed < 50; seed++) expect(of(seed).every(Number.isFinite)).toBe(true);
});
