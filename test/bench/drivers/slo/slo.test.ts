import { describe, expect, test } from "vitest";
import { UNANSWERED } from "../../../../bench/drivers/journeys/journey-record.ts";
import { objectivesOf, runSlo } from "../../../../bench/drivers/slo/slo.ts";
import { planProbe, probeScenario } from "../../../../bench/drivers/slo/slo-probe.ts";
import type { BenchOptions } from "../../../../bench/run-bench.ts";
import { log } from "../../../../config/elementary.ts";
import { InputError } from "../../../../config/problem.ts";
import type { Scenario } from "../../../../config/scenario.ts";
import { createIntervalHistograms, wholeOf } from "../../../../metrics/interval-histograms.ts";
import { createHistogram, recordMs } from "../../../../metrics/latency-histogram.ts";
import { zeroCounters } from "../../../../metrics/run-record.ts";
import type { Audit, RunResult } from "../../../../metrics/run-result.ts";
import type { SloStudy } from "../../../../metrics/study.ts";
import { summarise } from "../../../../metrics/summarise.ts";
import { ratePeak } from "../../../../workload/arrivals.ts";
import { createStream } from "../../../../workload/random-stream.ts";
import { benchOptions } from "../../bench-options.ts";
import { smallScenario } from "../../small-scenario.ts";
import { queueObjectives, rateAtObjective } from "./queue-site.ts";

const FIXED_BYTES = 10_000_000;
const SESSION_BYTES = 5_000;
const REQUESTS_A_VISIT = 3;

interface Queue {
  /** Requests a second. */
  readonly capacity: number;
  readonly verdictAt?: (requestsPerSecond: number) => Audit["verdict"];
  readonly onRun?: (requestsPerSecond: number) => void;
  /** From this rate on every second request is never answered. */
  readonly hangsAt?: number;
  /** What others took of the processors in every run. */
  readonly otherLoadShare?: number;
}

/** A run of the journeys over a queue: as many sessions as Little's law says, each of SESSION_BYTES. */
function queueRun({ capacity, verdictAt, onRun, hangsAt = Number.POSITIVE_INFINITY, otherLoadShare = 0 }: Queue) {
  return async (scenario: Scenario, options: BenchOptions): Promise<RunResult> => {
    const { run, workload, site } = scenario;
    const { timeScale, warmupMs, durationMs } = run;
    const seconds = (durationMs - warmupMs) / timeScale / 1000;
    const visitsPerSecond = ratePeak(workload.arrivals) * timeScale;
    const rate = visitsPerSecond * REQUESTS_A_VISIT;
    onRun?.(rate);
    const requests = Math.round(rate * seconds);
    const responses = createIntervalHistograms(warmupMs, durationMs);
    const lag = createHistogram();
    const stream = createStream(run.seed, "queue");
    let hung = 0;
    for (let n = 0; n < requests; n++) {
      recordMs(lag, 0.1);
      if (rate >= hangsAt && n % 2 === 1) {
        hung++;
        continue;
      }
      const dueShare = n / requests;
      const backlogMs = (Math.max(0, rate - capacity) / capacity) * dueShare * seconds * 1000;
      const freeing = rate < capacity ? capacity - rate : capacity;
      responses.record(
        warmupMs + dueShare * (durationMs - warmupMs),
        backlogMs - (1000 * log(stream.next())) / freeing,
      );
    }
    const stored = Math.round((visitsPerSecond / timeScale) * ((site.timeoutMs ?? 0) / 1000));
    const visits = Math.round(visitsPerSecond * seconds);
    const counters = {
      ...zeroCounters(),
      visits,
      arrivals: stored,
      started: stored,
      stored,
      requests,
      completed: requests - hung,
      failed: hung,
      failures: { [UNANSWERED]: hung },
    };
    const rows = 40;
    const atMs = Array.from({ length: rows }, (_, row) => (row * durationMs) / rows);
    const storedAt = atMs.map((moment) => (moment >= warmupMs ? stored : (stored * moment) / warmupMs));
    return summarise({
      kind: "measured",
      scenario,
      store: "a queue",
      settings: null,
      command: "",
      records: [
        {
          counters,
          measured: counters,
          measuredMs: durationMs - warmupMs,
          endedAtMs: durationMs,
          observations: {
            storedSessionsMean: stored,
            storedSessionsMax: stored,
            liveSessionsMean: stored,
            sessionLifetimeMeanMs: site.timeoutMs,
            memoryMeanBytes: FIXED_BYTES + stored * SESSION_BYTES,
            memoryMaxBytes: null,
            coreUtilisation: null,
            storeUtilisation: null,
          },
          series: {
            atMs,
            columns: { stored: storedAt, memoryBytes: storedAt.map((count) => FIXED_BYTES + count * SESSION_BYTES) },
          },
          histograms: { response: wholeOf(responses.intervals()), startLag: lag },
          responseIntervals: responses.intervals(),
          faults: [],
        },
      ],
      complete: !options.signal.aborted,
      closedForms: {},
      auditVerdict: verdictAt?.(rate) ?? "valid",
      auditFindings: [],
      auditGenerator: {
        busyShare: 0.1,
        loopDelayP99Ms: 0.1,
        startLagP50Ms: 0.1,
        startLagP99Ms: 0.1,
        startLagMaxMs: 0.1,
        droppedStarts: 0,
        clockStepMs: 0,
        otherLoadShare,
        stealShare: 0,
        swappedPages: 0,
        siteProcessors: null,
      },
      environment: options.environment(new Date(0), 1),
    });
  };
}

