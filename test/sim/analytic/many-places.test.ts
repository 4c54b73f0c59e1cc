// Systems with room for all, against sums by hand, each other, and numbers drawn.

import { describe, expect, test } from "vitest";
import type { Arrivals, Law } from "../../../config/scenario.ts";
import {
  meanOfArrivals,
  mgInfinityMean,
  mtgInfinityMean,
  windowMeanOfArrivals,
} from "../../../sim/analytic/mg-infinity.ts";
import { integrate } from "../../../sim/analytic/quadrature.ts";
import { lawSquareBelow } from "../../../sim/analytic/second-moment.ts";
import { slidingSession } from "../../../sim/analytic/sliding-session.ts";
import { stayOf } from "../../../sim/analytic/stay.ts";
import { visitLattice } from "../../../sim/analytic/visit-lattice.ts";
import { requestsByAge, visitStay } from "../../../sim/analytic/visit-stay.ts";
import { rateAt } from "../../../workload/arrivals.ts";
import { lawCdf } from "../../../workload/distributions.ts";
import { near } from "./near.ts";

const laws: readonly Law[] = [
  { kind: "constant", value: 40_000 },
  { kind: "exponential", mean: 30_000 },
  { kind: "exponential", mean: 30_000, max: 45_000 },
  { kind: "lognormal", mean: 60_000, sigma: 1.5 },
  { kind: "pareto", min: 10_000, shape: 1.5 },
  { kind: "pareto", min: 10_000, shape: 2 },
  { kind: "empirical", quantiles: [1000, 5000, 20_000, 20_000, 90_000] },
];

describe("the quadrature", () => {
  test("is exact for polynomials up to degree 22, and bounds its error elsewhere", () => {
    near(integrate((x) => x ** 22, 0, 1).value, 1 / 23, 1e-14);
    near(integrate((x) => x ** 12, -1, 1).value, 2 / 13, 1e-14);
    const { value, errorBound } = integrate((x) => Math.sqrt(x), 0, 1);
    expect(Math.abs(value - 2 / 3)).toBeLessThanOrEqual(errorBound);
    near(value, 2 / 3, 1e-10);
    near(integrate((x) => (x < 0.3 ? 1 : 2), 0, 1, { breaks: [0.3, 7] }).value, 1.7, 1e-14);
  });
});

test.each(laws)("the second moment below a limit is 2∫x P(X > x) dx: %j", (law) => {
  for (const limit of [500, 15_000, 50_000, 400_000]) {
    const { breaksMs } = stayOf(law);
    const { value } = integrate((x) => 2 * x * (1 - lawCdf(law, x)), 0, limit, { breaks: breaksMs, tolerance: 1e-12 });
    near(lawSquareBelow(law, limit), value, 1e-9);
  }
});

describe("M/G/∞", () => {
  const steady: Arrivals = { kind: "poisson", perSecond: 3 };
  test.each(laws)("fills up as λ∫P(S > u)du, and M_t/G/∞ of a steady rate does the same: %j", (law) => {
    const stay = stayOf(law);
    for (const atMs of [0, 700, 30_000, 120_000, 3_600_000]) {
      const filling = mgInfinityMean(3, stay, atMs);
      const { value, errorBound } = mtgInfinityMean(() => 3, stay, atMs);
      const within = 1e-9;
      near(value, filling, within);
      expect(errorBound).toBeLessThanOrEqual(1e-9 * filling);
      near(meanOfArrivals(steady, stay, atMs), filling, 1e-12);
    }
  });

  test("in balance is Little's law", () => {
    expect(mgInfinityMean(50, stayOf({ kind: "constant", value: 1_470_000 }))).toBe(73_500);
  });

  test("of stays all alike, and of exponential ones, is known by hand for a ramp", () => {
    const ramp: Arrivals = { kind: "ramp", fromPerSecond: 0, toPerSecond: 10, overMs: 100_000 };
    // Stays of 20 s: 10/s over 100 s is 0.1/s more each second, so ∫ over the last 20 s = 0.1 × (t² − (t − 20)²)/2.
    near(meanOfArrivals(ramp, stayOf({ kind: "constant", value: 20_000 }), 60_000), 0.05 * (60 ** 2 - 40 ** 2), 1e-12);
    // dm/dt = 0.1 t − m/30: m = 0.1 × 30 (t − 30 + 30 e^(−t/30)).
    const exponential = stayOf({ kind: "exponential", mean: 30_000 });
    near(meanOfArrivals(ramp, exponential, 60_000), 3 * (60 - 30 + 30 * Math.exp(-2)), 1e-12);
  });

  const varying: readonly Arrivals[] = [
    { kind: "ramp", fromPerSecond: 1, toPerSecond: 9, overMs: 200_000 },
    { kind: "step", fromPerSecond: 1, byPerSecond: 2, everyMs: 40_000, toPerSecond: 7 },
    { kind: "profile", perHour: [3600, 7200, 0, 36_000], startHour: 0.5 },
    { kind: "burst", perSecond: 2, burstPerSecond: 20, burstAtMs: 60_000, burstMs: 30_000 },
  ];
  test.each(varying)("of arrivals by pieces is that of their rate by quadrature: %j", (arrivals) => {
    const breaks = [40, 80, 120, 60, 90, 200, 1800, 5400, 9000, 12_600].map((seconds) => seconds * 1000);
    for (const law of laws.slice(0, 3)) {
      const stay = stayOf(law);
      for (const atMs of [50_000, 95_000, 260_000, 14_000_000]) {
        const { value } = mtgInfinityMean((ms) => rateAt(arrivals, ms), stay, atMs, { breaks, tolerance: 1e-12 });
        near(meanOfArrivals(arrivals, stay, atMs), value, 1e-9);
      }
      const average = integrate((ms) => meanOfArrivals(arrivals, stay, ms), 50_000, 300_000, {
        breaks: [...breaks, ...breaks.flatMap((ms) => stay.breaksMs.map((age) => ms + age)), ...stay.breaksMs],
      });
      near(windowMeanOfArrivals(arrivals, stay, 50_000, 300_000) ?? 0, average.value / 250_000, 1e-9);
    }
  });

  test("of arrivals at known moments counts who of them is still there", () => {
    const stay = stayOf({ kind: "constant", value: 10_000 });
    expect(meanOfArrivals({ kind: "trace", atMs: [0, 1000, 9000, 20_000] }, stay, 10_500)).toBe(2);
    expect(meanOfArrivals({ kind: "constant", perSecond: 2 }, stay, 30_100)).toBe(20);
    expect(windowMeanOfArrivals({ kind: "constant", perSecond: 2 }, stay, 0, 1000)).toBeNull();
  });

  test("refuses what is before the start", () => {
    expect(() => mgInfinityMean(1, stayOf(laws[0]), -1)).toThrow("atMs is -1");
    expect(() => mtgInfinityMean(() => 1, stayOf(laws[0]), Number.NaN)).toThrow("atMs is NaN");
  });
});

