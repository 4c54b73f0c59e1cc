// Costs of calls whose truth is known.

import { describe, expect, test } from "vitest";
import { inProcessCallCosts, remoteCallCosts, rounded } from "../../../bench/calibrate/call-costs.ts";
import { type Law, storeOperations } from "../../../config/scenario.ts";
import { lawMoments } from "../../../sim/analytic/time-sum.ts";
import { lawMean } from "../../../workload/distributions.ts";
import { type PlantedSite, plantedMicro, plantedRuns, quietSite } from "./planted-site.ts";

const remote: PlantedSite = {
  ...quietSite,
  calls: {
    getItem: { cpuMs: 0.12, meanMs: 0.5 },
    getItemExclusive: { cpuMs: 0.12, meanMs: 0.5 },
    setAndReleaseItemExclusive: { cpuMs: 0.2, meanMs: 0.8 },
    releaseItemExclusive: { cpuMs: 0.08, meanMs: 0.3 },
    removeItem: { cpuMs: 0.07, meanMs: 0.35 },
    resetItemTimeout: { cpuMs: 0.05, meanMs: 0.25 },
    createUninitializedItem: { cpuMs: 0.09, meanMs: 0.5 },
  },
  growth: {
    reading: { cpuMsPerKiB: 0.004, meanMsPerKiB: 0.01 },
    writing: { cpuMsPerKiB: 0.006, meanMsPerKiB: 0.02 },
  },
  variation: 0.5,
};

function deviation(law: Law): number {
  const { mean, square } = lawMoments(law);
  return Math.sqrt(square - mean * mean);
}

describe("calls of a store out of process", () => {
  const stretch = 1.6;
  const costs = remoteCallCosts(plantedRuns(remote), plantedMicro(remote, stretch));

  test.each(storeOperations)("%s costs what was planted, though alone it took less", (operation) => {
    const { cpuMs, meanMs } = remote.calls[operation];
    expect(costs[operation].webCpuMs).toBeCloseTo(cpuMs, 4);
    expect(lawMean(costs[operation].storeMs)).toBeCloseTo(meanMs - cpuMs, 3);
  });

  test.each(storeOperations)("the time of %s varies as it was seen to", (operation) => {
    const { meanMs } = remote.calls[operation];
    expect(deviation(costs[operation].storeMs) / (remote.variation * meanMs)).toBeCloseTo(1, 2);
  });

  test("a KiB costs those that read it and those that write it, the processor and the store, and nobody else", () => {
    for (const reading of [costs.getItem, costs.getItemExclusive]) {
      expect(reading.webCpuMsPerKiB).toBeCloseTo(0.004, 5);
      expect(reading.storeMsPerKiB).toBeCloseTo(0.006, 5);
    }
    expect(costs.setAndReleaseItemExclusive.webCpuMsPerKiB).toBeCloseTo(0.006, 5);
    expect(costs.setAndReleaseItemExclusive.storeMsPerKiB).toBeCloseTo(0.014, 5);
    for (const name of ["releaseItemExclusive", "removeItem", "resetItemTimeout", "createUninitializedItem"] as const) {
      expect([costs[name].webCpuMsPerKiB, costs[name].storeMsPerKiB]).toEqual([0, 0]);
    }
  });

  test("a get costs the same with the lock and without it, whatever chance made of the two", () => {
    const { getItem, getItemExclusive } = remote.calls;
    const unlike = {
      ...remote,
      calls: {
        ...remote.calls,
        getItem: { ...getItem, meanMs: 0.9 * getItem.meanMs },
        getItemExclusive: { ...getItemExclusive, meanMs: 1.1 * getItemExclusive.meanMs },
      },
    };
    const { getItem: read, getItemExclusive: locked } = remoteCallCosts(plantedRuns(remote), plantedMicro(unlike, 1));
    expect(read).toEqual(locked);
    expect(lawMean(read.storeMs)).toBeCloseTo(getItem.meanMs - getItem.cpuMs, 2);
  });

  test("an operation that the store does not have costs nothing", () => {
    const { calls } = plantedMicro(remote, stretch);
    const without = { kind: "micro", calls: calls.filter(({ operation }) => operation !== "removeItem") } as const;
    expect(remoteCallCosts(plantedRuns(remote), without).removeItem).toEqual({
      webCpuMs: 0,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    });
  });

  test("where runs differ by noise alone no cost is negative, and none is no number", () => {
    const noisy = plantedRuns(quietSite).map((find, i) => ({
      ...find,
      meanMs: find.meanMs + ((i * 7) % 5) / 100 - 0.02,
      cpuMsPerRequest: find.cpuMsPerRequest + ((i * 3) % 7) / 100 - 0.03,
      varianceMs2: ((i * 5) % 3) / 1000,
    }));
    for (const micro of [plantedMicro(remote, 1), plantedMicro(quietSite, 1)]) {
      for (const cost of Object.values(remoteCallCosts(noisy, micro))) {
        for (const value of [cost.webCpuMs, cost.webCpuMsPerKiB, lawMean(cost.storeMs), cost.storeMsPerKiB]) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(Number.isFinite(value)).toBe(true);
        }
      }
    }
  });

  test("a call alone that used more processor than time is never told to use more than it takes", () => {
    const busy = plantedMicro(remote, stretch);
    const calls = busy.calls.map((call) => ({ ...call, cpuMs: 50 }));
    for (const cost of Object.values(remoteCallCosts(plantedRuns(remote), { ...busy, calls }))) {
      expect(lawMean(cost.storeMs)).toBeGreaterThanOrEqual(0);
    }
  });
});

describe("calls in process", () => {
  const local: PlantedSite = {
    ...quietSite,
    calls: {
      ...remote.calls,
      getItem: { cpuMs: 0.002, meanMs: 0.002 },
      getItemExclusive: { cpuMs: 0.003, meanMs: 0.003 },
    },
    growth: {
      reading: { cpuMsPerKiB: 0.004, meanMsPerKiB: 0.004 },
      writing: { cpuMsPerKiB: 0.006, meanMsPerKiB: 0.006 },
    },
  };
  const costs = inProcessCallCosts(plantedRuns(local), plantedMicro(local, 1));

  test("cost the processor what they took alone, and no store anything", () => {
    for (const operation of storeOperations) {
      expect(costs[operation].webCpuMs).toBe(rounded(local.calls[operation].cpuMs));
      expect(costs[operation].storeMs).toEqual({ kind: "constant", value: 0 });
      expect(costs[operation].storeMsPerKiB).toBe(0);
    }
  });

  test("cost what pages with much state took more than those with little", () => {
    expect(costs.getItem.webCpuMsPerKiB).toBeCloseTo(0.004, 5);
    expect(costs.getItemExclusive.webCpuMsPerKiB).toBeCloseTo(0.004, 5);
    expect(costs.setAndReleaseItemExclusive.webCpuMsPerKiB).toBeCloseTo(0.006, 5);
    expect(costs.removeItem.webCpuMsPerKiB).toBe(0);
  });
});
