import { describe, expect, test } from "vitest";
import type { Law } from "../../../config/scenario.ts";
import { lawMean, lawQuantile } from "../../../workload/distributions.ts";
import { chanceUpTo, logChance } from "../../../workload/fit/lattice.ts";
import { fitThinkSeconds } from "../../../workload/fit/think.ts";
import { createTally } from "../../../workload/log/tally.ts";
import { createStream } from "../../../workload/random-stream.ts";

const GAP_MS = 1_200_000;

/** Think times in seconds as a log shows them: differences of moments cut down to whole units. */
function logged(thinkSeconds: () => number, n: number, unitMs = 1000) {
  const tally = createTally();
  let atMs = 0;
  for (let i = 0; i < n; i++) {
    const next = atMs + 1000 * thinkSeconds();
    const gap = (Math.floor(next / unitMs) - Math.floor(atMs / unitMs)) * unitMs;
    if (gap <= GAP_MS) tally.add(gap);
    atMs = next;
  }
  return tally;
}

function drawn(law: Law, seed: number) {
  const stream = createStream(seed, "think times");
  return () => lawQuantile(law, stream.next());
}

const N = 4000;
const seeds = [1, 2, 3, 4, 5];

describe.each(seeds)("think times drawn from a known law, seed %i", (seed) => {
  test("exponential: the family and the mean come back, even when most times are below a second", () => {
    for (const mean of [0.4, 3, 30]) {
      const fit = fitThinkSeconds(logged(drawn({ kind: "exponential", mean }, seed), N), GAP_MS);
      const { law } = fit.chosen;
      if (law.kind !== "exponential") throw new Error(`${law.kind}: ${fit.why}`);
      // What the cut to whole seconds hides adds to the error of an exponential mean: a variance of at most 1/4.
      const error = Math.sqrt((mean ** 2 + 0.25) / N);
      expect(Math.abs(law.mean - mean)).toBeLessThan(3.3 * error);
    }
  });

  test("log-normal: the family, the median and sigma come back", () => {
    for (const [median, sigma] of [
      [8, 0.9],
      [2, 1.4],
    ]) {
      const truth: Law = { kind: "lognormal", mean: median * Math.exp(sigma ** 2 / 2), sigma };
      const fit = fitThinkSeconds(logged(drawn(truth, seed), N), GAP_MS);
      const { law } = fit.chosen;
      if (law.kind !== "lognormal") throw new Error(`${law.kind}: ${fit.why}`);
      const fitted = Math.log(law.mean) - law.sigma ** 2 / 2;
      const lost = median < 4 ? 1.5 : 1.1;
      expect(Math.abs(fitted - Math.log(median))).toBeLessThan((3.3 * lost * sigma) / Math.sqrt(N));
      expect(Math.abs(law.sigma - sigma)).toBeLessThan((3.3 * lost * sigma) / Math.sqrt(2 * N));
    }
  });

  test("Pareto: the family, the tail exponent and the smallest value come back", () => {
    const truth: Law = { kind: "pareto", min: 2.5, shape: 1.8 };
    const fit = fitThinkSeconds(logged(drawn(truth, seed), N), GAP_MS);
    const { law } = fit.chosen;
    if (law.kind !== "pareto") throw new Error(`${law.kind}: ${fit.why}`);
    expect(Math.abs(law.shape - truth.shape)).toBeLessThan((4 * truth.shape) / Math.sqrt(N));
    expect(Math.abs(law.min - truth.min)).toBeLessThan(0.1);
  });

  test("constant: the value comes back though it is no whole second", () => {
    const { law } = fitThinkSeconds(logged(drawn({ kind: "constant", value: 4.3 }, seed), N), GAP_MS).chosen;
    if (law.kind !== "constant") throw new Error(law.kind);
    expect(law.value).toBeCloseTo(4.3, 1);
  });

  test("two kinds of pauses in one log are no law with a formula; the empirical one keeps mean and median", () => {
    const short = drawn({ kind: "exponential", mean: 0.05 }, seed);
    const long = drawn({ kind: "lognormal", mean: 60, sigma: 0.3 }, seed + 100);
    const stream = createStream(seed, "which");
    const tally = logged(() => (stream.next() < 0.5 ? short() : long()), N);
    const { chosen } = fitThinkSeconds(tally, GAP_MS);
    expect(chosen.law.kind).toBe("empirical");
    expect(lawMean(chosen.law)).toBeCloseTo(tally.mean() / 1000, 6);
    expect(Math.abs(lawQuantile(chosen.law, 0.25) - tally.percentile(0.25) / 1000)).toBeLessThanOrEqual(1);
    expect(Math.abs(lawQuantile(chosen.law, 0.75) - tally.percentile(0.75) / 1000)).toBeLessThanOrEqual(1);
  });
});

test("times logged to the millisecond give the same law, more closely", () => {
  const truth: Law = { kind: "lognormal", mean: 12, sigma: 1.2 };
  const fit = fitThinkSeconds(logged(drawn(truth, 9), 20_000, 1), GAP_MS);
  expect(fit.resolutionSeconds).toBe(0.001);
  const { law } = fit.chosen;
  if (law.kind !== "lognormal") throw new Error(`${law.kind}: ${fit.why}`);
  expect(Math.abs(law.sigma - 1.2)).toBeLessThan((3.3 * 1.2) / Math.sqrt(40_000));
});

test("a log without a single gap gets a think time that is never used", () => {
  expect(fitThinkSeconds(createTally(), GAP_MS).chosen.law).toEqual({ kind: "constant", value: 0 });
});

test("the chances of the whole numbers add up to the share up to each of them", () => {
  const laws: Law[] = [
    { kind: "exponential", mean: 2.7 },
    { kind: "lognormal", mean: 5, sigma: 1.1 },
    { kind: "pareto", min: 1.4, shape: 1.2 },
  ];
  const densities = [
    (x: number) => -x / 2.7 - Math.log(2.7),
    (x: number) =>
      -Math.log(x * 1.1 * Math.sqrt(2 * Math.PI)) - ((Math.log(x) - Math.log(5) + 1.1 ** 2 / 2) / 1.1) ** 2 / 2,
    (x: number) => (x < 1.4 ? Number.NEGATIVE_INFINITY : Math.log(1.2) + 1.2 * Math.log(1.4) - 2.2 * Math.log(x)),
  ];
  laws.forEach((law, i) => {
    let sum = 0;
    for (let k = 0; k < 200; k++) {
      if (law.kind === "empirical") continue;
      sum += Math.exp(logChance({ law, logDensity: densities[i] }, k, k));
      expect(sum).toBeCloseTo(chanceUpTo(law, k), 4);
    }
  });
});
