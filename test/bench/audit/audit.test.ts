import { describe, expect, test } from "vitest";
import { auditRun, type Evidence } from "../../../bench/audit/audit.ts";
import type { StoreState } from "../../../bench/store-watch.ts";
import { quietMachine } from "./quiet-machine.ts";

const health: Evidence["health"] = {
  busyShare: 0.3,
  loopDelayP99Ms: null,
  startLagP50Ms: 0.02,
  startLagP99Ms: 0.4,
  startLagMaxMs: 3,
  lateShare: 0,
};

const good: Evidence = {
  requests: 10_000,
  answered: 9_985,
  health,
  generatorDeath: null,
  failures: { "request timed out": 3 },
  hostBusyShare: 0.4,
  straight: false,
  hostDeath: null,
  hostTroubles: [],
  refusedByHost: 12,
  refusedSeen: 12,
  complete: true,
  coresPerWorker: 1,
  store: null,
  expired: 40,
  workerCrashes: 0,
  missedFaults: 0,
  machine: quietMachine,
};

const store: StoreState = {
  stored: 60,
  live: 55,
  bytes: 1e6,
  ofEachWorker: false,
  minuteMsAsked: null,
  deleted: 40,
  deletedLifetimesMs: 1e6,
  lost: 0,
  kills: 0,
  before: 0,
  silent: false,
  proxyAddedMs: null,
};

describe("the audit of a measured run", () => {
  test("a generator on time, with time to spare, before a live host is valid without a word", () => {
    expect(auditRun(good)).toMatchObject({ verdict: "valid", findings: [] });
  });

  test("a database whose job deleted as many sessions as should have expired is valid without a word", () => {
    expect(auditRun({ ...good, store })).toMatchObject({ verdict: "valid", findings: [] });
  });

  test("what was killed on purpose is told and does not spoil the run", () => {
    const { verdict, findings } = auditRun({
      ...good,
      workerCrashes: 2,
      store: { ...store, kills: 1, lost: 17, deleted: 3 },
    });
    expect(verdict).toBe("valid");
    expect(findings).toEqual([
      expect.stringContaining("killed 2 times"),
      expect.stringContaining("killed once; 17 sessions were lost"),
    ]);
  });

  test("a store that cannot count is told of", () => {
    const { verdict, findings } = auditRun({ ...good, store: { ...store, stored: null, deleted: null } });
    expect([verdict, findings.length]).toEqual(["valid", 1]);
  });

  test("a saturated host is a finding, not a fault of the run", () => {
    const { verdict, findings } = auditRun({ ...good, hostBusyShare: 0.97 });
    expect(verdict).toBe("valid");
    expect(findings).toEqual([expect.stringContaining("97.0 % of a core")]);
  });

  test.each<[string, Partial<Evidence>, string]>([
    ["2 % of starts are late", { health: { ...health, lateShare: 0.02 } }, "doubtful"],
    ["20 % of starts are late", { health: { ...health, lateShare: 0.2 } }, "invalid"],
    ["one start in a hundred is 60 ms late", { health: { ...health, startLagP99Ms: 60 } }, "invalid"],
    ["the generator is busy 80 % of the time", { health: { ...health, busyShare: 0.8 } }, "doubtful"],
    ["the generator has no time left", { health: { ...health, busyShare: 0.99 } }, "invalid"],
    ["requests were dropped", { failures: { "dropped by the generator": 1 } }, "invalid"],
    ["requests were never answered", { failures: { "no answer by the end of the run": 2 } }, "doubtful"],
    ["the generator ran out of ports", { failures: { "no local port left": 1 } }, "invalid"],
    ["a generator died", { generatorDeath: "exit code none, signal SIGKILL" }, "invalid"],
    ["the host died", { hostDeath: "signal SIGKILL" }, "invalid"],
    ["the log could not be written", { hostTroubles: ["The access log could not be written: no space."] }, "doubtful"],
    ["the host and the visitors count refusals differently", { refusedSeen: 11 }, "doubtful"],
    ["the job deleted fewer sessions than should have expired", { store: { ...store, deleted: 38 } }, "doubtful"],
    ["sessions of others were in the store", { store: { ...store, before: 3 } }, "doubtful"],
    ["the store was gone at the end", { store: { ...store, silent: true } }, "doubtful"],
    ["a service of somebody else's counts other minutes", { store: { ...store, minuteMsAsked: 500 } }, "doubtful"],
    ["a fault never struck", { missedFaults: 1 }, "doubtful"],
    ["the run was cut short", { complete: false }, "doubtful"],
    ["nothing was sent", { requests: 0, health: { ...health, startLagP50Ms: null, startLagP99Ms: null } }, "doubtful"],
    ["others used the processors", { machine: { ...good.machine, otherLoadShare: 0.6 } }, "doubtful"],
    ["the hypervisor took time away", { machine: { ...good.machine, stealShare: 0.05 } }, "doubtful"],
    ["the clock was set back", { machine: { ...good.machine, clockStepMs: -900 } }, "doubtful"],
    ["memory was swapped", { machine: { ...good.machine, swappedPages: 5_000 } }, "doubtful"],
    ["the scenario asks for two cores", { coresPerWorker: 2 }, "doubtful"],
  ])("%s", (_name, change, expected) => {
    const { verdict, findings } = auditRun({ ...good, ...change });
    expect(verdict).toBe(expected);
    expect(findings).toHaveLength(1);
  });

  test("requests without a response time are told where they are more than p99 leaves out", () => {
    expect(auditRun({ ...good, answered: 9_901 }).findings).toEqual([]);
    const { verdict, findings } = auditRun({ ...good, answered: 9_500 });
    expect(verdict).toBe("valid");
    expect(findings).toEqual([expect.stringContaining("5.0 % of the requests")]);
  });

  test("the numbers behind the verdict are kept, those nobody could take as null", () => {
    const machine = {
      ...good.machine,
      otherLoadShare: null,
      stealShare: null,
      swappedPages: null,
      siteProcessors: null,
    };
    const { verdict, generator } = auditRun({ ...good, failures: { "dropped by the generator": 4 }, machine });
    expect(verdict).toBe("invalid");
    expect(generator).toEqual({
      busyShare: 0.3,
      startLagP50Ms: 0.02,
      startLagP99Ms: 0.4,
      startLagMaxMs: 3,
      droppedStarts: 4,
      ...machine,
    });
  });

  test("the worst finding comes first and decides", () => {
    const { verdict, findings } = auditRun({ ...good, complete: false, hostDeath: "exit code 1" });
    expect(verdict).toBe("invalid");
    expect(findings[0]).toContain("exit code 1");
  });
});
