import { describe, expect, test } from "vitest";
import type { MetricRule } from "../../../metrics/compare/comparison.ts";
import { judgeInterleaved } from "../../../metrics/compare/judge-interleaved.ts";
import { judgeSets } from "../../../metrics/compare/judge-sets.ts";
import { judgeSingle } from "../../../metrics/compare/judge-single.ts";
import type { MetricValues } from "../../../metrics/compare/judged.ts";
import { createRandom, type Random } from "../../../metrics/random-numbers.ts";

const rule: MetricRule = { better: "low", scale: "relative", minimumEffect: 0.05 };
const asked = { falseDiscoveryRate: 0.01, seed: 1 };

/** Values around a level, their logarithms spread evenly over ± noise. */
function around(level: number, count: number, noise: number, random: Random): number[] {
  return Array.from({ length: count }, () => level * (1 + noise * (2 * random.next() - 1)));
}

/** Twelve metrics, the first with what is planted. */
function suite(blocks: number, factor: number, noise: number, first: Partial<MetricValues> = {}): MetricValues[] {
  const random = createRandom(5);
  return Array.from({ length: 12 }, (_, i) => ({
    key: `metric ${i}`,
    rule,
    base: around(100, 2 * blocks, noise, random),
    candidate: around(i === 0 ? 100 * factor : 100, 2 * blocks, noise, random),
    ...(i === 0 ? first : {}),
  }));
}

describe("runs that took turns", () => {
  test("a slow-down of a tenth is a regression, and the eleven others are no worse", () => {
    const judged = judgeInterleaved(suite(16, 1.1, 0.02), asked);
    expect(judged.map(({ verdict }) => verdict)).toEqual(["regressed", ...Array(11).fill("no worse")]);
    const { effect } = judged[0];
    expect(effect?.interval?.low).toBeGreaterThan(0.07);
    expect(effect?.interval?.high).toBeLessThan(0.13);
    expect(judged[0].reason).toMatch(/^Worse in 16 of 16 blocks; chance alone/);
  });

  test("of a metric that should be high, a fall of a tenth is the regression and a rise is shown to be better", () => {
    const high: MetricRule = { better: "high", scale: "relative", minimumEffect: 0.05 };
    const [fallen] = judgeInterleaved(suite(16, 0.9, 0.02, { rule: high }), asked);
    const [risen] = judgeInterleaved(suite(16, 1.1, 0.02, { rule: high }), asked);
    expect([fallen.verdict, fallen.effect?.value]).toEqual(["regressed", expect.closeTo(-0.1, 1)]);
    expect([risen.verdict, risen.improved]).toEqual(["no worse", true]);
  });

  test("six blocks regress nothing, however much slower; what is said is how many runs would settle it", () => {
    const [judged] = judgeInterleaved(suite(6, 1.5, 0.02), asked);
    expect(judged.verdict).toBe("cannot tell");
    expect(judged.moreRuns).toBeGreaterThanOrEqual(8);
    expect(judged.moreRuns).toBeLessThanOrEqual(20);
  });

  test("a sure slow-down below the minimum effect is no worse", () => {
    const [judged] = judgeInterleaved(suite(30, 1.02, 0.01), asked);
    expect(judged.verdict).toBe("no worse");
    expect(judged.effect?.interval?.low).toBeGreaterThan(0);
  });

  test("noise that hides the minimum effect gives no verdict; a floor above it says that none can be had here", () => {
    const noisy = suite(12, 1, 0.6);
    expect(judgeInterleaved(noisy, asked)[0]).toMatchObject({ verdict: "cannot tell", undecidable: false });
    const floors = new Map([["metric 0", 0.2]]);
    expect(judgeInterleaved(noisy, { ...asked, floors })[0]).toMatchObject({ undecidable: true, moreRuns: null });
  });

  test("shares that are 0 on both sides are no worse after a few blocks", () => {
    const share: MetricRule = { better: "low", scale: "absolute", minimumEffect: 0.005 };
    const nothing = Array(20).fill(0);
    const [judged] = judgeInterleaved([{ key: "failedShare", rule: share, base: nothing, candidate: nothing }], asked);
    expect(judged).toMatchObject({ verdict: "no worse", effect: { value: 0 } });
  });

  test("a metric that a side does not know cannot be told, and a block without it is left out", () => {
    const [unknown] = judgeInterleaved(
      [{ key: "p99", rule, base: [Number.NaN, Number.NaN], candidate: [1, 1] }],
      asked,
    );
    expect(unknown).toMatchObject({ verdict: "cannot tell", effect: null });
    const gap = suite(16, 1.1, 0.02);
    const base = gap[0].base.map((value, run) => (run === 4 ? Number.NaN : value));
    expect(judgeInterleaved([{ ...gap[0], base }, ...gap.slice(1)], asked)[0].reason).toMatch(/of 15 blocks/);
  });
});

