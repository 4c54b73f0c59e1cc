// Workers that are replaced by their requests or their memory: nobody waits, and what they kept is lost.

import { describe, expect, test } from "vitest";
import { InputError } from "../../config/problem.ts";
import type { RunResult } from "../../metrics/run-result.ts";
import { simulate } from "../../sim/simulate.ts";
import { refuseUnmodelled } from "../../sim/unmodelled.ts";
import { scenarioOf } from "../scenario-of.ts";

const value = (result: RunResult, key: string) => result.figures.find((one) => one.key === key)?.value ?? Number.NaN;

const shop = (site: string, run = "") =>
  scenarioOf(`
site: { timeoutMinutes: 20, ${site} }
workload: { arrivals: 1, requestsPerVisit: { kind: geometric, mean: 4 }, thinkSeconds: { kind: exponential, mean: 20 }, stateBytes: 10000 }
run: { durationMinutes: 60, warmupMinutes: 10, replications: 1, ${run} }`);

describe("a worker that is replaced after 5,000 requests", () => {
  test("is replaced as often as its requests come to that, and loses what it keeps in process", () => {
    const { counters } = simulate(shop("mode: InProc, recycleAfterRequests: 5000"));
    expect(counters.recycles).toBe(Math.ceil(counters.requests / 5000) - 1);
    expect(counters.lost).toBeGreaterThan(500);
    expect(counters.failed).toBe(0);
  });

  test("loses nothing that is kept elsewhere", () => {
    const { counters } = simulate(shop("mode: StateServer, recycleAfterRequests: 5000"));
    expect(counters.recycles).toBe(Math.ceil(counters.requests / 5000) - 1);
    expect(counters.lost).toBe(0);
  });

  test("is one of several: each counts its own", () => {
    const { counters } = simulate(shop("mode: InProc, servers: 2, workersPerServer: 2, recycleAfterRequests: 2000"));
    expect(counters.recycles).toBeGreaterThanOrEqual(Math.floor(counters.requests / 2000) - 3);
    expect(counters.recycles).toBeLessThan(counters.requests / 2000);
  });

  test("begins anew when it is replaced by the clock first", () => {
    // About 4 requests a second: 1,200 come in five minutes.
    const { counters } = simulate(shop("mode: InProc, recycleEveryMinutes: 5, recycleAfterRequests: 5000"));
    expect(counters.recycles).toBe(12);
  });
});

describe("a worker that is replaced when it takes more than 20 MB", () => {
  test("never holds more than that and one session", () => {
    const limit = 20 * 1024 * 1024;
    const { counters, ...result } = simulate(shop("mode: InProc, recycleAtMemoryMB: 20"));
    expect(counters.recycles).toBeGreaterThan(1);
    expect(value({ counters, ...result }, "memoryMaxBytes")).toBeLessThan(limit + 12_000);
    expect(value({ counters, ...result }, "memoryMaxBytes")).toBeGreaterThan(limit - 12_000);
    // 674 bytes and 1.092 × 10,000 of state each, beside 12.66 MB.
    expect(counters.lost / counters.recycles).toBeCloseTo((limit - 12_660_000) / (674 + 10_920), -2);
  });

  test("stays where sessions are elsewhere, whose memory is not its own", () => {
    expect(simulate(shop("mode: SQLServer, recycleAtMemoryMB: 20")).counters.recycles).toBe(0);
  });
});

test("no closed form of the sessions is given for a site whose workers are replaced", () => {
  const { figures } = simulate(shop("mode: InProc, recycleAfterRequests: 5000"));
  const stored = figures.find(({ key }) => key === "storedSessionsMean");
  expect(stored?.value).toBeGreaterThan(500);
  expect(stored?.closedForm).toBeUndefined();
});

test("limits that cannot be simulated are refused with what helps", () => {
  const refusal = (site: string, run?: string) => () => refuseUnmodelled(shop(site, run));
  expect(refusal("mode: InProc, recycleAfterRequests: 100", "fidelity: population")).toThrow(/fidelity: requests/);
  expect(refusal("mode: InProc, recycleAtMemoryMB: 20", "fidelity: population")).toThrow(/site\.recycleAtMemoryMB/);
  expect(refusal("mode: InProc, recycleAtMemoryMB: 10")).toThrow(InputError);
  expect(refusal("mode: InProc, recycleAtMemoryMB: 10")).toThrow(/is 10; expected more than the 12.1 MB/);
  expect(refusal("mode: StateServer, recycleAtMemoryMB: 10")).not.toThrow();
});
