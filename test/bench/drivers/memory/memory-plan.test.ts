import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  drawLevels,
  drawReaches,
  isLastRound,
  LEVELS,
  memorySizes,
  ROUNDS,
  sessionSizes,
  sessionsOfFilling,
} from "../../../../bench/drivers/memory/memory-plan.ts";
import { InputError } from "../../../../config/problem.ts";
import { createStream } from "../../../../workload/random-stream.ts";

const mean = (value: number) => ({ kind: "constant", value }) as const;

describe("the sizes", () => {
  test("are a small, a middling and a large one, the nearest of them the scenario's mean", () => {
    expect(memorySizes(null, mean(8_192), "in-proc")).toEqual({
      all: [256, 8_192, 32_768],
      main: 8_192,
      spread: false,
    });
    expect(memorySizes(null, mean(300), "redis")).toEqual({ all: [300, 4_096, 32_768], main: 300, spread: false });
  });

  test("stay what they are beside a mean far away, or none", () => {
    expect(memorySizes(null, mean(3), "in-proc")).toEqual({ all: [256, 4_096, 32_768], main: 256, spread: false });
    const endless = { kind: "pareto", min: 1_000, shape: 1 } as const;
    expect(memorySizes(null, endless, "in-proc").all).toEqual([256, 4_096, 32_768]);
  });

  test("fit into a cookie where the sessions are cookies", () => {
    expect(memorySizes(null, mean(8_192), "sealed-cookie")).toEqual({
      all: [128, 512, 2_048],
      main: 2_048,
      spread: false,
    });
  });

  test("are the user's, once each and in order, the figures speaking of the one nearest to the mean", () => {
    expect(memorySizes([9_000, 100, 100], mean(2_000), "in-proc")).toEqual({
      all: [100, 9_000],
      main: 9_000,
      spread: false,
    });
  });

  test("beyond what a bench may store are refused", () => {
    expect(() => memorySizes([2 ** 20], mean(1), "in-proc")).toThrow(InputError);
    expect(() => memorySizes([1, 2, 3, 4, 5, 6, 7, 8, 9], mean(1), "in-proc")).toThrow("leave some out");
  });
});

describe("the sessions of a size", () => {
  const lognormal = { kind: "lognormal", mean: 4_096, sigma: 1 } as const;

  test("are all alike where the scenario's are, or where the user named the size", () => {
    const alike = [memorySizes(null, mean(4_096), "redis"), memorySizes([4_096], lognormal, "redis")];
    for (const sizes of alike) expect(sessionSizes(sizes, 4_096, 17, 3)).toEqual([4_096, 4_096, 4_096]);
  });

  test("are else spread evenly over the octave of that mean, however far a filling has come", () => {
    const sizes = memorySizes(null, lognormal, "redis");
    const all = [...sessionSizes(sizes, 4_096, 0, 300), ...sessionSizes(sizes, 4_096, 300, 700)];
    expect(all).toEqual(sessionSizes(sizes, 4_096, 0, 1_000));
    expect(Math.max(...all) / Math.min(...all)).toBeCloseTo(2, 2);
    for (const stored of [50, 300, 1_000]) {
      const meanSize = all.slice(0, stored).reduce((sum, size) => sum + size, 0) / stored;
      expect(Math.abs(meanSize / 4_096 - 1)).toBeLessThan(0.01);
      const lowHalf = all.slice(0, stored).filter((size) => size < 4_096 * Math.LN2 * Math.SQRT2).length;
      expect(Math.abs(lowHalf - stored / 2)).toBeLessThanOrEqual(2);
    }
  });
});

describe("the bounds", () => {
  test("hold all fillings of one store together under 256 MiB", () => {
    for (const sizes of [1, 3, 8]) {
      for (const stateBytes of [0, 256, 8_192]) {
        const sessions = sessionsOfFilling(stateBytes, sizes, true, 1e9);
        expect(sessions * (stateBytes + 700) * ROUNDS * sizes).toBeLessThanOrEqual(256 * 2 ** 20);
      }
    }
  });

  test("let a slow store take no longer than a fast one, down to the fewest sessions that make a line", () => {
    expect(sessionsOfFilling(256, 3, false, 1_000)).toBe(2_222);
    expect(sessionsOfFilling(256, 3, false, 1)).toBe(8 * LEVELS);
  });

  test("end a run on a slow machine after four rounds, and any after six", () => {
    const lastOf = (roundMs: number) => [0, 1, 2, 3, 4, 5].find((round) => isLastRound(round, round * roundMs));
    expect(lastOf(5_000)).toBe(5);
    expect(lastOf(60_000)).toBe(3);
  });
});

describe("the levels", () => {
  test("lie one in each part but the first, whole, ascending, and no higher than the filling", () => {
    fc.assert(
      fc.property(fc.integer({ min: 4 * LEVELS, max: 20_000 }), fc.nat(), (sessions, seed) => {
        const levels = drawLevels(sessions, createStream(seed, "levels"));
        expect(levels).toHaveLength(LEVELS);
        for (const [index, level] of levels.entries()) {
          expect(Number.isInteger(level)).toBe(true);
          expect(level).toBeGreaterThan(index === 0 ? 0 : levels[index - 1]);
          expect(level).toBeLessThanOrEqual(sessions);
        }
        expect(levels[0]).toBeGreaterThanOrEqual(Math.floor(sessions / (LEVELS + 1)));
      }),
    );
  });

  test("end once in each sixth of an octave", () => {
    const sixths = drawReaches(createStream(1, "reaches")).map((reach) => Math.floor(-Math.log2(reach) * ROUNDS));
    expect(sixths.sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });
});