const shop: Scenario = {
  ...smallScenario({
    site: { timeoutMs: 20 * 60_000, sessionStart: true, expirySweepMs: 0 },
    workload: {
      pages: smallScenario().workload.pages.filter(({ session }) => session !== "none"),
      logoutShare: 0,
      withoutCookiesShare: 0,
      requestsPerVisit: { kind: "fixed", value: REQUESTS_A_VISIT },
      thinkMs: { kind: "constant", value: 30_000 },
    },
    run: { timeScale: 1 },
  }),
  targets: [
    { figure: "responseP99Ms", atMost: queueObjectives.responseP99MsMax },
    { figure: "failedShare", atMost: queueObjectives.failedShareMax },
  ],
};

function studyOf(result: RunResult): SloStudy {
  if (result.study?.kind !== "slo") throw new Error("another study");
  return result.study;
}

describe("the SLO driver", () => {
  test("answers in requests a second, sessions and bytes of real time, however compressed its probes were", async () => {
    const capacity = 900;
    const result = await runSlo(shop, benchOptions({ driver: "slo" }), queueRun({ capacity }));
    const { requestsPerSecond, sessions, memoryBytes, bound } = studyOf(result);
    const truth = rateAtObjective(capacity);
    expect(result).toMatchObject({ driver: "slo", complete: true, store: "a queue" });
    expect(bound).toBe("bracket");
    expect((requestsPerSecond?.value ?? 0) / truth).toBeCloseTo(1, 1);
    expect(requestsPerSecond?.interval?.low).toBeLessThanOrEqual(truth);
    expect(requestsPerSecond?.interval?.high).toBeGreaterThanOrEqual(truth);
    const heldSessions = ((requestsPerSecond?.value ?? 0) / REQUESTS_A_VISIT) * 20 * 60;
    expect((sessions?.value ?? 0) / heldSessions).toBeCloseTo(1, 2);
    expect((memoryBytes?.value ?? 0) / (FIXED_BYTES + heldSessions * SESSION_BYTES)).toBeCloseTo(1, 2);
    expect(sessions?.interval?.low).toBeLessThan(heldSessions);
    expect(result.targets.map(({ met }) => met)).toEqual([true, true]);
    const littlesLaw = result.figures.find(({ key }) => key === "sloSessions")?.closedForm;
    // 20 minutes and twice 30 s of thinking; the queue's visitors do not think.
    expect(littlesLaw?.value).toBeCloseTo((heldSessions * 1_260) / 1_200, 5);
  });

  test("says at least so much, and that it is in doubt, where the generator was the limit", async () => {
    const verdictAt = (rate: number) => (rate > 800 ? "invalid" : "valid");
    const result = await runSlo(shop, benchOptions({ driver: "slo" }), queueRun({ capacity: 50_000, verdictAt }));
    const { bound, requestsPerSecond } = studyOf(result);
    expect(bound).toBe("at least");
    expect(requestsPerSecond?.value).toBeGreaterThan(700);
    expect(requestsPerSecond?.value).toBeLessThanOrEqual(800);
    expect(requestsPerSecond?.interval).toBeNull();
    expect(result.audit.verdict).toBe("doubtful");
    expect(result.audit.findings[0]).toMatch(/^At least 7\d\d requests\/s: .* generator/);
  });

  test("takes no site for fast that answers half of the requests and hangs with the others", async () => {
    const result = await runSlo(shop, benchOptions({ driver: "slo" }), queueRun({ capacity: 50_000, hangsAt: 600 }));
    const { bound, requestsPerSecond, probes } = studyOf(result);
    expect(bound).toBe("bracket");
    expect(requestsPerSecond?.interval?.low).toBeLessThan(600);
    expect(requestsPerSecond?.interval?.high).toBeGreaterThanOrEqual(600);
    expect(Math.max(...probes.map(({ failedShare }) => failedShare))).toBeCloseTo(0.5, 2);
  });

  test("is in doubt where others used the machine", async () => {
    const busy = queueRun({ capacity: 900, otherLoadShare: 0.4 });
    const { audit } = await runSlo(shop, benchOptions({ driver: "slo" }), busy);
    expect(audit.verdict).toBe("doubtful");
    expect(audit.findings.join(" ")).toContain("Other processes used 40.0 %");
    expect(audit.generator).toMatchObject({ otherLoadShare: 0.4 });
  });

  test("has no answer where not even the lowest rate will do", async () => {
    const result = await runSlo(shop, benchOptions({ driver: "slo" }), queueRun({ capacity: 40 }));
    expect(studyOf(result)).toMatchObject({ bound: "none", requestsPerSecond: null, sessions: null });
    expect(result.audit.findings[0]).toMatch(/^Not even 10 requests\/s/);
  });

  test("interrupted, keeps the bracket so far and is not complete", async () => {
    const cut = new AbortController();
    const rates: number[] = [];
    const onRun = (rate: number) => {
      rates.push(rate);
      if (rates.length === 4) cut.abort();
    };
    const options = benchOptions({ driver: "slo", signal: cut.signal });
    const result = await runSlo(shop, options, queueRun({ capacity: 1e6, onRun }));
    expect(rates).toHaveLength(4);
    expect(result.complete).toBe(false);
    expect(studyOf(result)).toMatchObject({ bound: "at least", sessions: null });
    expect(studyOf(result).requestsPerSecond?.value).toBeCloseTo(rates[2], 6);
  });

  test("tells at what rate the cap on sessions binds", async () => {
    const capped = { ...shop, site: { ...shop.site, sessionsMax: 1_000 } };
    const result = await runSlo(capped, benchOptions({ driver: "slo" }), queueRun({ capacity: 600 }));
    // 1,000 sessions of 20 minutes are 0.83 visits a second, of 3 requests each.
    expect(result.audit.findings.join(" ")).toMatch(/cap of 1000 sessions was lifted .* reached at 2\.5 requests\/s/);
  });
});

