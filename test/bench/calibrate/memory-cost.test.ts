// Bytes of sessions and of what is there without them, with their truth known.

import { describe, expect, test } from "vitest";
import { memoryCost } from "../../../bench/calibrate/memory-cost.ts";
import type { Estimate } from "../../../metrics/estimate.ts";
import type { RunResult } from "../../../metrics/run-result.ts";
import { makeResult } from "../../reports/fixture-result.ts";
import { plantedRuns, quietSite } from "./planted-site.ts";

const result = makeResult();

/** What the memory driver tells. */
function filled(overhead: Estimate, perByte: Estimate): RunResult {
  const [pattern] = result.figures;
  const figures = [
    { ...pattern, key: "memoryOverheadBytes", value: overhead.value, interval: overhead.interval },
    { ...pattern, key: "memoryBytesPerStateByte", value: perByte.value, interval: perByte.interval },
  ] as RunResult["figures"];
  return { ...result, figures };
}

const between = (low: number, high: number) => ({ low, high, method: "test" });
const truth = { fixedBytes: 40_000_000, bytesPerSession: 700, bytesPerStateByte: 1.25 };
const runs = plantedRuns({ ...quietSite, memory: truth });
const study = filled({ value: 700, interval: between(650, 750) }, { value: 1.25, interval: between(1.2, 1.3) });

describe("what sessions take", () => {
  test("is the slope of the filled store, and what is there without them is what the sites held beside it", () => {
    const cost = memoryCost(study, runs, null);
    expect(cost?.memory.bytesPerSession).toBe(700);
    expect(cost?.memory.bytesPerStateByte).toBe(1.25);
    expect(cost?.memory.fixedBytes).toBeCloseTo(truth.fixedBytes, -2);
  });

  test("carries the intervals of the filled store, under the names of a calibration", () => {
    const intervals = memoryCost(study, runs, null)?.intervals ?? {};
    expect(intervals["memory.bytesPerSession"]).toEqual({ low: 650, high: 750 });
    expect(intervals["memory.bytesPerStateByte"]).toEqual({ low: 1.2, high: 1.3 });
  });

  test("is known without an interval where the store told none", () => {
    const cost = memoryCost(filled({ value: 700, interval: null }, { value: 1.25, interval: null }), runs, null);
    expect(cost?.memory.bytesPerSession).toBe(700);
    expect(cost?.intervals).not.toHaveProperty("memory.bytesPerSession");
  });

  test("is never negative, however a line fell", () => {
    const cost = memoryCost(filled({ value: -300, interval: null }, { value: 1, interval: null }), runs, null);
    expect(cost?.memory.bytesPerSession).toBe(0);
    expect(cost?.memory.fixedBytes).toBeGreaterThan(0);
  });

  test("is not known where the store does not tell its memory", () => {
    expect(memoryCost({ ...study, figures: [] }, runs, null)).toBeNull();
  });

  test("is known where the runs over HTTP did not tell theirs, but for what is there without sessions", () => {
    const untold = runs.map((find) => ({ ...find, memoryBytes: null }));
    const cost = memoryCost(study, untold, null);
    expect(cost?.memory).toEqual({ fixedBytes: 0, bytesPerSession: 700, bytesPerStateByte: 1.25 });
    expect(cost?.intervals).not.toHaveProperty("memory.fixedBytes");
  });

  test("of a store that uses room again only after a while leaves runs that write aside, and says how long the while is", () => {
    const heaped = runs.map((find) => (find.kind === "write" ? { ...find, memoryBytes: 9e9 } : find));
    const cost = memoryCost(study, heaped, 10_000);
    expect(cost?.memory.fixedBytes).toBeCloseTo(truth.fixedBytes, -2);
    expect(cost?.memory.reuseAfterMs).toBe(10_000);
    expect(memoryCost(study, runs, null)?.memory).not.toHaveProperty("reuseAfterMs");
  });
});
