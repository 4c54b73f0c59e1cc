import { describe, expect, test } from "vitest";
import { concludeSimulation, erlangB, runReplications, simulate } from "../../sim/simulate.ts";
import { compareWithFirst, simulatePaired } from "../../sim/simulate-paired.ts";
import { scenarioOf } from "../scenario-of.ts";

// 0.5 visits/s, each stored for 9 × 30 s + 1,200 s: 735 sessions wanted.
const capped = (sessionsMax: number, run = "seed: 3, replications: 12") =>
  scenarioOf(`
site: { sessionsMax: ${sessionsMax}, expirySweepSeconds: 0, expirySlideMinSeconds: 0 }
workload:
  arrivals: 0.5
  requestsPerVisit: { kind: geometric, mean: 10 }
  thinkSeconds: { kind: exponential, mean: 30 }
run: { fidelity: population, durationMinutes: 240, warmupMinutes: 60, ${run} }`);

describe("two caps under the same luck", () => {
  const [low, high] = simulatePaired(capped(700), capped(735, "seed: 99, replications: 2"));
  const refused = high.paired?.differences.find(({ figure }) => figure === "refusedShare");

  test("differ by what Erlang B says, with at least five times less variance than under luck of their own", () => {
    const truth = erlangB(735, 735) - erlangB(700, 735);
    const { value, interval } = refused!.difference;
    // Twice the half-width of the 95 % interval.
    expect(Math.abs(value - truth)).toBeLessThan(interval!.high - interval!.low);
    expect(refused?.varianceRatio).toBeGreaterThan(5);
    expect(refused?.differs).toBe(true);
  });
  test("are what each is by itself, with the seeds and replications of the first", () => {
    const { label: _, ...alone } = simulate(capped(700));
    expect(low).toMatchObject(alone);
    expect(low.label).toBe("test (A)");
    expect(high).toMatchObject({ label: "test (B)", seed: 3, replications: 12 });
    expect(high.paired).toMatchObject({ against: "test (A)", replications: 12 });
    expect(refused?.first).toBe(low.figures.find(({ key }) => key === "refusedShare")?.value);
  });
  test("meet the very same visits", () => {
    expect(high.counters.visits).toBe(low.counters.visits);
  });
});

test("antithetic pairs make the mean of stored sessions vary less than as many repeats each on its own", () => {
  const variance = (antithetic: boolean) => {
    const { figures } = simulate(capped(5000, `seed: 8, replications: 40, antithetic: ${antithetic}`));
    const interval = figures.find(({ key }) => key === "storedSessionsMean")?.interval;
    return ((interval?.high ?? 0) - (interval?.low ?? 0)) ** 2;
  };
  expect(variance(false) / variance(true)).toBeGreaterThan(1.5);
});

describe("modes of one scenario", () => {
  const sides = (["InProc", "SQLServer"] as const).map((mode) => {
    const scenario = scenarioOf(`
site: { mode: ${mode} }
workload: { arrivals: 0.2, requestsPerVisit: 5, thinkSeconds: 10 }
run: { durationMinutes: 60, warmupMinutes: 30, seed: 3, replications: 4 }`);
    const records = runReplications(scenario);
    return { scenario, records, result: concludeSimulation(scenario, records) };
  });
  test("keep their names and figures, and tell how they differ from the first", () => {
    const [first, second] = compareWithFirst(sides);
    expect(first).toBe(sides[0].result);
    const { paired, ...alone } = second;
    expect(alone).toEqual(sides[1].result);
    expect(paired).toMatchObject({ against: "InProc, simulated", replications: 4 });
    const response = paired?.differences.find(({ figure }) => figure === "responseMeanMs");
    expect(response).toMatchObject({ differs: true });
    expect(response?.difference.value).toBeGreaterThan(0);
  });
  test("of a single replication nothing is told", () => {
    const cut = sides.map((side) => ({ ...side, records: side.records.slice(0, 1) }));
    expect(compareWithFirst(cut).every(({ paired }) => paired === undefined)).toBe(true);
  });
});
