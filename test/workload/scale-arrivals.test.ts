import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Arrivals } from "../../config/scenario.ts";
import { expectedVisits } from "../../sim/predict/expected-visits.ts";
import { ratePeak } from "../../workload/arrivals.ts";
import { arrivalsAt, scaleArrivals } from "../../workload/scale-arrivals.ts";

const shapes: readonly Arrivals[] = [
  { kind: "poisson", perSecond: 2 },
  { kind: "ramp", fromPerSecond: 0, toPerSecond: 4, overMs: 60_000 },
  { kind: "step", fromPerSecond: 1, byPerSecond: 1, everyMs: 1_000, toPerSecond: 9 },
  { kind: "profile", perHour: [10, 500], startHour: 8 },
  { kind: "burst", perSecond: 1, burstPerSecond: 50, burstAtMs: 0, burstMs: 100 },
];

test.each(shapes)("arrivals of kind $kind are held at the rate asked for, at random", (arrivals) => {
  expect(arrivalsAt(arrivals, 12.5)).toEqual({ kind: "poisson", perSecond: 12.5 });
});

test("regular arrivals stay regular, and the moments of a trace cannot come faster", () => {
  const regular = arrivalsAt({ kind: "constant", perSecond: 3 }, 7);
  expect(regular?.kind).toBe("constant");
  expect(regular === null ? 0 : ratePeak(regular)).toBe(7);
  expect(arrivalsAt({ kind: "trace", atMs: [1, 2, 3] }, 7)).toBeNull();
});

const HOUR_MS = 3_600_000;
const kinds: readonly Arrivals[] = [
  { kind: "poisson", perSecond: 2 },
  { kind: "ramp", fromPerSecond: 1, toPerSecond: 5, overMs: HOUR_MS / 2 },
  { kind: "step", fromPerSecond: 1, byPerSecond: 2, everyMs: 600_000, toPerSecond: 6 },
  { kind: "profile", perHour: [100, 700, 300], startHour: 0.5 },
  { kind: "burst", perSecond: 1, burstPerSecond: 9, burstAtMs: 600_000, burstMs: 300_000 },
];

describe("arrivals scaled by a factor", () => {
  test.each(kinds)("bring so many times the visits until any moment: $kind", (arrivals) => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 50, noNaN: true }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        (factor, hours) => {
          const untilMs = hours * HOUR_MS;
          const before = expectedVisits(arrivals, untilMs);
          expect(expectedVisits(scaleArrivals(arrivals, factor), untilMs)).toBeCloseTo(before * factor, 6);
        },
      ),
    );
  });

  test("keep regular visits regular", () => {
    expect(scaleArrivals({ kind: "constant", perSecond: 2 }, 1.5)).toEqual({ kind: "constant", perSecond: 3 });
  });

  test("repeat the visits of a trace, spread until the next", () => {
    const trace = { kind: "trace", atMs: [0, 100, 400] } as const;
    expect(scaleArrivals(trace, 2)).toEqual({ kind: "trace", atMs: [0, 50, 100, 250, 400, 400] });
  });

  test("leave visits of a trace out evenly", () => {
    const trace = { kind: "trace", atMs: [0, 1, 2, 3, 4, 5, 6, 7] } as const;
    expect(scaleArrivals(trace, 0.25)).toEqual({ kind: "trace", atMs: [3, 7] });
  });

  test("keep a trace in order and its number within one visit", () => {
    const moments = fc.array(fc.nat(10_000), { minLength: 1, maxLength: 50 }).map((list) => list.sort((a, b) => a - b));
    fc.assert(
      fc.property(moments, fc.double({ min: 0.05, max: 8, noNaN: true }), (atMs, factor) => {
        const scaled = scaleArrivals({ kind: "trace", atMs }, factor);
        if (scaled.kind !== "trace") throw new Error("a trace stays one");
        expect(Math.abs(scaled.atMs.length - atMs.length * factor)).toBeLessThanOrEqual(1);
        expect(scaled.atMs).toEqual(scaled.atMs.toSorted((a, b) => a - b));
      }),
    );
  });
});
