import { describe, expect, test } from "vitest";
import { sessionsOfTurns, shortened, tooLong } from "../../../cli/against/turn-length.ts";
import type { RunResult } from "../../../metrics/run-result.ts";
import { smallScenario } from "../../bench/small-scenario.ts";
import { makeResult } from "../../reports/fixture-result.ts";

function microResult(callMs: number): RunResult {
  const call = {
    operation: "getItem" as const,
    stateBytes: 4_096,
    samples: 1,
    callsPerSample: 1,
    meanMs: { value: callMs, interval: null },
    p50Ms: callMs,
    p99Ms: null,
    cpuMs: null,
    allocatedBytes: null,
    externalBytes: null,
    roundsMedianMs: [callMs],
  };
  return { ...makeResult(), driver: "micro", study: { kind: "micro", calls: [call] } };
}

describe("one run of a comparison", () => {
  test("of micro is short unless the user says otherwise", () => {
    expect(shortened({ driver: "micro" })).toEqual({ driver: "micro", seconds: 1.5, stateBytes: [4_096] });
    const told = { driver: "micro", seconds: 20, stateBytes: [256, 8_192] } as const;
    expect(shortened({ ...told, stateBytes: [...told.stateBytes] })).toEqual(told);
    expect(shortened({ driver: "locks" })).toEqual({ driver: "locks" });
  });

  test("of micro has as many sessions as every other, few where a call takes long", () => {
    expect(sessionsOfTurns(microResult(0.0002), {})).toBe(300);
    expect(sessionsOfTurns(microResult(0.5), {})).toBe(125);
    expect(sessionsOfTurns(microResult(50), {})).toBe(18);
    expect(sessionsOfTurns(microResult(0.5), { sessions: 40 })).toBeNull();
    expect(sessionsOfTurns(makeResult(), {})).toBeNull();
  });

  test("of journeys that leaves no time for enough of them is told with its mend", () => {
    const scenario = smallScenario({ run: { durationMs: 60_000, timeScale: 1 } });
    // 63 s a run, and 54 of them.
    expect(tooLong(scenario, {}, 10 * 60_000)).toMatch(/about 63 s.* 1 blocks .*--budget-minutes 57/);
    expect(tooLong(scenario, {}, 57 * 60_000)).toBeNull();
    expect(tooLong(scenario, { driver: "micro" }, 60_000)).toBeNull();
  });
});
