import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { type BenchProgress, runBench } from "../../bench/run-bench.ts";
import type { RunResult } from "../../metrics/run-result.ts";
import { assertConserved } from "../../metrics/summarise.ts";
import { benchOptions } from "./bench-options.ts";
import { childrenOf, isRunning, until } from "./processes.ts";
import { smallScenario } from "./small-scenario.ts";
import { temporaryFolder } from "./temporary-folder.ts";

function figure(result: RunResult, key: string): number | null {
  return result.figures.find((known) => known.key === key)?.value ?? null;
}

/** 400 s of scenario time and the drain, twenty times as fast. */
const LONG_MS = 20_000;

describe("a bench", () => {
  test("meets expiry, the cap, logouts and a recycle in seconds, and every count adds up", async () => {
    const scenario = smallScenario({
      site: { sessionsMax: 25, sessionStart: true },
      faults: [{ kind: "recycle", atMs: 25_000 }],
    });
    const result = await runBench(scenario, benchOptions());
    const { counters, measured, series } = result;
    expect(result).toMatchObject({ kind: "measured", complete: true, endedAtMs: 40_000, seed: 7 });
    expect(counters).toMatchObject({ recycles: 1, failed: 0, failures: {} });
    for (const count of ["visits", "refused", "expired", "abandoned", "lost", "stored"] as const) {
      expect(counters[count], count).toBeGreaterThan(0);
    }
    expect(counters.requests).toBe(counters.completed + counters.refused);
    expect(counters.visits).toBeGreaterThan(measured.visits);
    assertConserved(counters);
    expect(figure(result, "storedSessionsMax")).toBe(25);
    expect(Math.max(...series.columns.stored.map(Number))).toBeLessThan(26); // both workers, for a moment
    expect(figure(result, "memoryMaxBytes")).toBeGreaterThan(1e6);
    expect(figure(result, "coreUtilisation")).toBeGreaterThan(0);
    expect(series.atMs.length).toBeGreaterThan(15);
    for (const column of Object.values(series.columns)) expect(column).toHaveLength(series.atMs.length);
  });

  test("the same seed brings the same visitors", async () => {
    const scenario = smallScenario({ run: { durationMs: 15_000, drainMs: 60_000 }, site: { mode: "Off" } });
    const [one, other] = [await runBench(scenario, benchOptions()), await runBench(scenario, benchOptions())];
    expect(one.counters.requests).toBeGreaterThan(20);
    expect(other.counters).toEqual(one.counters);
    expect(one.counters).toMatchObject({ arrivals: 0, started: 0, stored: 0 });
  });

  test("cut short, it keeps what it measured, says so, and leaves neither process nor half a log", async () => {
    const folder = await temporaryFolder();
    const controller = new AbortController();
    let hosts: number[] = [];
    const onProgress = async ({ share }: BenchProgress) => {
      if (share < 700 / LONG_MS || controller.signal.aborted) return;
      hosts = await childrenOf(process.pid);
      controller.abort();
    };
    const result = await runBench(
      smallScenario({ run: { durationMs: 400_000 } }),
      benchOptions({ signal: controller.signal, onProgress, logFile: path.join(folder, "u_ex.log") }),
    );
    expect(result.complete).toBe(false);
    expect(result.endedAtMs).toBeGreaterThan(10_000);
    expect(result.endedAtMs).toBeLessThan(200_000);
    expect(result.counters.requests).toBeGreaterThan(10);
    expect(result.measured.visits).toBeGreaterThan(0);
    expect(result.audit.findings.join()).toContain("cut short");
    expect(hosts.length).toBeGreaterThan(0);
    expect(hosts.filter(isRunning)).toEqual([]);
    expect(await readdir(folder)).toEqual(["u_ex.log"]);
    const rows = (await readFile(path.join(folder, "u_ex.log"), "utf8")).split("\r\n").filter((row) => /^\d/.test(row));
    expect(rows).toHaveLength(result.counters.requests);
  });

  test("when the host is killed under it, the run ends, is invalid, says why, and still adds up", async () => {
    const before = new Set(await childrenOf(process.pid));
    let killed = false;
    const onProgress = async ({ share }: BenchProgress) => {
      if (share < 500 / LONG_MS || killed) return;
      killed = true;
      for (const pid of await childrenOf(process.pid)) if (!before.has(pid)) process.kill(pid, "SIGKILL");
    };
    const result = await runBench(smallScenario({ run: { durationMs: 400_000 } }), benchOptions({ onProgress }));
    expect(result.complete).toBe(false);
    expect(result.audit.verdict).toBe("invalid");
    expect(result.audit.findings[0]).toContain("SIGKILL");
    expect(result.counters.lost).toBeGreaterThan(0);
    assertConserved(result.counters);
  });

  test("a log that cannot be put in its place is a finding, and the figures are kept", async () => {
    const folder = await temporaryFolder();
    const result = await runBench(smallScenario({ run: { durationMs: 10_000 } }), benchOptions({ logFile: folder }));
    expect(result.complete).toBe(true);
    expect(result.counters.requests).toBeGreaterThan(0);
    expect(result.audit.findings.join()).toContain("access log could not be written");
    const beside = await readdir(path.dirname(folder));
    expect(beside.filter((name) => name.startsWith(`${path.basename(folder)}.`))).toEqual([]);
  });

  test("aborted before it began, it is a result of nothing", async () => {
    const controller = new AbortController();
    controller.abort();
    const result = await runBench(smallScenario(), benchOptions({ signal: controller.signal }));
    expect(result).toMatchObject({ complete: false, endedAtMs: 0, counters: { visits: 0, requests: 0 } });
    await until("no host is left", async () => (await childrenOf(process.pid)).every((pid) => !isRunning(pid)));
  });
});
