import { describe, expect, test } from "vitest";
import { createHistogram, recordMs } from "../../metrics/latency-histogram.ts";
import { addCounters, type RunRecord, subtractCounters, zeroCounters } from "../../metrics/run-record.ts";
import type { Counters, RunResult } from "../../metrics/run-result.ts";
import { assertConserved, type SummaryInput, summarise } from "../../metrics/summarise.ts";
import { scenarioOf } from "../scenario-of.ts";

const counters = (changes: Partial<Counters>): Counters => ({ ...zeroCounters(), ...changes });

function recordOf(refused: number): RunRecord {
  const whole = counters({ visits: 100, arrivals: 100, started: 100 - refused, refused, stored: 100 - refused });
  const response = createHistogram();
  for (let i = 0; i < 2000; i++) recordMs(response, i % 100);
  return {
    counters: whole,
    measured: { ...whole, requests: 2000, completed: 2000 },
    measuredMs: 100_000,
    endedAtMs: 100_000,
    observations: {
      storedSessionsMean: 50,
      storedSessionsMax: 60,
      liveSessionsMean: 40,
      sessionLifetimeMeanMs: 1000,
      memoryMeanBytes: null,
      memoryMaxBytes: null,
      coreUtilisation: 0.5,
      storeUtilisation: null,
    },
    series: { atMs: [0, 60_000], columns: { stored: [0, 50 + refused] } },
    histograms: { response },
    responseIntervals: [],
    faults: [],
  };
}

function resultOf(
  records: readonly RunRecord[],
  targets = "",
  changes: Partial<Pick<SummaryInput, "kind" | "store">> = {},
): RunResult {
  const input: SummaryInput = {
    kind: "simulated",
    store: null,
    scenario: scenarioOf(`workload: { arrivals: 1 }\n${targets}`),
    settings: null,
    command: "",
    records,
    complete: true,
    closedForms: {},
    auditVerdict: "valid",
    auditFindings: [],
    environment: {} as never,
    ...changes,
  };
  return summarise(input);
}

const figure = (result: RunResult, key: string) => result.figures.find((one) => one.key === key);

describe("a summary", () => {
  test("counts a session lost that was there before the warm-up ended among all there were, not among the newcomers", () => {
    const record = recordOf(0);
    const measured = { ...record.measured, started: 10, stored: 6, expired: 4, lost: 30 };
    expect(figure(resultOf([{ ...record, measured }]), "lostShare")?.value).toBe(0.75);
  });

  test("gives the mean over replications with Student's interval, counters summed", () => {
    const result = resultOf([recordOf(10), recordOf(20), recordOf(30)]);
    expect(figure(result, "refusedShare")?.value).toBeCloseTo(0.2, 12);
    // Student's t at 0.975 with 2 degrees of freedom, 4.303, times 0.1/√3.
    expect(figure(result, "refusedShare")?.interval?.high).toBeCloseTo(0.2 + (4.303 * 0.1) / Math.sqrt(3), 3);
    expect(result.counters).toMatchObject({ arrivals: 300, started: 240, refused: 60 });
    expect(result.series.columns.stored).toEqual([0, 70]);
    expect(result.histograms.response.count).toBe(6000);
  });
  test("leaves a percentile out that has fewer than ten values beyond it", () => {
    const result = resultOf([recordOf(0)]);
    expect(figure(result, "responseP99Ms")?.value).toBeCloseTo(98, 0);
    expect(figure(result, "responseP999Ms")?.value).toBeNull();
    expect(result.audit.percentileMax).toBe(99);
  });
  test("gives a percentile that only all replications together have values enough for, without an interval where none lies beyond it", () => {
    const figureOfTen = figure(resultOf(Array.from({ length: 10 }, () => recordOf(0))), "responseP999Ms");
    expect(figureOfTen?.value).toBeCloseTo(99, 0);
    expect(figureOfTen?.interval).toBeUndefined();
  });
  test("judges targets, and does not judge what it cannot know", () => {
    const targets =
      "targets: [{ figure: refusedShare, atMost: 0.1 }, { figure: refusedShare, atLeast: 0.3 }, { figure: memoryMaxBytes, atMost: 1 }]";
    expect(resultOf([recordOf(20)], targets).targets.map(({ met, limit }) => [met, limit])).toEqual([
      [false, "at most 0.1"],
      [false, "at least 0.3"],
      [null, "at most 1"],
    ]);
  });
});

test("a result names the store that was driven, and keeps no password of its connection", () => {
  const connection = "store: { connection: 'postgresql://user:hush@db/sessions' }\n";
  const result = resultOf([recordOf(20)], connection, { kind: "measured", store: "PostgreSQL 18.4" });
  expect(result).toMatchObject({ label: "InProc on PostgreSQL 18.4, measured", store: "PostgreSQL 18.4" });
  expect(JSON.stringify(result)).not.toContain("hush");
  expect(result.scenario.store.connections).toEqual(["postgresql://user:***@db/sessions"]);
});

describe("the laws of conservation", () => {
  test("hold for what adds up", () => {
    expect(() =>
      assertConserved(counters({ arrivals: 5, started: 4, refused: 1, stored: 1, expired: 1, abandoned: 1, lost: 1 })),
    ).not.toThrow();
  });
  test("stop a result in which a session is missing, or an arrival", () => {
    expect(() => assertConserved(counters({ arrivals: 1, started: 1 }))).toThrow("started 1 = stored 0");
    expect(() => assertConserved(counters({ arrivals: 2, started: 1, stored: 1 }))).toThrow("arrivals 2 = started 1");
  });
});

test("counters of a part are those of the whole less those of the beginning; stored is a level and stays", () => {
  const begin = counters({
    requests: 5,
    stored: 3,
    failures: { "http 500": 1 },
    storeCalls: { ...zeroCounters().storeCalls, getItem: 2 },
  });
  const whole = counters({
    requests: 9,
    stored: 7,
    failures: { "http 500": 4, reset: 1 },
    storeCalls: { ...zeroCounters().storeCalls, getItem: 6 },
  });
  expect(subtractCounters(whole, begin)).toMatchObject({
    requests: 4,
    stored: 7,
    failures: { "http 500": 3, reset: 1 },
    storeCalls: { getItem: 4 },
  });
  expect(addCounters(whole, begin)).toMatchObject({ requests: 14, failures: { "http 500": 5, reset: 1 } });
});