describe("a visit's stored time by its age", () => {
  const input = { requestsMean: 10, thinkMeanMs: 300_000, timeoutMs: 1_200_000, sweepMs: 20_000 };
  test("adds up to what a sliding session stores, and is the slope of its own area", () => {
    for (const sweepMs of [0, 20_000, 60_000]) {
      const stay = visitStay({ ...input, sweepMs });
      const session = slidingSession({
        requestsMean: 10,
        thinkMs: { kind: "exponential", mean: 300_000 },
        timeoutMs: 1_200_000,
        sweepMs,
        revives: false,
        logoutShare: 0,
        singleShare: 0.1,
      });
      near(stay.meanMs, session.storedMsPerVisit, 1e-9);
      near(stay.meanBelowMs(1e9), session.storedMsPerVisit, 1e-9);
      for (const ageMs of [300_000, 1_200_000, 1_207_000, 1_220_000, 3_000_000]) {
        const { value } = integrate(stay.tail, 0, ageMs, { breaks: stay.breaksMs });
        near(stay.meanBelowMs(ageMs), value, 1e-8);
      }
    }
  });

  test("comes from the lattice as from the formula, to a few parts in ten thousand", () => {
    const visit = { requestsMean: 10, timeoutMs: 1_200_000, sweepMs: 20_000 };
    const lattice = visitLattice({
      ...visit,
      thinkMs: { kind: "exponential", mean: 300_000 },
      untilMs: 14_400_000,
      steps: 2000,
    });
    const stay = visitStay({ ...visit, thinkMeanMs: 300_000 });
    for (let ageMs = 10_000; ageMs <= 14_400_000; ageMs += 377_000) {
      near(lattice.storedBelowMs(ageMs), stay.meanBelowMs(ageMs), 5e-5);
      near(lattice.requestsByAge(ageMs), requestsByAge({ requestsMean: 10, thinkMeanMs: 300_000 }, ageMs), 2e-5);
    }
  });

  test("is what visits walked through one by one show", () => {
    // A generator of its own: 48 bits, as drand48.
    let state = 12_345n;
    const draw = () => {
      state = (state * 25_214_903_917n + 11n) % 281_474_976_710_656n;
      return (Number(state) + 0.5) / 281_474_976_710_656;
    };
    const ages = [600_000, 1_205_000, 1_500_000, 4_000_000];
    const visits = 40_000;
    const there = ages.map(() => 0);
    for (let i = 0; i < visits; i++) {
      let atMs = 0;
      for (;;) {
        const untilMs = atMs + 1_200_000 + 20_000 * draw();
        const nextMs = draw() < 0.9 ? atMs - 300_000 * Math.log(draw()) : Number.POSITIVE_INFINITY;
        for (const [a, age] of ages.entries()) if (age >= atMs && age < Math.min(untilMs, nextMs)) there[a]++;
        if (nextMs === Number.POSITIVE_INFINITY) break;
        atMs = nextMs;
      }
    }
    const stay = visitStay(input);
    for (const [a, age] of ages.entries()) {
      const share = stay.tail(age);
      expect(Math.abs(there[a] / visits - share)).toBeLessThanOrEqual(4 * Math.sqrt((share * (1 - share)) / visits));
    }
  });
});
