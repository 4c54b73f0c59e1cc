import { describe, expect, test } from "vitest";
import { type Contender, failsTooMuch, rank, rankingRule } from "../../metrics/ranking.ts";
import type { Figure, RunResult } from "../../metrics/run-result.ts";
import { makeResult } from "../reports/fixture-result.ts";

const some = makeResult({ kind: "measured", samples: 1_000, seriesPoints: 20 });

function withFigures(...figures: Partial<Figure>[]): RunResult {
  return { ...some, figures: figures.map((figure) => ({ key: "", label: "", unit: "ms", value: null, ...figure })) };
}

/** @param p99s of the rounds. */
function contender(name: string, ...p99s: (number | null)[]): Contender {
  const rounds = p99s.map((value, seed) => ({ ...withFigures({ key: "responseP99Ms", value }), seed }));
  const known = p99s.filter((value) => value !== null);
  const mean = known.length < p99s.length ? null : known.reduce((a, b) => a + b, 0) / known.length;
  return { name, rounds, result: withFigures({ key: "responseP99Ms", value: mean }) };
}

const byP99 = { figure: "responseP99Ms", best: "low" } as const;

describe("a ranking", () => {
  test("has the lowest first, or the highest where more is better", () => {
    const all = [contender("b", 20), contender("a", 10), contender("c", 30)];
    expect(rank(all, byP99).map(({ name, place }) => [name, place])).toEqual([
      ["a", 1],
      ["b", 2],
      ["c", 3],
    ]);
    expect(rank(all, { ...byP99, best: "high" }).map(({ name }) => name)).toEqual(["c", "b", "a"]);
  });

  test("tells two apart by how they differ round by round, whatever both have in common", () => {
    // The machine was four times as slow in the second round; b was a tenth slower than a in each.
    const [, second] = rank([contender("a", 10, 40, 11), contender("b", 11, 44.1, 12.05)], byP99);
    expect(second).toMatchObject({ name: "b", apart: true });
    expect(second!.behind!.low).toBeGreaterThan(1.09);
    expect(second!.behind!.high).toBeLessThan(1.11);
  });

  test("does not tell two apart whose order changes from round to round", () => {
    const [, second] = rank([contender("a", 10, 12, 11), contender("b", 11, 11, 12)], byP99);
    expect(second).toMatchObject({ name: "b", apart: false });
    expect(second!.behind!.low).toBeLessThan(1);
    expect(second!.behind!.high).toBeGreaterThan(1);
  });

  test("counts a factor the same way where more is better: above 1 is worse", () => {
    const [, second] = rank([contender("a", 100, 101, 102), contender("b", 50, 50.5, 51)], { ...byP99, best: "high" });
    expect(second!.behind!.low).toBeCloseTo(2, 6);
  });

  test("of one run each goes by their own intervals, and says nothing without them", () => {
    const lone = (name: string, value: number, low?: number, high?: number): Contender => {
      const interval = low === undefined || high === undefined ? {} : { interval: { low, high, method: "" } };
      const result = withFigures({ key: "responseP99Ms", value, ...interval });
      return { name, result, rounds: [result] };
    };
    const placed = rank(
      [lone("a", 1, 0.9, 1.1), lone("b", 2, 1.9, 2.1), lone("c", 2.05, 1.9, 2.2), lone("d", 9)],
      byP99,
    );
    expect(placed.map(({ apart }) => apart)).toEqual([null, true, false, null]);
    expect(placed.every(({ behind }) => behind === null)).toBe(true);
  });

  test("compares rounds with the same visitors, where a store has lost one of its rounds", () => {
    // The machine was four times as slow in the second round, which b did not finish.
    const a = contender("a", 10, 40, 11, 10);
    const whole = contender("b", 11, 44.1, 12.05, 11.02);
    const b = {
      ...whole,
      rounds: whole.rounds.filter(({ seed }) => seed !== 1),
      result: withFigures({ key: "responseP99Ms", value: 19 }),
    };
    const [, second] = rank([a, b], byP99);
    expect(second).toMatchObject({ name: "b", apart: true });
    expect(second!.behind!.high).toBeLessThan(1.11);
  });

  test("gives no place to a store that is fast because it fails", () => {
    const failing = (name: string, value: number, failedShare: number): Contender => {
      const result = withFigures({ key: "responseP99Ms", value }, { key: "failedShare", value: failedShare });
      return { name, result, rounds: [result] };
    };
    const all = [failing("fails", 1, 0.3), failing("hiccups", 20, 0.004), failing("slow", 30, 0)];
    expect(rank(all, byP99).map(({ name, place }) => [name, place])).toEqual([
      ["hiccups", 1],
      ["slow", 2],
      ["fails", null],
    ]);
    expect(failsTooMuch(all[0]!.result, byP99)).toBe(0.3);
    expect(failsTooMuch(all[0]!.result, { figure: "memoryBytesPerSession", best: "low" })).toBeNull();
  });

  test("gives no place to an invalid run, nor to one whose figure is not known", () => {
    const bad = contender("bad", 1);
    const invalid = { ...bad, result: { ...bad.result, audit: { ...some.audit, verdict: "invalid" as const } } };
    const placed = rank([invalid, contender("unknown", null), contender("good", 99)], byP99);
    expect(placed.map(({ name, place }) => [name, place])).toEqual([
      ["good", 1],
      ["bad", null],
      ["unknown", null],
    ]);
  });
});

describe("what is ranked by", () => {
  test("is the p99 of the response time of journeys", () => {
    expect(rankingRule([some])).toEqual(byP99);
  });

  test("is, of single calls, getItem of the middle one of the sizes that all have", () => {
    const micro = (...sizes: number[]): RunResult => ({
      ...withFigures(...sizes.map((size) => ({ key: `micro.getItem.${size}.meanMs` })), {
        key: "micro.removeItem.1.meanMs",
      }),
      driver: "micro",
    });
    expect(rankingRule([micro(1, 2, 3, 4), micro(2, 3, 4)])).toEqual({ figure: "micro.getItem.3.meanMs", best: "low" });
  });
});
