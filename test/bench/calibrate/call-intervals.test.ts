// Intervals of what calls take, on runs whose noise is known.

import { expect, test } from "vitest";
import { remoteCallCosts } from "../../../bench/calibrate/call-costs.ts";
import { callIntervals } from "../../../bench/calibrate/call-intervals.ts";
import type { PhaseFinds } from "../../../bench/calibrate/phase-finds.ts";
import { lawMean } from "../../../workload/distributions.ts";
import { plantedMicro, plantedRuns, quietSite } from "./planted-site.ts";

const call = { cpuMs: 0.1, meanMs: 0.5 };
const site = {
  ...quietSite,
  calls: {
    getItem: call,
    getItemExclusive: call,
    setAndReleaseItemExclusive: call,
    releaseItemExclusive: call,
    removeItem: call,
    resetItemTimeout: call,
    createUninitializedItem: call,
  },
  variation: 0.4,
};
const micro = plantedMicro(site, 1);

/** Standard normal, by the sum of twelve uniform numbers. */
function createNormal(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return () => Array.from({ length: 12 }, uniform).reduce((sum, value) => sum + value, -6);
}

test("95 % intervals hold the time of a call in 92 to 98 % of 1,000 calibrations", () => {
  const normal = createNormal(7);
  const noisy = (run: PhaseFinds): PhaseFinds => ({
    ...run,
    meanMs: run.meanMs + normal() * Math.sqrt(run.varianceMs2 / run.responses),
  });
  let held = 0;
  for (let n = 0; n < 1000; n++) {
    const runs = plantedRuns(site).map(noisy);
    const { low, high } = callIntervals(runs, micro, remoteCallCosts(runs, micro))["operations.getItem.storeMs"];
    if (low <= call.meanMs - call.cpuMs && call.meanMs - call.cpuMs <= high) held++;
  }
  expect(held).toBeGreaterThan(920);
  expect(held).toBeLessThan(980);
});

test("an interval lies about what the calibration says, and is given for calls that take time at the store alone", () => {
  const runs = plantedRuns(site);
  const operations = remoteCallCosts(runs, micro);
  const intervals = callIntervals(runs, micro, operations);
  const { low, high } = intervals["operations.setAndReleaseItemExclusive.storeMs"];
  expect((low + high) / 2).toBeCloseTo(lawMean(operations.setAndReleaseItemExclusive.storeMs), 9);
  const free = { ...operations, getItem: { ...operations.getItem, storeMs: { kind: "constant", value: 0 } as const } };
  expect(callIntervals(runs, micro, free)).not.toHaveProperty(["operations.getItem.storeMs"]);
});
