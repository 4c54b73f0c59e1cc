// Faults of every kind over scenarios that nobody thought of: whatever strikes, every request ends, nothing is counted twice or lost
// sight of, and the same seed gives the same run.

import fc from "fast-check";
import { expect, test } from "vitest";
import { assertConserved } from "../../../metrics/summarise.ts";
import { runReplication } from "../../../sim/run-replication.ts";
import { refuseUnmodelled } from "../../../sim/unmodelled.ts";
import { scenarioOf } from "../../scenario-of.ts";

const seconds = fc.constantFrom(0.4, 3, 14, 40);
const storeFaults = [
  "kill-store, downSeconds",
  "pause-store, forSeconds",
  "slow-store, delayMs: 70, forSeconds",
  "cut-store, forSeconds",
  "cut-store, silent: true, forSeconds",
];
const workerFaults = ["kill-worker, downSeconds", "pause-worker, forSeconds"];

/** A site that is struck again and again, one minute after another, and has an hour to come to rest. */
const struckScenario: fc.Arbitrary<string> = fc
  .record({
    mode: fc.constantFrom("InProc", "InProc, technology: asp", "Off", "StateServer", "SQLServer", "Custom"),
    locks: fc.boolean(),
    partitions: fc.constantFrom(1, 3),
    faults: fc.array(
      fc.record({ store: fc.constantFrom(...storeFaults), worker: fc.constantFrom(...workerFaults), length: seconds }),
      { minLength: 1, maxLength: 5 },
    ),
    sessionsMax: fc.constantFrom(5, 60, 4000),
    garden: fc.boolean(),
    affinity: fc.boolean(),
    coresPerWorker: fc.constantFrom(1, 4),
    executionTimeoutSeconds: fc.constantFrom(1.2, 6, 110),
    networkTimeoutSeconds: fc.constantFrom(0.7, 10),
    commandTimeoutSeconds: fc.constantFrom(0.9, 30),
    storeConcurrency: fc.constantFrom(1, 8),
    recycleMinutes: fc.constantFrom(0, 0, 3.5),
    logoutShare: fc.constantFrom(0, 0.5),
    withoutCookiesShare: fc.constantFrom(0, 0.3),
    parallel: fc.constantFrom("{ share: 0, requests: 1 }", "{ share: 0.5, requests: 3, spacingMs: 20 }"),
    changedShare: fc.constantFrom(0.5, 1),
    failed: fc.constantFrom(
      "",
      "whenFailed: { kind: leave }",
      "whenFailed: { kind: retry, afterSeconds: { kind: exponential, mean: 2 }, attemptsMax: 4 }",
    ),
    timeScale: fc.constantFrom(1, 1, 4),
  })
  .map((it) => {
    const remote = it.mode === "StateServer" || it.mode === "SQLServer" || it.mode === "Custom";
    const lockless = it.mode === "Custom" && !it.locks;
    const custom = lockless ? ", provider: express-session, module: memorystore" : ", provider: redis";
    const faults = it.faults.map(({ store, worker, length }, n) => {
      const ofWorker = `{ kind: ${worker}: ${length}, atMinutes: ${1 + n * 4}${it.garden ? `, worker: ${1 + (n % 3)}` : ""} }`;
      const strikesStore = remote && !(lockless && store.startsWith("kill"));
      return strikesStore
        ? `${ofWorker}, { kind: ${store}: ${length}, atMinutes: ${3 + n * 4}${n % 2 === 1 && it.partitions > 1 ? ", partition: 2" : ""} }`
        : ofWorker;
    });
    return `
site: { mode: ${it.mode}, timeoutMinutes: 2, sessionsMax: ${it.sessionsMax}, servers: ${it.garden ? 2 : 1}, workersPerServer: ${it.garden ? 2 : 1},
  affinity: ${it.affinity || !it.garden}, coresPerWorker: ${it.coresPerWorker}, executionTimeoutSeconds: ${it.executionTimeoutSeconds}
  ${it.recycleMinutes > 0 ? `, recycleEveryMinutes: ${it.recycleMinutes}` : ""} }
store: { networkTimeoutSeconds: ${it.networkTimeoutSeconds}, commandTimeoutSeconds: ${it.commandTimeoutSeconds}
  ${remote ? `, partitions: ${it.partitions}` : ""} ${it.mode === "Custom" ? custom : ""} }
workload:
  arrivals: 0.5
  requestsPerVisit: { kind: geometric, mean: 6 }
  thinkSeconds: { kind: exponential, mean: 6 }
  parallel: ${it.parallel}
  logoutShare: ${it.logoutShare}
  withoutCookiesShare: ${it.withoutCookiesShare}
  ${it.failed}
  pages:
    - { name: basket, share: 3, changedShare: ${it.changedShare}, cpuMs: 20, waitMs: { kind: exponential, mean: 300 } }
    - { name: browse, share: 3, session: read-only, cpuMs: 5 }
    - { name: image, share: 1, session: none, cpuMs: 1 }
faults: [${faults.join(", ")}]
run: { durationMinutes: 22, warmupMinutes: 2, drainMinutes: 900, replications: 1, timeScale: ${it.timeScale} }`;
  });

test("whatever strikes, every request ends once and every session is accounted for", () => {
  fc.assert(
    fc.property(struckScenario, fc.integer({ min: 1, max: 1000 }), (text, seed) => {
      const scenario = scenarioOf(text);
      refuseUnmodelled(scenario);
      const record = runReplication(scenario, seed);
      const { requests, completed, failed, refused, failures } = record.counters;
      assertConserved(record.counters);
      expect(completed + failed + refused).toBe(requests);
      expect(Object.values(failures).reduce((sum, count) => sum + count, 0)).toBe(failed);
      expect(record.faults.reduce((sum, { sessionsLost }) => sum + (sessionsLost ?? 0), 0)).toBe(record.counters.lost);
      expect(JSON.stringify(runReplication(scenario, seed).counters)).toBe(JSON.stringify(record.counters));
    }),
    { seed: 11, numRuns: 30 },
  );
});
