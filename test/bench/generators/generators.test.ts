import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { machineClock } from "../../../bench/clock.ts";
import { LATE_START_MS } from "../../../bench/drivers/journeys/journey-record.ts";
import { createOwnGenerator } from "../../../bench/generators/own-generator.ts";
import { openSiteClient } from "../../../bench/generators/site-client.ts";
import { type BenchProgress, runBench } from "../../../bench/run-bench.ts";
import type { RunResult } from "../../../metrics/run-result.ts";
import { assertConserved } from "../../../metrics/summarise.ts";
import { benchOptions } from "../bench-options.ts";
import { childrenOf, isRunning, until } from "../processes.ts";
import { type Changes, smallScenario } from "../small-scenario.ts";
import { temporaryFolder } from "../temporary-folder.ts";

/** Every visit can end before the run does. */
const TO_THE_END: Changes = {
  workload: { arrivals: { kind: "poisson", perSecond: 5 }, thinkMs: { kind: "exponential", mean: 1_000, max: 4_000 } },
  run: { durationMs: 8_000, warmupMs: 1_000, drainMs: 200_000 },
};

/** The visitors' pages, who asked for each, in an order that time has no part in. */
async function pagesIn(log: string): Promise<string[]> {
  const rows = (await readFile(log, "utf8")).split("\r\n").filter((row) => /^\d/.test(row));
  return rows
    .map((row) => {
      const fields = row.split(" ");
      return [fields[8], fields[4], fields[5]].join(" ");
    })
    .sort();
}

async function processesOfScript(script: string, pids: readonly number[]): Promise<number[]> {
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
  return pids.filter((_pid, index) => commands[index].includes(script));
}

const generatorsOf = async (pid: number) => processesOfScript("generator-process", await childrenOf(pid));

describe("two generators", () => {
  test("send the visits and the pages of one, each once, and what they measure adds up", async () => {
    const folder = await temporaryFolder();
    const bench = (generators: number): Promise<RunResult> =>
      runBench(
        smallScenario({ ...TO_THE_END, site: { mode: "Off" } }),
        benchOptions({ generators, logFile: path.join(folder, `${generators}.log`) }),
      );
    const [one, two] = [await bench(1), await bench(2)];
    const pages = await pagesIn(path.join(folder, "1.log"));
    expect(pages.length).toBeGreaterThan(50);
    expect(await pagesIn(path.join(folder, "2.log"))).toEqual(pages);
    expect(two.counters).toEqual(one.counters);
    expect(two.complete).toBe(true);
    const measured = two.histograms.startLag.count;
    expect(two.histograms.response.count).toBe(measured);
    expect(two.responseIntervals.reduce((sum, { histogram }) => sum + histogram.count, 0)).toBe(measured);
    expect(two.audit.generator?.startLagMaxMs).toBeGreaterThan(0);
    expect(two.audit.generator?.loopDelayP99Ms).not.toBeNull();
  });

  test("know where the new worker is before the old one goes, and wait while there is none", async () => {
    const scenario = smallScenario({
      workload: { arrivals: { kind: "poisson", perSecond: 4 } },
      run: { durationMs: 90_000 },
      faults: [
        { kind: "recycle", atMs: 10_000 },
        { kind: "kill-worker", atMs: 50_000, downMs: 100 },
      ],
    });
    const { counters, complete } = await runBench(scenario, benchOptions({ generators: 2 }));
    expect(complete).toBe(true);
    expect(counters.recycles).toBe(2);
    expect(counters.lost).toBeGreaterThan(0);
    // What was under way when the worker was killed was reset; nothing was sent to where nobody listens.
    expect(Object.keys(counters.failures).filter((kind) => kind !== "connection reset")).toEqual([]);
    assertConserved(counters);
  });

  test("when one is killed, the run ends, is invalid and says why, and no process is left", async () => {
    let generators: number[] = [];
    let struck = false;
    const onProgress = async ({ note }: BenchProgress) => {
      if (struck || !note.startsWith("measuring")) return;
      struck = true;
      generators = await generatorsOf(process.pid);
      process.kill(generators[1], "SIGKILL");
    };
    const scenario = smallScenario({ run: { durationMs: 400_000 } });
    const result = await runBench(scenario, benchOptions({ generators: 2, onProgress }));
    expect(generators).toHaveLength(2);
    expect(result.complete).toBe(false);
    expect(result.audit.verdict).toBe("invalid");
    expect(result.audit.findings[0]).toContain("A generator process died");
    expect(result.audit.findings[0]).toContain("SIGKILL");
    expect(result.counters.requests).toBeGreaterThan(0);
    expect(generators.filter(isRunning)).toEqual([]);
  });

  test("cut short, they keep what they measured and are gone", async () => {
    const controller = new AbortController();
    let generators: number[] = [];
    const onProgress = async ({ note }: BenchProgress) => {
      if (generators.length > 0 || !note.startsWith("measuring")) return;
      generators = await generatorsOf(process.pid);
      controller.abort();
    };
    const scenario = smallScenario({ run: { durationMs: 400_000 } });
    const result = await runBench(scenario, benchOptions({ generators: 2, signal: controller.signal, onProgress }));
    expect(generators).toHaveLength(2);
    expect(result.complete).toBe(false);
    expect(result.counters.requests).toBeGreaterThan(10);
    expect(result.audit.findings.join()).toContain("cut short");
    expect(generators.filter(isRunning)).toEqual([]);
  });

  test("end with the runner, even if that is killed", async () => {
    const cli = new URL("../../../cli/main.ts", import.meta.url).pathname;
    const lunch = new URL("../../../scenarios/lunch-hour.yaml", import.meta.url).pathname;
    const arguments_ = [cli, "bench", lunch, "--generators", "2", "--quiet"];
    const runner: ChildProcess = spawn(process.execPath, arguments_, { stdio: "ignore" });
    onTestFinished(() => void runner.kill("SIGKILL"));
    const pid = runner.pid ?? 0;
    await until("both generators run", async () => (await generatorsOf(pid)).length === 2);
    const generators = await generatorsOf(pid);
    runner.kill("SIGKILL");
    await until("they are gone", () => !generators.some(isRunning));
  });
});

describe("one generator in the runner's process", () => {
  test("tells how well it kept its moments from its own start lag", async () => {
    const client = openSiteClient({ silenceMaxMs: 1_000, certificatePem: null, connectionsMax: null });
    const generator = createOwnGenerator(smallScenario({ run: { durationMs: 2_000, warmupMs: 0 } }), client);
    const driver = generator.begin(machineClock() - 2 * LATE_START_MS);
    // There is no worker: all that is due waits for one.
    const run = driver.run();
    await until("requests are due", () => driver.counts.requests > 1);
    driver.end();
    await run;
    const { health, death } = await generator.finish(0);
    expect(death).toBeNull();
    expect(health.startLagMaxMs).toBeGreaterThanOrEqual(0);
    expect(health.lateShare).toBe(driver.counts.lateStarts / driver.histograms.startLag.totalCount);
    expect(health.busyShare).toBeGreaterThan(0);
  });
});
