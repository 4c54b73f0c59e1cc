import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { meanInterval, meanOf } from "../../../metrics/confidence.ts";
import type { PointFigure } from "../../../metrics/sweep/point.ts";
import type { PointTarget, TargetStanding } from "../../../metrics/sweep/sweep.ts";
import { bestHinge } from "../../../planning/sweep/hinge-fit.ts";
import { type TurningPoint, turnsOf } from "../../../planning/sweep/turns.ts";

/** @param luck of each replication, the same at all points, as under one seed; a little of their own besides. */
function figureOf(value: number, place: number, spread = 0.2): PointFigure {
  const luck = [3, -2, 1, -4, 2, 0, -1, 4, -3, 0];
  const byReplication = luck.map((shared, r) => value + shared + spread * Math.sin(7 * r + 13 * place));
  return { value: meanOf(byReplication), interval: meanInterval(byReplication, 0.95, ""), byReplication };
}

function pointsOf(
  values: readonly number[],
  {
    spread = 0.2,
    standings = [],
    busy = [],
  }: { spread?: number; standings?: readonly TargetStanding[]; busy?: readonly number[] } = {},
): readonly TurningPoint[] {
  return values.map((value, i): TurningPoint => {
    const target: PointTarget[] =
      standings[i] === undefined ? [] : [{ figure: "f", atMost: 50, standing: standings[i] }];
    const cores: Record<string, PointFigure> =
      busy[i] === undefined ? {} : { coreUtilisation: figureOf(busy[i], i, 0) };
    return { at: [10 * (i + 1)], figures: { f: figureOf(value, i, spread), ...cores }, targets: target };
  });
}

const figures = [{ key: "f", label: "F", unit: "" }];
function turns(values: readonly number[], more?: Parameters<typeof pointsOf>[1]) {
  const axis = { key: "site.sessionsMax", values: values.map((_, i) => 10 * (i + 1)) };
  return turnsOf([axis], figures, pointsOf(values, more));
}

describe("a figure along an axis", () => {
  test("that rises and then stays has a knee where it stops rising", () => {
    const [turn, ...others] = turns([100, 200, 300, 400, 500, 505, 507, 510]);
    expect(turn).toMatchObject({ kind: "knee", at: 50, bend: "flattens" });
    expect(others).toEqual([]);
  });

  test("that stays and then rises has a knee that steepens, with what is busy there", () => {
    const found = turns([100, 101, 102, 103, 200, 300, 400], { busy: [0.2, 0.4, 0.6, 0.8, 0.97, 0.99, 1] });
    expect(found).toMatchObject([
      { kind: "knee", at: 40, bend: "steepens", because: { figure: "coreUtilisation", at: 50 } },
    ]);
  });

  test("that jumps between two neighbours has a cliff there, and no knee besides", () => {
    expect(turns([100, 102, 104, 900, 905, 908])).toMatchObject([{ kind: "cliff", step: { from: 30, to: 40 } }]);
  });

  test("that rises evenly has neither: it is said to rise", () => {
    expect(turns([100, 200, 300, 400, 500])).toMatchObject([{ kind: "steady", direction: "rises" }]);
  });

  test("whose shape is lost in chance is flat, though shared luck would have hidden more", () => {
    expect(turns([100, 101, 99, 100, 101, 100], { spread: 30 })).toMatchObject([{ kind: "flat" }]);
    // The same small rise is told where luck is shared: every interval is ±1.9 wide, the rise is 2.
    expect(turns([100, 100.5, 101, 101.5, 102], { spread: 0.05 })).toMatchObject([
      { kind: "steady", direction: "rises" },
    ]);
  });

  test("in milliseconds jumps where it is many times as long, however much it then spreads", () => {
    const at = [20, 22, 25, 30, 1000];
    const points = at.map((ms, i): TurningPoint => {
      const byReplication = [0.5, 0.8, 1.1, 1.6].map((factor) => ms * (1 + (factor - 1) * (i === 4 ? 1 : 0.1)));
      return { at: [i], figures: { f: { value: ms, interval: null, byReplication } }, targets: [] };
    });
    const axes = [{ key: "a", values: [0, 1, 2, 3, 4] }];
    const [inMs] = turnsOf(axes, [{ key: "f", label: "F", unit: "ms" }], points);
    expect(inMs).toMatchObject({ kind: "cliff", step: { from: 3, to: 4 } });
    expect(turnsOf(axes, figures, points)[0]?.kind).not.toBe("cliff");
  });

  test("of one replication cannot be told from chance", () => {
    const points = pointsOf([1, 2, 3, 900]).map((point) => ({
      ...point,
      figures: { f: { value: point.figures.f.value, interval: null, byReplication: [point.figures.f.value ?? 0] } },
    }));
    expect(turnsOf([{ key: "a", values: [10, 20, 30, 40] }], figures, points)).toMatchObject([{ kind: "untold" }]);
  });

  test("that nobody knows is passed over", () => {
    const unknown: PointFigure = { value: null, interval: null, byReplication: null };
    const points = pointsOf([1, 2, 3]).map((point) => ({ ...point, figures: { f: unknown } }));
    expect(turnsOf([{ key: "a", values: [10, 20, 30] }], figures, points)).toEqual([]);
  });

  test("is looked at along each axis, with the others standing still; names are a choice", () => {
    const at = [1, 2, 3, 4, 5].flatMap((n) => ["a", "b"].map((mode) => ({ n, mode })));
    const points = at.map(
      ({ n, mode }, i): TurningPoint => ({
        at: [n, mode],
        figures: { f: figureOf(mode === "a" ? 100 * Math.min(n, 3) : 50, i) },
        targets: [],
      }),
    );
    const axes = [
      { key: "n", values: [1, 2, 3, 4, 5] },
      { key: "mode", values: ["a", "b"] },
    ];
    const found = turnsOf(axes, figures, points);
    expect(found.filter(({ axis }) => axis === "n")).toMatchObject([
      { kind: "knee", at: 3, where: { mode: "a" } },
      { kind: "flat", where: { mode: "b" } },
    ]);
    const choices = found.filter(({ axis }) => axis === "mode");
    expect(choices).toHaveLength(5);
    expect(choices[4]).toMatchObject({ kind: "choice", differs: true, step: { from: "b", to: "a" }, where: { n: 5 } });
  });
});