test("the objectives are the scenario's targets, or 500 ms and one in a thousand", () => {
  expect(objectivesOf(shop)).toEqual(queueObjectives);
  expect(objectivesOf({ ...shop, targets: [] })).toEqual({ responseP99MsMax: 500, failedShareMax: 0.001 });
});

test("a probe holds the rate in real time, leaves faults and the cap out, and keeps pauses longer than responses", () => {
  const scenario = smallScenario({ faults: [{ kind: "recycle", atMs: 1_000 }], site: { sessionsMax: 10 } });
  const plan = planProbe(scenario, 40, queueObjectives, 9);
  const probe = probeScenario(scenario, plan);
  expect(ratePeak(probe.workload.arrivals) * probe.run.timeScale).toBeCloseTo(40, 9);
  expect(probe).toMatchObject({ faults: [], targets: [], run: { seed: 9, drainMs: 0 } });
  expect(probe.site.sessionsMax).toBe(4_294_967_295);
  expect((probe.run.durationMs - probe.run.warmupMs) / probe.run.timeScale).toBeCloseTo(plan.measureMs, 6);
  expect(3_000 / probe.run.timeScale).toBeGreaterThanOrEqual(20);
});

test("a trace is refused, with what to write instead", async () => {
  const traced = smallScenario({ workload: { arrivals: { kind: "trace", atMs: [0, 10] } } });
  const refused = runSlo(traced, benchOptions({ driver: "slo" }), queueRun({ capacity: 100 }));
  await expect(refused).rejects.toBeInstanceOf(InputError);
  await expect(refused).rejects.toThrow(/trace.*poisson/s);
});
