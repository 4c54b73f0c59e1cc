import { describe, expect, test } from "vitest";
import { medianOf } from "../../metrics/confidence.ts";
import { mser5, settlingOf, startShows, welchCurve } from "../../metrics/warm-up.ts";
import { createStream } from "../../workload/random-stream.ts";
import { scenarioOf } from "../scenario-of.ts";
import { autoregressive, normalOf } from "./synthetic.ts";

describe("MSER-5", () => {
  test("cuts off all of a ramp, in most of 50 runs little more", () => {
    const stream = createStream(1, "ramp");
    const cuts = Array.from({ length: 50 }, () =>
      mser5(Array.from({ length: 500 }, (_, i) => Math.min(1, i / 100) * 50 + normalOf(stream))),
    );
    for (const cut of cuts) expect(cut).toBeGreaterThanOrEqual(90);
    expect(medianOf(cuts.map((cut) => cut ?? 500))).toBeLessThanOrEqual(120);
  });
  test("removes most of the bias of an exponential approach", () => {
    // From 0 towards 100 with a time constant of 40 values: the mean of all 1,000 is 4 too low.
    const noise = autoregressive(createStream(2, "approach"), 1000, 0.5);
    const values = noise.map((value, i) => value - 100 * Math.exp(-i / 40));
    const cut = mser5(values) ?? 0;
    expect(cut).toBeGreaterThanOrEqual(100);
    const kept = values.slice(cut);
    expect(Math.abs(kept.reduce((sum, value) => sum + value, 0) / kept.length - 100)).toBeLessThan(0.4);
  });
  test("keeps a level that never changes from its start", () => {
    expect(mser5(new Array<number>(100).fill(7))).toBe(0);
  });
  test("has no answer for a series that still rises at its end, or is short", () => {
    expect(mser5(Array.from({ length: 200 }, (_, i) => i))).toBeNull();
    expect(mser5([1, 2, 3])).toBeNull();
  });
  test("gives the same as the sum written out", () => {
    const values = autoregressive(createStream(3, "sum"), 300, 0.9).map((value, i) => value - 40 * Math.exp(-i / 15));
    const means = Array.from({ length: 60 }, (_, i) => values.slice(5 * i, 5 * i + 5).reduce((a, b) => a + b) / 5);
    const errors = means.slice(0, 56).map((_, cut) => {
      const kept = means.slice(cut);
      const mean = kept.reduce((a, b) => a + b) / kept.length;
      return kept.reduce((sum, value) => sum + (value - mean) ** 2, 0) / kept.length ** 2;
    });
    expect(mser5(values)).toBe(5 * errors.indexOf(Math.min(...errors)));
  });
});

describe("Welch's curve", () => {
  test("is a moving average whose window is narrower near the start", () => {
    // Law, Simulation Modeling and Analysis, 5th ed., 9.5.1: windows of 1, 3, 5, 5 … values for w = 2.
    expect(welchCurve([1, 5, 3, 3, 8, 6], 2)).toEqual([1, 3, 4, 5]);
  });
  test("leaves a straight line straight", () => {
    expect(welchCurve([0, 1, 2, 3, 4, 5, 6], 3)).toEqual([0, 1, 2, 3]);
  });
});

describe("a warm-up", () => {
  const minute = 60_000;
  const scenario = (warmupMinutes: number, more = "") =>
    scenarioOf(`workload: { arrivals: 1 }\nrun: { durationMinutes: 200, warmupMinutes: ${warmupMinutes} }\n${more}`);
  /** 0 at the start, 100 from 50 minutes on, a sample each half minute. */
  const stream = createStream(4, "warm-up");
  const series = {
    atMs: Array.from({ length: 401 }, (_, i) => (i * minute) / 2),
    columns: {
      stored: Array.from({ length: 401 }, (_, i) => (i === 0 ? 0 : Math.min(100, i) + normalOf(stream))),
      live: Array.from({ length: 401 }, () => null),
    },
  };

  test("is too short while the level still rises, and long enough once it has risen", () => {
    const shows = [0, 10, 30, 60, 90].map((minutes) =>
      settlingOf(scenario(minutes), series).map((settling) => startShows(settling, minutes * minute, undefined)),
    );
    expect(shows).toEqual([[true], [true], [true], [false], [false]]);
    const [{ settledAtMs, meanSettled }] = settlingOf(scenario(10), series);
    expect(settledAtMs).toBeGreaterThanOrEqual(45 * minute);
    expect(settledAtMs).toBeLessThanOrEqual(70 * minute);
    expect(meanSettled).toBeCloseTo(100, 0);
  });
  test("shows only where the mean shifts by more than its interval allows", () => {
    const [settling] = settlingOf(scenario(44), series);
    const shift = settling.meanSettled - settling.meanChosen;
    const interval = (half: number) => ({
      low: settling.meanChosen - half,
      high: settling.meanChosen + half,
      method: "",
    });
    expect(startShows({ ...settling, meanChosen: 98 }, 44 * minute, interval(1))).toBe(true);
    expect(startShows({ ...settling, meanChosen: 98 }, 44 * minute, interval(3))).toBe(false);
    expect(startShows(settling, 44 * minute, interval(Math.abs(shift) / 2))).toBe(false);
  });
  test("cannot be judged where there is no level to settle at", () => {
    expect(settlingOf(scenario(10, "faults: [{ kind: recycle, atMinutes: 100 }]"), series)).toEqual([]);
    const ramp = scenarioOf("workload: { arrivals: { kind: ramp, fromPerSecond: 1, toPerSecond: 2 } }");
    expect(settlingOf(ramp, series)).toEqual([]);
  });
});