describe("a target along an axis", () => {
  test("is first missed between the last point that surely meets it and the first that surely misses it", () => {
    const found = turns([10, 20, 50, 80, 90], { standings: ["met", "met", "undecided", "missed", "missed"] });
    expect(found[0]).toMatchObject({
      kind: "target",
      change: "first missed",
      step: { from: 20, to: 40 },
      undecided: [30],
      limit: { atMost: 50 },
    });
  });

  test("that all points meet has no turn", () => {
    const found = turns([10, 20, 30, 40], { standings: ["met", "met", "met", "met"] });
    expect(found.filter(({ kind }) => kind === "target")).toEqual([]);
  });
});

test("points on a line with chance alone are hardly ever said to bend or to jump", () => {
  let said = 0;
  const runs = 300;
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 80, maxLength: 80 }), (noise) => {
      const points = Array.from({ length: 8 }, (_, i): TurningPoint => {
        const byReplication = Array.from({ length: 10 }, (_, r) => 100 + 20 * noise[10 * i + r]);
        const value = meanOf(byReplication);
        return { at: [i], figures: { f: { value, interval: null, byReplication } }, targets: [] };
      });
      const [turn] = turnsOf([{ key: "a", values: [0, 1, 2, 3, 4, 5, 6, 7] }], figures, points);
      if (turn?.kind === "knee" || turn?.kind === "cliff") said++;
    }),
    { numRuns: runs, seed: 1 },
  );
  expect(said).toBeLessThan(0.05 * runs);
});

test("a hinge finds the bend it was made with, whatever the slopes", () => {
  const slope = fc.integer({ min: -50, max: 50 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), slope, slope, (place, before, change) => {
      fc.pre(Math.abs(change) >= 1);
      const x = [0, 1, 2, 3.5, 5, 6, 8, 9];
      const y = x.map((value) => 7 + before * value + change * Math.max(0, value - x[place]));
      const hinge = bestHinge(x, y);
      expect(hinge?.place).toBe(place);
      expect(hinge?.slopeBefore).toBeCloseTo(before, 6);
      expect(hinge?.slopeAfter).toBeCloseTo(before + change, 6);
    }),
  );
  expect(bestHinge([1, 2, 3, 4], [2, 4, 6, 8])).toBe(null);
});