describe("sets of runs", () => {
  const sets = (factor: number, runs: number, noise = 0.02) => suite(runs / 2, factor, noise);

  test("a slow-down beyond the chance of handing out is a regression", () => {
    const [judged, ...others] = judgeSets(sets(1.15, 10), { ...asked, apart: true, runDeviations: new Map() });
    expect(judged.verdict).toBe("regressed");
    expect(others.map(({ verdict }) => verdict)).not.toContain("regressed");
  });

  test("apart in time, the interval has to lie beyond the minimum effect; taking turns, the middle has", () => {
    const slower = sets(1.052, 12, 0.01);
    expect(judgeSets(slower, { ...asked, apart: true, runDeviations: new Map() })[0].verdict).toBe("cannot tell");
    expect(judgeSets(slower, { ...asked, apart: false, runDeviations: new Map() })[0].verdict).toBe("regressed");
  });

  test("apart in time, only a machine whose noise is known lets one say no worse", () => {
    const alike = sets(1, 12, 0.01);
    const runDeviations = new Map(alike.map(({ key }) => [key, 0.006]));
    expect(judgeSets(alike, { ...asked, apart: true, runDeviations })[0].verdict).toBe("no worse");
    const [unknown] = judgeSets(alike, { ...asked, apart: true, runDeviations: new Map() });
    expect(unknown).toMatchObject({
      verdict: "cannot tell",
      moreRuns: null,
      reason: expect.stringMatching(/time between/),
    });
    expect(judgeSets(alike, { ...asked, apart: false, runDeviations: new Map() })[0].verdict).toBe("no worse");
  });

  test("five runs a side cannot rule chance out among twelve metrics: 1 of 252 ways is too many", () => {
    const [judged] = judgeSets(
      sets(2, 10).map((metric) => ({
        ...metric,
        base: metric.base.slice(0, 5),
        candidate: metric.candidate.slice(0, 5),
      })),
      { ...asked, apart: false, runDeviations: new Map() },
    );
    expect(judged.verdict).toBe("cannot tell");
  });

  test("from 0 the effect is told by the size of all values, as of blocks, and infinite values are left out", () => {
    const of = (base: number[], candidate: number[]) =>
      judgeSets([{ key: "wait", rule, base, candidate }], { ...asked, apart: false, runDeviations: new Map() })[0];
    const fromNothing = of(Array(8).fill(0), Array(8).fill(5));
    expect(fromNothing.verdict).toBe("regressed");
    expect(fromNothing.effect?.value).toBeLessThan(10);
    const infinite = of([...Array(8).fill(5), Number.POSITIVE_INFINITY], Array(8).fill(5));
    expect(infinite).toMatchObject({ verdict: "no worse", effect: { value: 0 } });
  });

  test("three runs a side say nothing", () => {
    const few = sets(2, 10).map((metric) => ({ ...metric, base: metric.base.slice(0, 3) }));
    expect(judgeSets(few, { ...asked, apart: false, runDeviations: new Map() })[0]).toMatchObject({
      verdict: "cannot tell",
      effect: null,
    });
  });
});

describe("one run a side", () => {
  const metric = (factor: number): MetricValues => ({ key: "p50", rule, base: [100], candidate: [100 * factor] });
  const deviation = { ofDifference: 0.01, freedom: 63, method: "95 %", apart: true };
  const known = { ...asked, deviations: new Map([["p50", deviation]]), inside: new Map() };

  test("without knowing how runs differ there is no verdict, however far apart they are", () => {
    const [judged] = judgeSingle([metric(3)], { ...known, deviations: new Map() });
    expect(judged).toMatchObject({ verdict: "cannot tell", moreRuns: 6, effect: { value: expect.closeTo(2, 9) } });
  });

  test("measured noise lets one say that a run is no worse, but no single run is proof of a regression", () => {
    expect(judgeSingle([metric(1.3)], known)[0]).toMatchObject({
      verdict: "cannot tell",
      reason: expect.stringMatching(/looks worse/),
    });
    expect(judgeSingle([metric(1.0)], known)[0].verdict).toBe("no worse");
    expect(judgeSingle([metric(0.9)], known)[0]).toMatchObject({ verdict: "no worse", improved: true });
  });

  test("simulations do not lie apart: their replications are proof", () => {
    const simulated = { ...known, deviations: new Map([["p50", { ...deviation, apart: false }]]) };
    expect(judgeSingle([metric(1.1)], simulated)[0].verdict).toBe("regressed");
  });
});
