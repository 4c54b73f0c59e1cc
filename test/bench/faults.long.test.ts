// What survives what: the very processes and connections are struck, in the middle of load, and the sessions counted from outside.
// One run a store, with one fault after another; a timeout that nobody outlives, so that who is gone was lost.

import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runBench } from "../../bench/run-bench.ts";
import type { Fault, Scenario } from "../../config/scenario.ts";
import type { FaultRecord, RunResult } from "../../metrics/run-result.ts";
import { assertConserved } from "../../metrics/summarise.ts";
import { benchOptions } from "./bench-options.ts";
import { childrenOf } from "./processes.ts";
import { smallScenario } from "./small-scenario.ts";

const TIME_SCALE = 20;
/** Longer than the short cut and the pause, shorter than the silence. */
const NETWORK_TIMEOUT_MS = 1_500;
const at = (realMs: number) => realMs * TIME_SCALE;

/** First, with room after it: a worker takes a second or three to come up on a busy machine. */
const killWorker: Fault = { kind: "kill-worker", atMs: at(800), downMs: 100 };
const pauseStore: Fault = { kind: "pause-store", atMs: at(3_600), forMs: 300 };
const slowStore: Fault = { kind: "slow-store", atMs: at(4_400), forMs: 300, delayMs: 20 };
const cutStore: Fault = { kind: "cut-store", atMs: at(5_200), forMs: 300, silent: false };
const silence: Fault = { kind: "cut-store", atMs: at(6_100), forMs: 2_200, silent: true };
const killStore: Fault = { kind: "kill-store", atMs: at(9_300), downMs: 300 };
const ofTheStore: readonly Fault[] = [killWorker, pauseStore, slowStore, cutStore, silence, killStore];

let childrenBefore: number[] = [];
beforeAll(async () => {
  childrenBefore = await childrenOf(process.pid);
});
afterAll(async () => {
  expect(await childrenOf(process.pid), "no process is left").toEqual(childrenBefore);
});

async function bench(
  mode: Scenario["site"]["mode"],
  provider: Scenario["store"]["provider"],
  faults: readonly Fault[],
  runMs: number,
): Promise<RunResult> {
  const scenario = smallScenario({
    // Who waits for a lock whose owner is gone breaks it when it is so old.
    site: { mode, timeoutMs: 1_200_000, sessionStart: true, executionTimeoutMs: 1_500 },
    store: { provider, networkTimeoutMs: NETWORK_TIMEOUT_MS, commandTimeoutMs: NETWORK_TIMEOUT_MS },
    workload: { arrivals: { kind: "poisson", perSecond: 2 }, logoutShare: 0 },
    run: { durationMs: at(runMs), warmupMs: at(200), timeScale: TIME_SCALE },
    faults,
  });
  const result = await runBench(scenario, benchOptions());
  assertConserved(result.counters);
  expect(result.complete).toBe(true);
  expect(result.counters.expired).toBe(0);
  expect(result.counters.visits).toBeGreaterThan(runMs / 50);
  return result;
}

/** The records of the faults, in the order in which they struck. */
function recordsOf({ faults }: RunResult, struck: readonly Fault[]): readonly FaultRecord[] {
  expect(faults.map(({ kind }) => kind)).toEqual(struck.map(({ kind }) => kind));
  for (const [i, { atMs, downMs, timeline }] of faults.entries()) {
    expect(atMs).toBeGreaterThanOrEqual(struck[i].atMs);
    expect(downMs).toBeGreaterThanOrEqual("forMs" in struck[i] ? struck[i].forMs : 0);
    expect(timeline?.completed.length).toBeGreaterThan(0);
  }
  return faults;
}

/**
 * What holds of every store out of process, whatever it is; the last record, of its own death, is for each to judge.
 * @param triesAgain the provider rides out what is over before the network timeout, as Microsoft's for Redis does.
 */
function expectSurvival(result: RunResult, triesAgain = false): FaultRecord {
  const [killedWorker, paused, slowed, cut, silent, killedStore] = recordsOf(result, ofTheStore);
  // Unknown where the worker came back so late that the store was paused by then, and could not be counted.
  expect(killedWorker.sessionsLost ?? 0).toBe(0);
  expect(paused, "requests wait").toMatchObject({ sessionsLost: 0, failures: {} });
  expect(slowed, "requests take longer").toMatchObject({ sessionsLost: 0, failures: {} });
  expect(cut.sessionsLost).toBe(0);
  expect(silent.sessionsLost).toBe(0);
  expect(silent.failures["session store timed out"], "after the network timeout").toBeGreaterThan(0);
  for (const { failures } of triesAgain ? [] : [cut, killedStore]) {
    expect(failures["session store unreachable"], "who needs his session is told at once").toBeGreaterThan(0);
  }
  // What a worker did in its last moment is not in its counts.
  expect(result.counters.lost).toBeLessThanOrEqual(killedStore.sessionsLost ?? 0);
  expect(result.audit.findings.join("\n")).toContain("A proxy stood between site and store");
  return killedStore;
}

test("InProc: paused it loses nothing, killed it loses what it kept; the next worker goes on", async () => {
  const pauseWorker: Fault = { kind: "pause-worker", atMs: at(1_000), forMs: 300 };
  const killed: Fault = { ...killWorker, atMs: at(2_000) };
  const recycled: Fault = { kind: "recycle", atMs: at(4_500) };
  const struck = [pauseWorker, killed, recycled];
  const result = await bench("InProc", "in-proc", struck, 5_500);
  const [paused, dead, replaced] = recordsOf(result, struck);
  expect(paused).toMatchObject({ sessionsLost: 0, failures: {} });
  expect(dead.sessionsLost).toBeGreaterThan(50);
  expect(replaced).toMatchObject({ downMs: 0, failures: {} });
  expect(replaced.sessionsLost).toBeGreaterThan(10);
  // Those that a worker starts while it finishes what it has begun go with it after the fault has been written down.
  const after = result.counters.lost - (dead.sessionsLost ?? 0) - (replaced.sessionsLost ?? 0);
  expect(after).toBeGreaterThanOrEqual(0);
  expect(after).toBeLessThanOrEqual(5);
});

describe.concurrent("a store out of process keeps the sessions through all but its own death", () => {
  test("a state service loses every session with itself", async () => {
    const result = await bench("StateServer", "state-server", ofTheStore, 10_700);
    const killed = expectSurvival(result);
    expect(result.store).toContain("sessionlab (Node ");
    expect(killed.sessionsLost).toBeGreaterThan(200);
    expect(result.audit.findings.join("\n")).toContain(`killed once; ${killed.sessionsLost} sessions were lost`);
  });

  test("PostgreSQL keeps them even then", async () => {
    const result = await bench("SQLServer", "postgresql", ofTheStore, 10_700);
    expect(expectSurvival(result).sessionsLost).toBe(0);
    expect(result.store).toMatch(/^PostgreSQL \d/);
  });

  test.skipIf(!existsSync("/usr/bin/redis-server"))(
    "Redis without persistence loses every session with itself (needs redis-server)",
    async () => {
      const result = await bench("Custom", "redis", ofTheStore, 10_700);
      expect(expectSurvival(result, true).sessionsLost).toBeGreaterThan(200);
      expect(result.store).toMatch(/^Redis \d/);
    },
  );
});
