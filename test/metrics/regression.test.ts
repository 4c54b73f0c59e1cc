import { describe, expect, test } from "vitest";
import { drawLevels, drawReaches } from "../../bench/drivers/memory/memory-plan.ts";
import { fitLine, fitRepeats, type LinePoint, leastSquares } from "../../metrics/regression.ts";
import { normalQuantile } from "../../workload/distributions.ts";
import { createStream, type Stream } from "../../workload/random-stream.ts";

describe("a line through points", () => {
  test("is that of the textbook, with its intervals", () => {
    // Anscombe's first data set: slope 0.5001 with standard error 0.1179, intercept 3.0001 with 1.1247, nine degrees of freedom.
    const y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
    const { slope, intercept } = fitLine([10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5].map((x, i) => ({ x, y: y[i] })));
    expect(slope.value).toBeCloseTo(0.50009, 5);
    expect(intercept.value).toBeCloseTo(3.00009, 5);
    expect((slope.interval!.high - slope.interval!.low) / 2).toBeCloseTo(2.26216 * 0.117906, 4);
    expect((intercept.interval!.high - intercept.interval!.low) / 2).toBeCloseTo(2.26216 * 1.124747, 3);
  });

  test("has no interval with two points, and none at all through one place", () => {
    const two = [
      { x: 1, y: 3 },
      { x: 2, y: 5 },
    ];
    expect(fitLine(two)).toEqual({ slope: { value: 2, interval: null }, intercept: { value: 1, interval: null } });
    expect(() => fitLine([two[0], two[0]])).toThrow("different places");
  });

  test("heeds weights: a point without weight does not count", () => {
    const points = [
      { x: 0, y: 1 },
      { x: 1, y: 3 },
      { x: 2, y: 100 },
    ];
    expect(leastSquares(points, [1, 1, 0])).toMatchObject({ slope: 2, intercept: 1 });
  });
});

describe("repeats of a filling", () => {
  const exact = (slope: number): LinePoint[] => [10, 20, 40].map((x) => ({ x, y: 7 + slope * x }));

  test("that agree to the byte leave the doubt of rounding, and no less", () => {
    const { slope } = fitRepeats([exact(5), exact(5), exact(5)], 12);
    expect(slope.value).toBeCloseTo(5, 12);
    // Variance of rounding 12² / 12 over the spread 466.67 of each repeat, three repeats, t of two degrees of freedom.
    expect(slope.interval!.high - slope.value).toBeCloseTo(4.30265 * Math.sqrt(12 / 466.6667 / 3), 4);
  });

  test("that differ are as uncertain as their difference says, however straight each is", () => {
    const { slope } = fitRepeats([exact(4), exact(5), exact(6)], 0);
    expect(slope.value).toBeCloseTo(5, 12);
    expect(slope.interval!.high - slope.value).toBeCloseTo(4.30265 / Math.sqrt(3), 4);
  });

  test("one alone has no interval: its points lean on each other", () => {
    const points = [1, 2, 3, 4].map((x) => ({ x, y: 2 * x + (x % 2) }));
    expect(fitRepeats([points], 0).slope).toEqual({ value: fitLine(points).slope.value, interval: null });
  });
});

/** What memory does besides growing by so much a session: readings at these levels. */
type Disturbance = (levels: readonly number[], chance: Stream) => number[];

const normal = (chance: Stream) => normalQuantile(chance.next());

const disturbances: Readonly<Record<string, Disturbance>> = {
  "noise of every reading": (levels, chance) => levels.map(() => 2e4 * normal(chance)),
  "noise that grows with what is stored": (levels, chance) => levels.map((n) => 10 * n * normal(chance)),
  "what every session adds and nothing takes back": (levels, chance) => {
    let [sum, before] = [0, 0];
    return levels.map((n) => {
      sum += 300 * Math.sqrt(n - before) * normal(chance);
      before = n;
      return sum;
    });
  },
  "garbage that is there sometimes": (levels, chance) =>
    levels.map(() => (chance.next() < 0.1 ? -3e5 * Math.log(chance.next()) : 0)),
  "another pace in every filling": (levels, chance) => {
    const pace = 15 * normal(chance);
    return levels.map((n) => pace * n);
  },
  "pages of 8 KiB": (levels, chance) => inSteps(8_192, levels, chance),
  "extents of 1 MiB": (levels, chance) => inSteps(2 ** 20, levels, chance),
  "a table that doubles": (levels) => levels.map((n) => 28 * (2 ** Math.ceil(Math.log2(n)) - n / Math.LN2)),
  "nothing else": (levels) => levels.map(() => 0),
};

const BYTES_PER_SESSION = 1_500;
const SESSIONS = 12_000;

function inSteps(step: number, levels: readonly number[], chance: Stream): number[] {
  const offset = step * chance.next();
  return levels.map((n) => {
    const bytes = offset + BYTES_PER_SESSION * n;
    return Math.ceil(bytes / step) * step - bytes;
  });
}

describe("the interval of the slope, as the memory driver fills", () => {
  const RUNS = 400;

  test.for(Object.entries(disturbances))("holds the truth in 95 of 100 runs and more, with %s", ([name, disturb]) => {
    let inside = 0;
    for (let run = 0; run < RUNS; run++) {
      const chance = createStream(run, name);
      const repeats = drawReaches(chance).map((reach) => {
        const levels = drawLevels(Math.ceil(reach * SESSIONS), chance);
        const besides = disturb(levels, chance);
        return levels.map((n, i) => ({ x: n, y: 2e7 + BYTES_PER_SESSION * n + besides[i] }));
      });
      const { low, high } = fitRepeats(repeats, 8).slope.interval!;
      if (low <= BYTES_PER_SESSION && BYTES_PER_SESSION <= high) inside++;
    }
    // Two standard deviations of the count below 95 %.
    expect(inside / RUNS).toBeGreaterThan(0.95 - 2 * Math.sqrt((0.95 * 0.05) / RUNS));
  });
});
