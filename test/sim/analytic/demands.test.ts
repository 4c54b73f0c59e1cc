import { describe, expect, test } from "vitest";
import type { Scenario } from "../../../config/scenario.ts";
import { demandsOf, saturationOf } from "../../../sim/analytic/demands.ts";
import { requestKinds } from "../../../sim/analytic/request-kinds.ts";
import { runReplication } from "../../../sim/run-replication.ts";
import { scenarioOf } from "../../scenario-of.ts";

const site = (mode: string, more = "") => `site: { mode: ${mode}, timeoutMinutes: 2, expirySlideMinSeconds: 0${more} }`;
const run = "run: { fidelity: requests, durationMinutes: 130, warmupMinutes: 30, timeScale: 20, seed: 5 }";
const mixed = `
workload:
  arrivals: 1
  requestsPerVisit: { kind: geometric, mean: 6 }
  thinkSeconds: { kind: exponential, mean: 60 }
  logoutShare: 0.3
  withoutCookiesShare: 0.2
  stateBytes: 4096
  pages:
    - { name: read, share: 3, session: read-only, cpuMs: { kind: exponential, mean: 1 } }
    - { name: write, share: 2, session: read-write, changedShare: 0.6, cpuMs: 2, waitMs: 3 }
    - { name: picture, share: 1, session: none, cpuMs: 0.2 }`;

/** Of the simulation, beside what the demands make of its own rate of requests. */
function besideSimulation(scenario: Scenario): readonly (readonly [simulated: number, formula: number])[] {
  const { measured, observations } = runReplication(scenario, scenario.run.seed);
  const { stations, storeCallsPerRequest } = demandsOf(scenario);
  const realMs = (scenario.run.durationMs - scenario.run.warmupMs) / scenario.run.timeScale;
  const busy = stations.map(({ servers, meanMs }) => ((measured.requests / realMs) * meanMs) / servers);
  const calls = Object.values(measured.storeCalls).reduce((sum, count) => sum + count, 0) / measured.requests;
  const pairs: [number, number][] = [
    [calls, storeCallsPerRequest],
    [observations.coreUtilisation ?? Number.NaN, busy[0]],
  ];
  return stations.length === 1 ? pairs : [...pairs, [observations.storeUtilisation ?? Number.NaN, busy[1]]];
}

describe.each(["Off", "InProc", "StateServer", "SQLServer"])("in mode %s", (mode) => {
  test.each([
    ["", mixed],
    [", sessionStart: false", mixed],
    [", servers: 2, workersPerServer: 2", mixed],
    ["", "workload: { arrivals: 1, requestsPerVisit: 3, thinkSeconds: 10, logoutShare: 1 }"],
  ])("stations are as busy, and a request makes as many calls, as the demands say%s", (more, workload) => {
    for (const [simulated, formula] of besideSimulation(scenarioOf(`${site(mode, more)}\n${workload}\n${run}`))) {
      if (formula === 0) expect(simulated).toBe(0);
      else expect(simulated / formula).toBeCloseTo(1, 1.2);
    }
  });
});

test("the shares of all kinds of requests add up to one, and visits of one request bring no session", () => {
  const kinds = requestKinds(scenarioOf(`${site("SQLServer")}\n${mixed}`));
  expect(kinds.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
  const single = requestKinds(scenarioOf(`${site("SQLServer")}\nworkload: { arrivals: 1, requestsPerVisit: 1 }`));
  expect(single.map(({ before, after }) => [before.length, after.length])).toEqual([[0, 1]]);
});

test("a site is full when its bottleneck is: servers ÷ demand, of real time", () => {
  const cores = scenarioOf(
    `site: { mode: Off, servers: 2, coresPerWorker: 3 }\nworkload: { arrivals: 1, pages: [{ name: a, share: 1, cpuMs: 9.8 }] }`,
  );
  // 0.2 ms a request beside the page.
  expect(saturationOf(cores)).toEqual({ requestsPerSecond: 600, station: "web cores" });
  const store = scenarioOf(
    "site: { mode: SQLServer, coresPerWorker: 64 }\nworkload: { arrivals: 1, stateBytes: 1048576 }",
  );
  expect(saturationOf(store).station).toBe("store");
});
