// Room that a store cannot use again at once.

import { describe, expect, test } from "vitest";
import { memoryWithDeadSpace } from "../../sim/dead-space.ts";
import { simulate } from "../../sim/simulate.ts";
import { scenarioOf } from "../scenario-of.ts";

const site = `
site: { mode: SQLServer, timeoutMinutes: 5 }
workload:
  arrivals: { kind: poisson, perSecond: 2 }
  requestsPerVisit: { kind: geometric, mean: 6 }
  thinkSeconds: { kind: exponential, mean: 20 }
  pages: [{ name: basket, share: 1, session: read-write, changedShare: 0.5 }]
  stateBytes: 1000
`;

/** @param reuseAfterMs null: room is used again at once. */
function scenarioWith(reuseAfterMs: number | null, fidelity = "requests", timeScale = 1) {
  const scenario = scenarioOf(
    `${site}run: { durationMinutes: 60, warmupMinutes: 20, sampleSeconds: 10, replications: 1, fidelity: ${fidelity}, timeScale: ${timeScale} }`,
  );
  const memory = {
    fixedBytes: 0,
    bytesPerSession: 0,
    bytesPerStateByte: 1,
    ...(reuseAfterMs === null ? {} : { reuseAfterMs }),
  };
  return { ...scenario, calibration: { ...scenario.calibration, memory } };
}

const samples = 30;
const each = (value: number) => Array.from({ length: samples }, () => value);
const bytesAtEnd = (reuseAfterMs: number) => {
  const sampled = { stored: each(10), storedBytes: each(10_000), replaced: [0, ...each(4).slice(1)] };
  return memoryWithDeadSpace(scenarioWith(reuseAfterMs), sampled)?.at(-1);
};

describe("sessions written anew, four of a thousand bytes every ten seconds", () => {
  test.each([
    ["as long as three samples", 30_000, 12_000],
    ["longer than the run", 3_600_000, 4_000 * (samples - 1)],
    ["half a sample", 5_000, 2_000],
    ["two samples and a half", 25_000, 10_000],
  ])("take the room of those written in the time until it is used again: %s", (_, reuseAfterMs, dead) => {
    expect(bytesAtEnd(reuseAfterMs)).toBeCloseTo(10_000 + dead, 6);
  });

  test("leave files that do not shrink when all sessions are gone", () => {
    const gone = Array.from({ length: 100 }, () => 0);
    const sampled = {
      stored: [...each(10), ...gone],
      storedBytes: [...each(10_000), ...gone],
      replaced: [...each(4), ...gone],
    };
    expect(memoryWithDeadSpace(scenarioWith(30_000), sampled)?.at(-1)).toBe(22_000);
  });

  test("take no more where room is used again at once", () => {
    expect(memoryWithDeadSpace(scenarioWith(null), { stored: [1], storedBytes: [1], replaced: [1] })).toBeNull();
  });
});

describe("a simulated site", () => {
  const memoryOf = (scenario: ReturnType<typeof scenarioWith>) =>
    simulate(scenario).figures.find(({ key }) => key === "memoryMeanBytes")?.value ?? 0;

  test("takes what is written within that time beside what is stored, in both fidelities", () => {
    const plain = memoryOf(scenarioWith(null));
    // Two visits a second of six requests, half of them changing their session: six writes a second, and two removals.
    const dead = 60 * (6 + 2) * 1000;
    for (const fidelity of ["requests", "population"]) {
      const bytes = memoryOf(scenarioWith(60_000, fidelity));
      expect(bytes - plain).toBeGreaterThan(0.8 * dead);
      expect(bytes - plain).toBeLessThan(1.4 * dead);
    }
  });

  test("counts that time in real time: compressed ten times, ten times as much is written within it", () => {
    const plain = memoryOf(scenarioWith(null, "requests", 10));
    const [once, compressed] = [1, 10].map((scale) => memoryOf(scenarioWith(30_000, "requests", scale)) - plain);
    expect(compressed / once).toBeGreaterThan(5);
  });
});
