import { describe, expect, test } from "vitest";
import { createReplicationPool } from "../../../cli/simulate/workers/replication-pool.ts";
import { type PointsOptions, runPoints } from "../../../cli/workers/run-points.ts";
import type { Scenario } from "../../../config/scenario.ts";
import type { PointOutcome } from "../../../metrics/sweep/point.ts";
import { concludePoint } from "../../../sim/conclude-point.ts";
import { concludeSimulation, runReplication, runReplications } from "../../../sim/simulate.ts";
import { scenarioOf } from "../../scenario-of.ts";

const never = new AbortController().signal;

/** With caps of their own. */
function capped(count: number, more = ""): readonly Scenario[] {
  return Array.from({ length: count }, (_, i) =>
    scenarioOf(
      `site: { sessionsMax: ${20 + i} }\nworkload: { arrivals: 0.1 }\nrun: { fidelity: population, durationMinutes: 60, replications: 3${more} }`,
    ),
  );
}

/** A pool that is no pool: everything in this thread. */
const here: PointsOptions["pool"] = {
  run: async ({ scenario, replication }) =>
    runReplication(scenario, replication.seed, { mirrored: replication.mirrored }),
  runPoint: async ({ scenario }) => concludePoint(scenario, runReplications(scenario)),
};

async function inThreads(scenarios: readonly Scenario[], threads: number, options: Partial<PointsOptions> = {}) {
  const pool = createReplicationPool(threads, 500);
  try {
    return await runPoints(scenarios, { pool, threads, signal: never, ...options });
  } finally {
    await pool.end();
  }
}

describe("many scenarios over one pool", () => {
  test("give the same to the byte for any number of threads, points whole or taken apart, with a precision asked for or not", async () => {
    const precision = ", precision: { figure: storedSessionsMean, relativeHalfWidth: 0.02, replicationsMax: 14 }";
    const scenarios = [...capped(6), ...capped(2, precision), ...capped(2, ", antithetic: true")];
    const alone = scenarios.map((scenario) => concludePoint(scenario, runReplications(scenario)));
    for (const threads of [1, 3]) {
      const { outcomes, complete } = await inThreads(scenarios, threads);
      expect(complete).toBe(true);
      expect(JSON.stringify(outcomes) === JSON.stringify(alone), `${threads} threads`).toBe(true);
    }
    expect(alone[6].replications).toBeGreaterThan(9);
    expect(alone[8].replications).toBe(4);
  });

  test("each point is told once, and with the figures, intervals and findings of a simulation by itself", async () => {
    const scenarios = capped(7);
    const told: number[] = [];
    const { outcomes } = await runPoints(scenarios, {
      pool: here,
      threads: 1,
      signal: never,
      onEnded: (index) => {
        told.push(index);
      },
    });
    expect([...told].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    const { figures, audit } = concludeSimulation(scenarios[3], runReplications(scenarios[3]));
    expect(outcomes[3]?.findings).toEqual(audit.findings);
    for (const { key, value, interval, closedForm } of figures) {
      const figure = outcomes[3]?.figures[key];
      expect([key, figure?.value, figure?.interval, figure?.closedForm]).toEqual([
        key,
        value,
        interval ?? null,
        closedForm?.value,
      ]);
    }
  });

  test("cut short, keep the points that had ended, and start no other", async () => {
    const ended = new AbortController();
    const scenarios = capped(9);
    let started = 0;
    const pool: PointsOptions["pool"] = {
      ...here,
      runPoint: async (task) => {
        started++;
        return here.runPoint(task);
      },
    };
    const { outcomes, complete } = await runPoints(scenarios, {
      pool,
      threads: 1,
      signal: ended.signal,
      onEnded: (index) => {
        if (index === 2) ended.abort();
      },
    });
    expect(complete).toBe(false);
    expect(outcomes[2]).not.toBe(null);
    expect(outcomes.slice(5).every((outcome: PointOutcome | null) => outcome === null)).toBe(true);
    expect(started).toBeLessThan(6);
  });

  test("an error of one is the error of all, and no other is started", async () => {
    let started = 0;
    const pool: PointsOptions["pool"] = {
      ...here,
      runPoint: async () => {
        started++;
        throw new Error("a point that cannot be");
      },
    };
    await expect(runPoints(capped(20), { pool, threads: 1, signal: never })).rejects.toThrow("a point that cannot be");
    expect(started).toBeLessThan(3);
  });

  test("how far they are is told, before the first has ended", async () => {
    const shares: number[] = [];
    const ended = new AbortController();
    const scenario = scenarioOf("workload: { arrivals: 20 }\nrun: { durationMinutes: 240, replications: 3 }");
    const { complete } = await inThreads([scenario, scenario, scenario], 1, {
      signal: ended.signal,
      onProgress: (share) => {
        shares.push(share);
        if (share > 0.03) ended.abort();
      },
    });
    expect(complete).toBe(false);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(Math.max(...shares)).toBeLessThan(0.33);
  });
});
