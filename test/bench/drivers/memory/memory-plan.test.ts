import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  drawLevels,
  drawReaches,
  isLastRound,
  LEVELS,
  memorySizes,
  ROUNDS,
  sessionsOfFilling,
} from "../../../../bench/drivers/memory/memory-plan.ts";
import { InputError } from "../../../../config/problem.ts";
import { createStream } from "../../../../workload/random-stream.ts";

const mean = (value: number) => ({ kind: "constant", value }) as const;

describe("the sizes", () => {
  test("are a small, a middling and a large one, the nearest of them the scenario's mean", () => {
    expect(memorySizes(null, mean(8_192), "in-proc")).toEqual({ all: [256, 8_192, 32_768], main: 8_192 });
    expect(memorySizes(null, mean(300), "redis")).toEqual({ all: [300, 4_096, 32_768], main: 300 });
  });

  test("stay what they are beside a mean far away, or none", () => {
    expect(memorySizes(null, mean(3), "in-proc")).toEqual({ all: [256, 4_096, 32_768], main: 256 });
    const endless = { kind: "pareto", min: 1_000, shape: 1 } as const;
    expect(memorySizes(null, endless, "in-proc").all).toEqual([256, 4_096, 32_768]);
  });

  test("fit into a cookie where the sessions are cookies", () => {
    expect(memorySizes(null, mean(8_192), "sealed-cookie")).toEqual({ all: [128, 512, 2_048], main: 2_048 });
  });

  test("are the user's, once each and in order, the figures speaking of the one nearest to the mean", () => {
    expect(memorySizes([9_000, 100, 100], mean(2_000), "in-proc")).toEqual({ all: [100, 9_000], main: 9_000 });
  });

  test("beyond what a bench may store are refused", () => {
    expect(() => memorySizes([2 ** 20], mean(1), "in-proc")).toThrow(InputError);
    expect(() => memorySizes([1, 2, 3, 4, 5, 6, 7, 8, 9], mean(1), "in-proc")).toThrow("leave some out");
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
