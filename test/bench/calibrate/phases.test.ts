// What the runs of a calibration ask of a site.

import { describe, expect, test } from "vitest";
import {
  LARGE_BYTES,
  PAGE_CPU_MS,
  phasesOf,
  REQUESTS_PER_SECOND,
  SMALL_BYTES,
} from "../../../bench/calibrate/phases.ts";
import { countMean } from "../../../workload/distributions.ts";
import { smallScenario } from "../small-scenario.ts";

const phases = phasesOf(
  smallScenario({
    site: { mode: "StateServer", servers: 2, sessionsMax: 10, recycleEveryMs: 1000 },
    store: { provider: "state-server" },
    faults: [{ kind: "recycle", atMs: 5 }],
  }),
  1,
);

describe("the runs of a calibration", () => {
  test("are empty pages at three rates, before and after each way to use a session with little state and with much; pages with work come between", () => {
    expect(phases.map(({ kind, stateBytes, perSecond }) => [kind, stateBytes, perSecond])).toEqual([
      ["page", SMALL_BYTES, 150],
      ["empty", SMALL_BYTES, 50],
      ["empty", SMALL_BYTES, REQUESTS_PER_SECOND],
      ["empty", SMALL_BYTES, 400],
      ["read", SMALL_BYTES, REQUESTS_PER_SECOND],
      ["page", SMALL_BYTES, 150],
      ["read", LARGE_BYTES, REQUESTS_PER_SECOND],
      ["lock", SMALL_BYTES, REQUESTS_PER_SECOND],
      ["lock", LARGE_BYTES, REQUESTS_PER_SECOND],
      ["write", SMALL_BYTES, REQUESTS_PER_SECOND],
      ["page", SMALL_BYTES, 150],
      ["write", LARGE_BYTES, REQUESTS_PER_SECOND],
      ["empty", SMALL_BYTES, 50],
      ["empty", SMALL_BYTES, REQUESTS_PER_SECOND],
      ["empty", SMALL_BYTES, 400],
    ]);
  });

  test("are of visitors of one request, at the rate that is asked for, in real time", () => {
    for (const { scenario, perSecond } of phases) {
      expect(countMean(scenario.workload.requestsPerVisit)).toBe(1);
      expect(scenario.workload.arrivals).toMatchObject({ kind: "burst", perSecond, burstAtMs: 0 });
      expect(scenario.run.timeScale).toBe(1);
      expect(scenario.run.fidelity).toBe("requests");
    }
  });

  test("measure at that rate alone, after some hundred requests at least that come faster where it is slow", () => {
    for (const { scenario, perSecond } of phases) {
      const { arrivals } = scenario.workload;
      if (arrivals.kind !== "burst") throw new Error("requests come in a burst first");
      expect(arrivals.burstMs).toBeLessThan(scenario.run.warmupMs);
      expect((arrivals.burstPerSecond * arrivals.burstMs) / 1000).toBeGreaterThan(700);
      expect(arrivals.burstPerSecond).toBeGreaterThanOrEqual(perSecond);
    }
  });

  test("have sessions there beforehand where pages use them, and none where they do not", () => {
    for (const { scenario, kind } of phases) {
      const uses = kind === "read" || kind === "lock" || kind === "write";
      expect(scenario.workload.population !== undefined, kind).toBe(uses);
    }
  });

  test("differ by what their pages do, and by nothing else of the site", () => {
    const pageOf = (name: string) => phases.find(({ kind }) => kind === name)?.scenario.workload.pages[0];
    expect(pageOf("empty")).toMatchObject({ session: "none", changedShare: 0, cpuMs: { value: 0 } });
    expect(pageOf("page")).toMatchObject({ session: "none", cpuMs: { value: PAGE_CPU_MS } });
    expect(pageOf("read")).toMatchObject({ session: "read-only", changedShare: 0, cpuMs: { value: 0 } });
    expect(pageOf("lock")).toMatchObject({ session: "read-write", changedShare: 0, cpuMs: { value: 0 } });
    expect(pageOf("write")).toMatchObject({ session: "read-write", changedShare: 1, cpuMs: { value: 0 } });
    for (const { scenario } of phases) expect(scenario.site).toEqual(phases[0].scenario.site);
  });

  test("strike nobody, turn nobody away and replace no worker, whatever the scenario says", () => {
    for (const { scenario } of phases) {
      expect(scenario.faults).toEqual([]);
      expect(scenario.site).toMatchObject({
        mode: "StateServer",
        servers: 1,
        workersPerServer: 1,
        recycleEveryMs: null,
      });
      expect(scenario.site.sessionsMax).toBeGreaterThan(1e9);
    }
  });

  test("are only those without sessions where the site keeps none", () => {
    const off = phasesOf(smallScenario({ site: { mode: "Off" } }), 1);
    expect(off.map(({ kind }) => kind)).toEqual([
      ...["page", "empty", "empty", "empty", "empty"],
      ...["page", "empty", "empty"],
    ]);
  });

  test("last longer for more effort, and never so short that a mean is not known", () => {
    const measuredMs = (effort: number) =>
      phasesOf(smallScenario(), effort).map(({ scenario: { run } }) => run.durationMs - run.warmupMs);
    expect(measuredMs(2)[0]).toBe(2 * measuredMs(1)[0]);
    expect(measuredMs(0.001)).toEqual(measuredMs(0));
    expect(measuredMs(0)[0]).toBeGreaterThanOrEqual(1000);
  });
});
