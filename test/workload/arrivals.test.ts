import { describe, expect, test } from "vitest";
import type { Arrivals } from "../../config/scenario.ts";
import { createArrivals, ratePeak } from "../../workload/arrivals.ts";

function momentsOf(arrivals: Arrivals, untilMs: number, seed = 1): number[] {
  const source = createArrivals(arrivals, seed);
  const moments: number[] = [];
  for (let atMs = source.nextAtMs(); atMs <= untilMs; atMs = source.nextAtMs()) moments.push(atMs);
  return moments;
}

const HOUR = 3_600_000;
const inside = (moments: number[], fromMs: number, toMs: number) =>
  moments.filter((at) => at >= fromMs && at < toMs).length;

/** Within four standard deviations of a Poisson count. */
function expectCount(count: number, expected: number): void {
  expect(Math.abs(count - expected)).toBeLessThan(4 * Math.sqrt(expected));
}

describe("arrivals", () => {
  test("Poisson: as many as the rate says, gaps as spread as their mean", () => {
    const moments = momentsOf({ kind: "poisson", perSecond: 5 }, HOUR);
    expectCount(moments.length, 18_000);
    const gaps = moments.slice(1).map((at, i) => at - moments[i]);
    const mean = gaps.reduce((a, b) => a + b) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    expect(Math.sqrt(variance) / mean).toBeCloseTo(1, 1);
  });
  test("constant: the n-th at n/rate, without an error that grows", () => {
    const moments = momentsOf({ kind: "constant", perSecond: 3 }, 1_000_000);
    expect(moments.length).toBe(3000);
    expect(moments[2999]).toBe(1_000_000);
  });
  test("ramp: half the visits of the final rate while it climbs from zero, all of it afterwards", () => {
    const moments = momentsOf({ kind: "ramp", fromPerSecond: 0, toPerSecond: 10, overMs: HOUR }, 2 * HOUR);
    expectCount(inside(moments, 0, HOUR), 18_000);
    expectCount(inside(moments, HOUR, 2 * HOUR), 36_000);
  });
  test("a ramp down to nothing ends", () => {
    expect(momentsOf({ kind: "ramp", fromPerSecond: 10, toPerSecond: 0, overMs: HOUR }, 1e12).length).toBeLessThan(
      19_000,
    );
  });
  test("profile: each hour its own number, starting at the hour asked for, the list repeating", () => {
    const moments = momentsOf({ kind: "profile", perHour: [1000, 4000, 0], startHour: 1 }, 4 * HOUR);
    expectCount(inside(moments, 0, HOUR), 4000);
    expect(inside(moments, HOUR, 2 * HOUR)).toBe(0);
    expectCount(inside(moments, 2 * HOUR, 3 * HOUR), 1000);
    expectCount(inside(moments, 3 * HOUR, 4 * HOUR), 4000);
  });
  test("burst: the higher rate while it lasts, the lower before and after", () => {
    const burst: Arrivals = { kind: "burst", perSecond: 1, burstPerSecond: 20, burstAtMs: HOUR, burstMs: HOUR / 6 };
    const moments = momentsOf(burst, 2 * HOUR);
    expectCount(inside(moments, 0, HOUR), 3600);
    expectCount(inside(moments, HOUR, HOUR + HOUR / 6), 12_000);
    expectCount(inside(moments, HOUR + HOUR / 6, 2 * HOUR), 3000);
    expect(ratePeak(burst)).toBe(20);
  });
  test("step: a rate of its own on each step, the highest to the end", () => {
    const step: Arrivals = {
      kind: "step",
      fromPerSecond: 1,
      byPerSecond: 2,
      everyMs: HOUR / 3,
      toPerSecond: 4,
    };
    const moments = momentsOf(step, 2 * HOUR);
    expectCount(inside(moments, 0, HOUR / 3), 1200);
    expectCount(inside(moments, HOUR / 3, (2 * HOUR) / 3), 3600);
    expectCount(inside(moments, (2 * HOUR) / 3, 2 * HOUR), 19_200);
    expect(ratePeak(step)).toBe(4);
  });
  test("quiet times before a rush of millions are passed over at once", () => {
    const burst: Arrivals = {
      kind: "burst",
      perSecond: 0.01,
      burstPerSecond: 1e6,
      burstAtMs: 1000 * HOUR,
      burstMs: HOUR,
    };
    expectCount(momentsOf(burst, 500 * HOUR).length, 18_000);
    const source = createArrivals({ kind: "profile", perHour: [0, 0, 0, 1e9], startHour: 0 }, 1);
    expect(Math.floor(source.nextAtMs())).toBe(3 * HOUR);
    const after: Arrivals = { kind: "ramp", fromPerSecond: 1e6, toPerSecond: 0.01, overMs: 1 };
    expectCount(momentsOf(after, 500 * HOUR).length, 18_000 + 500);
    expect(createArrivals({ kind: "profile", perHour: [0, 0], startHour: 0 }, 1).nextAtMs()).toBe(Infinity);
  });
  test.each([0.1, 1 / 3, 17.77, 167.999])("a profile may start in the middle of an hour, at hour %d", (startHour) => {
    const perHour = Array.from({ length: 24 }, (_, hour) => (hour % 2) * 100);
    const moments = momentsOf({ kind: "profile", perHour, startHour }, 2400 * HOUR);
    expectCount(moments.length, 120_000);
    for (const at of moments) expect(Math.floor(at / HOUR + startHour) % 2).toBe(1);
  });
  test("trace: the given moments, then no more", () => {
    expect(momentsOf({ kind: "trace", atMs: [5, 5, 70] }, 1e9)).toEqual([5, 5, 70]);
  });
  test("the same seed gives the same moments, another others", () => {
    const arrivals: Arrivals = { kind: "poisson", perSecond: 5 };
    expect(momentsOf(arrivals, 60_000, 3)).toEqual(momentsOf(arrivals, 60_000, 3));
    expect(momentsOf(arrivals, 60_000, 3)).not.toEqual(momentsOf(arrivals, 60_000, 4));
  });
});
