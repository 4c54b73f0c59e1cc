import { describe, expect, test } from "vitest";
import type { Fault } from "../../../config/scenario.ts";
import { situationsOf } from "../../../planning/plan/situations.ts";
import { scenarioOf } from "../../scenario-of.ts";

const recycle: Fault = { kind: "recycle", atMs: 3_600_000 };
const named = (text: string, options: Partial<Parameters<typeof situationsOf>[1]> = {}) => {
  const scenario = scenarioOf(text);
  return { scenario, all: situationsOf(scenario, { peak: "auto", faults: [], ...options }) };
};

describe("the worst hour", () => {
  const day =
    "workload: { arrivals: { kind: profile, perHour: [360, 3600, 720] } }\nrun: { durationMinutes: 1440, warmupMinutes: 60 }";

  test("of a profile is its highest rate, held steadily for two hours after the warm-up", () => {
    const { scenario, all } = named(day);
    expect(all.map(({ kind }) => kind)).toEqual(["peak", "workload"]);
    const peak = all[0]!.apply(scenario);
    expect(peak.workload.arrivals).toEqual({ kind: "poisson", perSecond: 1 });
    expect(peak.run.durationMs).toBe(180 * 60_000);
    expect(all[1]!.apply(scenario).workload.arrivals.kind).toBe("profile");
  });

  test("is what the user says it is, or left out", () => {
    const { scenario, all } = named(day, { peak: 7 });
    expect(all[0]!.apply(scenario).workload.arrivals).toEqual({ kind: "poisson", perSecond: 7 });
    expect(named(day, { peak: "none" }).all.map(({ kind }) => kind)).toEqual(["workload"]);
  });

  test("of a burst or of steady visits is part of the run as it is", () => {
    const burst = "{ kind: burst, perSecond: 1, burstPerSecond: 9, burstAtMinutes: 60, burstMinutes: 5 }";
    expect(named(`workload: { arrivals: ${burst} }`).all.map(({ kind }) => kind)).toEqual(["workload"]);
    expect(named("workload: { arrivals: 1 }").all.map(({ kind }) => kind)).toEqual(["workload"]);
  });

  test("is when faults strike; one after the end of the shortened run strikes in the middle of it", () => {
    const late: Fault = { kind: "recycle", atMs: 20 * 3_600_000 };
    const { scenario, all } = named(day, { faults: [recycle, late] });
    expect(all.slice(2).map(({ name }) => name)).toEqual(["recycle at minute 60", "recycle at minute 120"]);
    expect(all[2]!.apply(scenario).workload.arrivals.kind).toBe("poisson");
  });
});

describe("a fault", () => {
  const killStore: Fault = { kind: "kill-store", atMs: 3_600_000, downMs: 1000 };

  test("comes alone, and the workload without any", () => {
    const { scenario, all } = named("workload: { arrivals: 1 }\nfaults: [{ kind: recycle, atMinutes: 50 }]", {
      faults: [recycle, killStore],
    });
    const remote = { ...scenario, site: { ...scenario.site, mode: "StateServer" as const } };
    expect(all.map(({ apply }) => apply(remote).faults)).toEqual([[], [recycle], [killStore]]);
  });

  test("of the store means nothing where sessions are in process", () => {
    const { scenario, all } = named("workload: { arrivals: 1 }", { faults: [killStore] });
    expect(all[1]!.apply(scenario).faults).toEqual([]);
  });

  test("of a worker that a choice does not have strikes its last one", () => {
    const fault: Fault = { kind: "kill-worker", atMs: 3_600_000, downMs: 1000, worker: 3 };
    const { scenario, all } = named("workload: { arrivals: 1 }", { faults: [fault] });
    const struck = (servers: number) => all[1]!.apply({ ...scenario, site: { ...scenario.site, servers } }).faults;
    expect([struck(2), struck(4)]).toEqual([[{ ...fault, worker: 1 }], [fault]]);
  });

  test("has targets of its own where the scenario gives some", () => {
    const faultTargets = [{ figure: "lostShare", atMost: 0.1 }];
    const { all } = named("workload: { arrivals: 1 }\ntargets: [{ figure: refusedShare, atMost: 0 }]", {
      faults: [recycle],
      faultTargets,
    });
    expect(all.map(({ targets }) => targets[0]!.figure)).toEqual(["refusedShare", "lostShare"]);
  });
});
