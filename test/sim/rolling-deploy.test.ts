// Server after server is taken out and comes back: nobody fails, visitors are moved, and what a worker kept in process is lost.

import { describe, expect, test } from "vitest";
import { problemsOfFaults } from "../../bench/faults/refuse-faults.ts";
import { faultProblems } from "../../config/fault-problems.ts";
import { runReplication } from "../../sim/run-replication.ts";
import { scenarioOf } from "../scenario-of.ts";

const farm = (site: string, run = "", deploy = "everySeconds: 60, downSeconds: 30") =>
  scenarioOf(`
site: { timeoutMinutes: 20, servers: 4, ${site} }
workload: { arrivals: 1, requestsPerVisit: { kind: geometric, mean: 6 }, thinkSeconds: { kind: exponential, mean: 30 } }
run: { durationMinutes: 60, warmupMinutes: 20, replications: 1, ${run} }
faults: [{ kind: rolling-deploy, atMinutes: 40, ${deploy} }]`);

describe.each(["population", "requests"])("a rolling deploy of four servers, fidelity %s", (fidelity) => {
  test("loses every session kept in process, and those of visitors who were moved ahead of it again", () => {
    for (const affinity of [true, false]) {
      const record = runReplication(farm(`mode: InProc, affinity: ${affinity}`, `fidelity: ${fidelity}`), 3);
      const { counters, faults } = record;
      expect(counters.recycles).toBe(4);
      expect(counters.failed).toBe(0);
      expect(faults.map(({ kind, atMs }) => [kind, atMs / 60_000])).toEqual(
        [40, 41, 42, 43].map((minute) => ["rolling-deploy", minute]),
      );
      expect(faults.reduce((sum, { sessionsLost }) => sum + (sessionsLost ?? 0), 0)).toBe(counters.lost);
      expect(counters.lost).toBeGreaterThan(1000);
    }
  });

  test("loses nothing where sessions are out of process", () => {
    const { counters } = runReplication(farm("mode: StateServer", `fidelity: ${fidelity}`), 3);
    expect([counters.recycles, counters.lost, counters.failed]).toEqual([4, 0, 0]);
  });

  test("takes out all workers of a web garden at once", () => {
    const scenario = farm("mode: InProc, workersPerServer: 2", `fidelity: ${fidelity}`);
    const { counters, faults } = runReplication(scenario, 3);
    expect(counters.recycles).toBe(8);
    expect(faults).toHaveLength(4);
  });
});

test("what cannot be deployed so is refused with what helps", () => {
  const given = (scenario: ReturnType<typeof farm>) => faultProblems(scenario).map((problem) => problem.given);
  expect(given(farm("mode: InProc"))).toEqual([]);
  const alone = { ...farm("mode: InProc"), site: { ...farm("mode: InProc").site, servers: 1 } };
  expect(given(alone)).toEqual(["rolling-deploy of one server"]);
  expect(given(farm("mode: InProc", "", "everySeconds: 30, downSeconds: 60"))[0]).toMatch(
    /rolling-deploy at minute 40\.5 while rolling-deploy lasts until minute 41/,
  );
  expect(problemsOfFaults(farm("mode: InProc"), "linux").map((problem) => problem.given)).toContain("rolling-deploy");
});
