import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createReplicationPool } from "../../../../cli/simulate/workers/replication-pool.ts";
import { runRounds } from "../../../../cli/simulate/workers/run-rounds.ts";
import { InputError } from "../../../../config/problem.ts";
import type { Scenario } from "../../../../config/scenario.ts";
import { concludeSimulation, simulate } from "../../../../sim/simulate.ts";
import { scenarioOf } from "../../../scenario-of.ts";
import { runCli } from "../../run-cli.ts";
import { startCli } from "../../start-cli.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "sessionlab-workers-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const never = new AbortController().signal;

async function inThreads(scenario: Scenario, threads: number, signal = never, onProgress = (_share: number) => {}) {
  const pool = createReplicationPool(threads, 1000);
  try {
    return await runRounds(scenario, { pool, signal, onProgress });
  } finally {
    await pool.end();
  }
}

describe("replications in threads", () => {
  const scenarios: readonly [string, string][] = [
    [
      "the population",
      "workload: { arrivals: 5 }\nrun: { fidelity: population, durationMinutes: 90, replications: 5 }",
    ],
    [
      "every request, in antithetic pairs",
      "site: { mode: SQLServer }\nworkload: { arrivals: 1 }\nrun: { durationMinutes: 10, warmupMinutes: 2, replications: 4, antithetic: true }",
    ],
  ];
  test.each(scenarios)("give the result of one thread, to the byte: %s", async (_, text) => {
    const scenario = scenarioOf(text);
    const alone = JSON.stringify(simulate(scenario));
    for (const threads of [1, 3]) {
      const { records, complete } = await inThreads(scenario, threads);
      expect(complete).toBe(true);
      expect(JSON.stringify(concludeSimulation(scenario, records)) === alone, `${threads} threads`).toBe(true);
    }
  });

  test("tell how far they are, and reach the whole", async () => {
    const shares: number[] = [];
    const scenario = scenarioOf("workload: { arrivals: 20 }\nrun: { durationMinutes: 240, replications: 3 }");
    const pool = createReplicationPool(2, 1000);
    const ended = new AbortController();
    const run = runRounds(scenario, {
      pool,
      signal: ended.signal,
      onProgress(share) {
        shares.push(share);
        if (share > 0.05) ended.abort();
      },
    });
    expect((await run).complete).toBe(false);
    await pool.end();
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBeGreaterThan(0.05);
    expect(shares.at(-1)).toBeLessThan(1);
  });

  test("that were cut short keep those that had ended, and are what a shorter run would have been", async () => {
    const scenario = scenarioOf(
      "workload: { arrivals: 1 }\nrun: { durationMinutes: 20, warmupMinutes: 5, replications: 40 }",
    );
    const pool = createReplicationPool(2, 1000);
    const interrupt = new AbortController();
    const ended = new Set<number>();
    const held = new Promise<never>(() => {});
    const cutShort = {
      async run(task: Parameters<typeof pool.run>[0]) {
        // The sixth is still under way when the seventh has ended, and the others wait for a thread.
        if (task.place === 5 || task.place > 6) return held;
        const record = await pool.run(task);
        ended.add(task.place);
        // By then the last record is kept.
        if (ended.size === 6) setImmediate(() => interrupt.abort());
        return record;
      },
    };
    const { records, complete } = await runRounds(scenario, {
      pool: cutShort,
      signal: interrupt.signal,
      onProgress() {},
    });
    await pool.end();
    expect(complete).toBe(false);
    expect(records).toHaveLength(5);
    const shorter = { ...scenario, run: { ...scenario.run, replications: 5 } };
    const { figures } = concludeSimulation(scenario, records, { complete });
    expect(figures).toEqual(simulate(shorter).figures);
  });

  test("that run out of memory say so, and what to do about it", async () => {
    const samples = scenarioOf(
      "workload: { arrivals: 1 }\nrun: { fidelity: population, durationMinutes: 1000, sampleSeconds: 1, replications: 2 }",
    );
    const pool = createReplicationPool(2, 8);
    const error = await runRounds(samples, { pool, signal: never, onProgress() {} }).catch((caught) => caught);
    await pool.end();
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toMatch(/memory of its thread.*--workers 1/);
  });

  test("that fail pass on the error with its place", async () => {
    const broken = scenarioOf("workload: { arrivals: 1 }");
    const scenario = { ...broken, workload: { ...broken.workload, pages: [] } };
    const error = await inThreads(scenario, 2).catch((caught) => caught);
    expect(error).not.toBeInstanceOf(InputError);
    expect(error.stack).toContain("replication-worker.ts");
  });
});

describe("sessionlab simulate --workers", () => {
  const fileOf = (name: string, text: string) => {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const small =
    "name: small\nworkload: { arrivals: 2 }\nrun: { durationMinutes: 10, warmupMinutes: 2, replications: 4 }\n";

  test("prints the same JSON for any number, but for environment and command", () => {
    const file = fileOf("small.yaml", small);
    const printed = ["1", "3"].map((workers) => {
      const { stdout, exitCode } = runCli([
        "simulate",
        file,
        "--json",
        "--mode",
        "Off,SQLServer",
        "--workers",
        workers,
      ]);
      expect(exitCode).toBe(0);
      return JSON.stringify(
        JSON.parse(stdout).map((result: object) => ({ ...result, environment: null, command: "" })),
      );
    });
    expect(printed[1] === printed[0]).toBe(true);
  });

  test.each(["1", "2"])(
    "%s, ended by Ctrl-C, keeps the replications that had ended, with 3",
    async (workers) => {
      const file = fileOf("long.yaml", small.replace("replications: 4", "replications: 3000"));
      const cli = startCli(folder, [
        "simulate",
        file,
        "--json",
        "--workers",
        workers,
        "--time-limit",
        "1000",
        "--memory-limit",
        "100000",
      ]);
      await expect.poll(cli.stderr, { timeout: 30_000 }).toMatch(/simulating InProc: \d+ %/);
      cli.child.kill("SIGINT");
      expect(await cli.exitCode).toBe(3);
      const result = JSON.parse(cli.stdout());
      expect(result.complete).toBe(false);
      expect(result.counters.visits).toBeGreaterThan(1000);
      expect(cli.stderr()).toContain("what has ended by now is kept");
    },
    60_000,
  );

  test("refuses at once what would not fit or would never end, with the memory and time it would take", () => {
    const file = fileOf("huge.yaml", "name: huge\nworkload: { arrivals: 1e6 }\nrun: { durationMinutes: 525600 }\n");
    const { exitCode, stdout, stderr } = runCli(["simulate", file]);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/the memory it would need is about .* PB.*expected at most/);
    expect(stderr).toMatch(/the time it would take is about .* years.*--time-limit/);
    for (const limit of [
      ["--memory-limit", "10"],
      ["--time-limit", "0.000001"],
    ])
      expect(runCli(["simulate", fileOf("small.yaml", small), ...limit]).exitCode).toBe(2);
  });
});
