import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { runBench } from "../../bench/run-bench.ts";
import type { RunResult } from "../../metrics/run-result.ts";
import { type FitReport, fitReport } from "../../workload/fit/report.ts";
import { createLogReader } from "../../workload/log/read-access-log.ts";
import { createLogStudy } from "../../workload/log/study.ts";
import { benchOptions } from "./bench-options.ts";
import { smallScenario } from "./small-scenario.ts";

const VISITS_PER_SECOND = 1;
const PAGES_MEAN = 3;
const THINK_SECONDS_MEAN = 6;
const TIME_SCALE = 80;

let result: RunResult;
let fitted: FitReport;

beforeAll(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "sessionlab-round-trip-"));
  const logFile = path.join(folder, "u_ex.log");
  const scenario = smallScenario({
    workload: {
      arrivals: { kind: "poisson", perSecond: VISITS_PER_SECOND },
      requestsPerVisit: { kind: "geometric", mean: PAGES_MEAN },
      thinkMs: { kind: "exponential", mean: THINK_SECONDS_MEAN * 1000 },
    },
    run: { durationMs: 1_000_000, warmupMs: 0, drainMs: 300_000, timeScale: TIME_SCALE, sampleMs: 20_000 },
  });
  result = await runBench(scenario, benchOptions({ logFile }));
  const study = createLogStudy({ clientsBy: { kind: "ip" }, gapMs: 1_200_000, pagesOnly: false });
  const reader = createLogReader(study.take);
  reader.push(await readFile(logFile));
  reader.end();
  await rm(folder, { recursive: true });
  fitted = fitReport([{ file: logFile, census: reader.census }], study.end());
});

/** By how many of its own standard errors a fitted figure misses the truth. */
function miss(fit: number | null, truth: number, standardError: number | null): number {
  return Math.abs((fit ?? Number.NaN) - truth) / (standardError ?? Number.NaN);
}

describe("a scenario benched, its own log fitted", () => {
  test("has every request in the log, and no broken line", () => {
    expect(fitted.malformed.count).toBe(0);
    expect(fitted.dataRows).toBe(result.counters.requests);
    expect(fitted.clients).toBe(result.counters.visits);
    expect(fitted.sessions).toBe(result.counters.visits);
  });

  test("gives back the arrival rate within three standard errors", () => {
    expect(miss(fitted.arrivalsPerSecond, VISITS_PER_SECOND, fitted.standardErrors.arrivalsPerSecond)).toBeLessThan(3);
    expect(fitted.workload.arrivals.kind).toBe("poisson");
  });

  test("gives back the requests per session within three standard errors", () => {
    const { requestsPerSessionMean, standardErrors } = fitted;
    expect(miss(requestsPerSessionMean, PAGES_MEAN, standardErrors.requestsPerSessionMean)).toBeLessThan(3);
  });

  test("gives back the think time within three standard errors and what requests waited", () => {
    // A visitor thinks from the answer on, and the log knows when the next request came: what a busy machine let it wait is between.
    const responseMeanMs = result.figures.find(({ key }) => key === "responseMeanMs")?.value ?? Number.NaN;
    const waitedSeconds = (responseMeanMs / 1000) * TIME_SCALE;
    const { thinkMeanSeconds, standardErrors } = fitted;
    expect(thinkMeanSeconds).toBeGreaterThan(THINK_SECONDS_MEAN - 3 * (standardErrors.thinkMeanSeconds ?? Number.NaN));
    expect(thinkMeanSeconds).toBeLessThan(
      THINK_SECONDS_MEAN + waitedSeconds + 3 * (standardErrors.thinkMeanSeconds ?? Number.NaN),
    );
  });
});
