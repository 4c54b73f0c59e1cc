import { describe, expect, test } from "vitest";
import { runLocks } from "../../../../bench/drivers/locks/run-locks.ts";
import { runBench } from "../../../../bench/run-bench.ts";
import { InputError } from "../../../../config/problem.ts";
import { decodeHistogram, recordedValues } from "../../../../metrics/latency-histogram.ts";
import type { RunResult } from "../../../../metrics/run-result.ts";
import type { LockStep, LockStudy } from "../../../../metrics/study.ts";
import { benchOptions } from "../../bench-options.ts";
import { childrenOf, isRunning } from "../../processes.ts";
import { type Changes, smallScenario } from "../../small-scenario.ts";

const HOLD_MS = 100;
/** The least that a poll takes in effect: a beat that comes less than 250 ms after the last try is skipped. */
const POLL_MS = 250;

const FEW = { roundsMax: 4, stepMs: 60_000 };

/** One read-write page that holds the session for a known time, and quick polls. */
function lockScenario(changes: Changes = {}) {
  const page = { name: "basket", share: 1, session: "read-write", changedShare: 0 } as const;
  const law = (value: number) => ({ kind: "constant", value }) as const;
  return smallScenario({
    ...changes,
    site: { lockPollMs: POLL_MS, ...changes.site },
    workload: { pages: [{ ...page, cpuMs: law(0), waitMs: law(HOLD_MS) }], ...changes.workload },
  });
}

const locks = (concurrency: number[], changes: Partial<Parameters<typeof benchOptions>[0]> = {}) =>
  benchOptions({ driver: "locks", concurrency, ...changes });

function stepsOf(result: RunResult): readonly LockStep[] {
  return (result.study as LockStudy).steps;
}

describe("the lock driver at a real host", () => {
  test("who finds the session locked waits in whole polls, and the counts are those of the host", async () => {
    const result = await runLocks(lockScenario(), locks([1, 3]), FEW);
    const [one, three] = stepsOf(result);
    expect(result).toMatchObject({ driver: "locks", complete: true, study: { pollMs: POLL_MS, holdMs: HOLD_MS } });
    expect(one).toMatchObject({ concurrency: 1, polledShare: 0, polls: 0, waits: null, failures: {} });
    expect(three.requests).toBe(3 * three.rounds);
    expect(three.completed).toBe(three.requests);
    expect(three.polledShare).toBeGreaterThan(0.5);
    expect(three.polls).toBeGreaterThanOrEqual(three.waits?.count ?? 0);
    for (const { us } of recordedValues(decodeHistogram(three.waits!))) {
      expect(us / 1_000).toBeGreaterThanOrEqual(POLL_MS - 1);
    }
    expect([one.lostUpdates, three.lostUpdates]).toEqual([0, 0]);
    expect(result.counters.lockPolls).toBe(three.polls);
    expect(result.counters.started).toBe(1);
    expect(result.counters.completed).toBe(one.completed + three.completed);
  }, 60_000);

  test("the queue limit refuses and the execution timeout ends the wait, each counted for what it is", async () => {
    const scenario = lockScenario({
      site: { requestQueueLimitPerSession: 4, executionTimeoutMs: 400 },
      run: { timeScale: 1 },
    });
    const [step] = stepsOf(await runLocks(scenario, locks([12]), FEW));
    expect(step.queueRefusals).toBeGreaterThan(0);
    expect(step.timeOuts).toBeGreaterThan(0);
    expect(step.completed).toBeGreaterThan(0);
    expect(step.failures).toEqual({});
    expect(step.completed + step.queueRefusals + step.timeOuts).toBe(step.requests);
  }, 60_000);

  test("where the store has no locks nobody waits, and updates are lost", async () => {
    const store = { provider: "express-session", module: "memorystore" } as const;
    const scenario = lockScenario({ site: { mode: "Custom", timeoutMs: 60_000 }, store });
    const result = await runLocks(scenario, locks([4]), FEW);
    const [step] = stepsOf(result);
    expect(step).toMatchObject({ requests: 16, completed: 16, polledShare: 0, polls: 0, waits: null });
    // Four read the same, four write: three of them over what they have not read.
    expect(step.lostUpdates).toBe(12);
    expect(result.figures.find(({ key }) => key === "lockLostUpdates")?.value).toBe(12);
  }, 60_000);

  test("cut short, it keeps what was answered, and no process is left", async () => {
    const controller = new AbortController();
    let hosts: number[] = [];
    const result = await runBench(
      lockScenario(),
      locks([1, 32], {
        signal: controller.signal,
        async onProgress({ note }) {
          if (!note.startsWith("32") || controller.signal.aborted) return;
          hosts = await childrenOf(process.pid);
          controller.abort();
        },
      }),
    );
    expect(result.complete).toBe(false);
    expect(stepsOf(result)[0].concurrency).toBe(1);
    expect(result.audit.findings.join()).toContain("cut short");
    expect(hosts.length).toBeGreaterThan(0);
    expect(hosts.filter(isRunning)).toEqual([]);
  }, 60_000);

  test("when the host is killed under it, the run ends, is invalid and says why", async () => {
    let killed = false;
    const result = await runBench(
      lockScenario(),
      locks([1, 32], {
        async onProgress({ note }) {
          if (!note.startsWith("32") || killed) return;
          killed = true;
          for (const pid of await childrenOf(process.pid)) process.kill(pid, "SIGKILL");
        },
      }),
    );
    expect(result).toMatchObject({ complete: false, audit: { verdict: "invalid" } });
    expect(result.audit.findings[0]).toContain("SIGKILL");
    expect(stepsOf(result)[0]).toMatchObject({ concurrency: 1, failures: {} });
  }, 60_000);

  test("it refuses what it cannot do, all at once", async () => {
    const scenario = lockScenario({ site: { mode: "Off" }, workload: { pages: [] } });
    const refused = await runBench(scenario, locks([1], { generators: 2, through: "provider" })).catch(
      (error) => error,
    );
    expect(refused).toBeInstanceOf(InputError);
    for (const at of ["site.mode", "workload.pages", "--straight", "--generators"])
      expect(refused.message).toContain(at);
  });
});
