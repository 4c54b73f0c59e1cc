import { expect, test } from "vitest";
import type { Arrivals } from "../../config/scenario.ts";
import { ratePeak } from "../../workload/arrivals.ts";
import { arrivalsAt } from "../../workload/scale-arrivals.ts";

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
