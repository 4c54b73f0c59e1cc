// What survives what: the very processes are killed, in the middle of load, and the sessions counted from outside.

import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { runBench } from "../../bench/run-bench.ts";
import type { Fault, Scenario } from "../../config/scenario.ts";
import { assertConserved } from "../../metrics/summarise.ts";
import { benchOptions } from "./bench-options.ts";
import { childrenOf } from "./processes.ts";
import { smallScenario } from "./small-scenario.ts";

const killWorker: Fault = { kind: "kill-worker", atMs: 30_000, downMs: 100 };
const killStore: Fault = { kind: "kill-store", atMs: 30_000, downMs: 400 };

/** A hundred seconds of load lived in five, with a timeout that nobody outlives: who is gone was lost. */
async function bench(mode: Scenario["site"]["mode"], provider: Scenario["store"]["provider"], faults: Fault[]) {
  const scenario = smallScenario({
    site: { mode, timeoutMs: 1_200_000, sessionStart: true },
    store: { provider },
    workload: { arrivals: { kind: "poisson", perSecond: 8 }, logoutShare: 0 },
    run: { durationMs: 100_000 },
    faults,
  });
  const before = await childrenOf(process.pid);
  const { counters, complete, store, audit } = await runBench(scenario, benchOptions());
  assertConserved(counters);
  expect(complete).toBe(true);
  expect(counters.visits).toBeGreaterThan(300);
  expect(counters.stored, "sessions of visitors who came after the faults").toBeGreaterThan(10);
  expect(await childrenOf(process.pid), "no process is left").toEqual(before);
  return { counters, store, findings: audit.findings.join("\n") };
}

describe("kill -9 of the worker", () => {
  test("InProc loses what it kept; the next worker goes on", async () => {
    const { counters } = await bench("InProc", "in-proc", [killWorker]);
    expect(counters).toMatchObject({ recycles: 1, expired: 0 });
    expect(counters.lost).toBeGreaterThan(100);
  });

  test("a state service keeps every session", async () => {
    const { counters } = await bench("StateServer", "state-server", [killWorker]);
    expect(counters).toMatchObject({ recycles: 1, lost: 0, expired: 0 });
  });
});

describe("kill -9 of the store", () => {
  test("a state service loses every session; until it is back, visitors get what ASP.NET's would", async () => {
    const { counters, findings, store } = await bench("StateServer", "state-server", [killStore]);
    expect(store).toContain("sessionlab (Node ");
    expect(counters.lost).toBeGreaterThan(100);
    expect(counters.failures["session store unreachable"]).toBeGreaterThan(0);
    expect(findings).toContain(`killed once; ${counters.lost} sessions were lost`);
  });

  test("PostgreSQL keeps every session", async () => {
    const { counters, store } = await bench("SQLServer", "postgresql", [killStore, { ...killWorker, atMs: 60_000 }]);
    expect(store).toMatch(/^PostgreSQL \d/);
    expect(counters).toMatchObject({ lost: 0, expired: 0, recycles: 1 });
    expect(counters.failures["session store unreachable"]).toBeGreaterThan(0);
  });

  test.skipIf(!existsSync("/usr/bin/redis-server"))(
    "Redis without persistence loses every session (needs redis-server)",
    async () => {
      const { counters, store } = await bench("Custom", "redis", [killStore]);
      expect(store).toMatch(/^Redis \d/);
      expect(counters.lost).toBeGreaterThan(100);
    },
  );
});
