// Results of every experiment, and of a run with faults, without measuring anything: seeded arithmetic with the shapes that real
// results have, so that tables, charts and downloads of them can be checked.

import { createHistogram, encodeHistogram, recordMs } from "../../metrics/latency-histogram.ts";
import type { Estimate, FaultRecord, FaultTimeline, HistogramInterval, RunResult } from "../../metrics/run-result.ts";
import type {
  EngineStudy,
  LockStudy,
  MemoryStudy,
  MicroCall,
  MicroStudy,
  SaturationStudy,
  SloStudy,
  Study,
} from "../../metrics/study.ts";
import { studyFigure } from "../../metrics/study-figures.ts";
import { summariseStudy } from "../../metrics/summarise-study.ts";
import { draws, makeResult } from "./fixture-result.ts";

export interface StudyOptions {
  /** "PostgreSQL 18.4" */
  readonly store?: string;
  /** How much slower and larger than the quickest; 1 when left out. */
  readonly factor?: number;
}

export const eightStores = [
  "in process",
  "state service",
  "PostgreSQL 18.4",
  "MariaDB 10.11.14",
  "Redis 7.0.15",
  "SQLite 3.50.4",
  "connect-redis 9.0.0 on Redis 7.0.15",
  "connect-pg-simple 10.0.0 on PostgreSQL 18.4",
] as const;

export function makeStudyResult(kind: Study["kind"], options: StudyOptions = {}): RunResult {
  const { store = "Redis 7.0.15", factor = 1 } = options;
  const draw = draws(store.length * 31 + kind.length);
  const { scenario, environment } = makeResult({ kind: "measured" });
  const study = studies[kind](draw, factor);
  return summariseStudy({
    scenario: { ...scenario, targets: [] },
    store,
    label: store,
    settings: null,
    command: `sessionlab bench lunch-hour.yaml --driver ${kind}`,
    study,
    figures: figuresOf(study),
    complete: true,
    tookMs: 61_000,
    auditVerdict: "valid",
    auditFindings: [],
    environment,
  });
}

const studies: Readonly<Record<Study["kind"], (draw: () => number, factor: number) => Study>> = {
  saturation: makeSaturation,
  slo: makeSlo,
  micro: makeMicro,
  memory: makeMemory,
  locks: makeLocks,
  engine: makeEngine,
};

function around(value: number, share: number, method = "95 %, Student's t of the rounds"): Estimate {
  return { value, interval: { low: value * (1 - share), high: value * (1 + share), method } };
}

function makeSaturation(draw: () => number, factor: number): SaturationStudy {
  const rounds = Array.from({ length: 8 }, () => (4200 / factor) * (0.96 + 0.08 * draw()));
  return {
    kind: "saturation",
    connections: 32,
    roundsRequestsPerSecond: rounds,
    requestsPerSecond: around(rounds.reduce((sum, rate) => sum + rate, 0) / rounds.length, 0.02),
    hostBusyShare: 0.97,
    generatorBusyShare: 0.71,
  };
}

function makeEngine(draw: () => number, factor: number): EngineStudy {
  const rates = { w1: 9.1e6, w2: 8.2e6, simjs: 0.6e6 };
  const cases = Object.entries(rates).map(([name, rate]) => {
    const rounds = Array.from({ length: 5 }, () => (rate / factor) * (0.96 + 0.08 * draw()));
    const ours = name !== "simjs";
    return {
      name,
      label: ours ? `${name.toUpperCase()} of ours` : "W2 in simjs 2.0.3",
      events: "arrivals, follow-ups and expiries",
      eventsPerRun: 7_697_268,
      hours: 4,
      roundsEventsPerSecond: rounds,
      eventsPerSecond: around(rate / factor, 0.03, "least to most of 5 rounds"),
      wholeEventsPerSecond: around((0.8 * rate) / factor, 0.03, "least to most of 5 rounds"),
      timesW2: around((rates.w2 * factor) / rate, 0.05, "least to most of 5 rounds"),
      wholeTimesW2: around((rates.w2 * factor) / rate, 0.05, "least to most of 5 rounds"),
      roundsWholeTimesW2: rounds.map((round) => (rates.w2 * factor) / round),
      arrayBytes: ours ? 2_400_000 : null,
      arrayBytesPerSession: name === "w2" ? 28.4 : null,
      rssMaxBytes: 9e7,
      gcShare: ours ? 0.004 : 0.11,
    };
  });
  return { kind: "engine", rounds: 5, cases };
}

function makeSlo(draw: () => number, factor: number): SloStudy {
  const limit = 1000 / factor;
  const rates = [100, 200, 400, 800, 1600, 1200, 1000, 900, 950, 975].map((rate) => (rate * limit) / 980);
  return {
    kind: "slo",
    responseP99MsMax: 100,
    failedShareMax: 0.01,
    probes: rates.map((rate) => {
      const load = rate / limit;
      const responseP99Ms = load < 1.5 ? 12 + 6 * draw() + 84 * load ** 8 : null;
      return {
        requestsPerSecond: rate,
        visitsPerSecond: rate / 6,
        responseP99Ms,
        failedShare: load < 1.1 ? 0 : load - 1,
        storedSessionsMean: rate * 226,
        memoryBytes: 4e7 + rate * 226 * 7454,
        met: responseP99Ms !== null && responseP99Ms <= 100,
        valid: load < 1.5,
        responses: responseP99Ms === null ? 40 : 4000,
      };
    }),
    bound: "bracket",
    requestsPerSecond: {
      value: limit * 0.985,
      interval: { low: limit * 0.97, high: limit, method: "bracket of the search" },
    },
    sessions: {
      value: limit * 226,
      interval: { low: limit * 220, high: limit * 232, method: "bracket of the search" },
    },
    memoryBytes: { value: 4e7 + limit * 226 * 7454, interval: null },
  };
}

function makeMicro(draw: () => number, factor: number): MicroStudy {
  const operations = ["createUninitializedItem", "getItem", "getItemExclusive", "setAndReleaseItemExclusive"] as const;
  const calls = operations.flatMap((operation, place) =>
    [256, 4096, 65_536].map((stateBytes): MicroCall => {
      const p50Ms = factor * (0.08 + 0.03 * place + stateBytes / 400_000) * (0.95 + 0.1 * draw());
      return {
        operation,
        stateBytes,
        samples: 4000,
        callsPerSample: 1,
        meanMs: around(p50Ms * 1.1, 0.04),
        p50Ms,
        p99Ms: p50Ms * 4,
        cpuMs: p50Ms * 0.6,
        allocatedBytes: place === 1 ? null : Math.round(stateBytes * 3.2 + 1800),
        externalBytes: place === 1 ? null : stateBytes,
        roundsMedianMs: Array.from({ length: 6 }, () => p50Ms * (0.92 + 0.16 * draw())),
      };
    }),
  );
  return { kind: "micro", calls };
}

function makeMemory(draw: () => number, factor: number): MemoryStudy {
  const measures = ["used_memory", "resident set"].map((name, measure) => ({
    name,
    lines: [256, 4096, 65_536].map((stateBytes) => {
      const slope = factor * (820 + stateBytes * (1.05 + 0.1 * measure));
      const fixed = 1.1e6 * (1 + 6 * measure);
      const points = Array.from({ length: 15 }, (_, index) => {
        const sessions = Math.floor(index / 3) * 500;
        return { sessions, bytes: Math.round(fixed + slope * sessions + (draw() - 0.5) * 120 * slope) };
      });
      return {
        stateBytes,
        points,
        bytesPerSession: around(slope, 0.03, "95 %, least squares"),
        interceptBytes: around(fixed, 0.2, "95 %, least squares"),
        afterExpiryBytes: measure === 0 ? Math.round(fixed * 1.2) : null,
        reclaimedShare: measure === 0 ? 0.97 : null,
      };
    }),
  }));
  return { kind: "memory", measures };
}

function makeLocks(draw: () => number, factor: number): LockStudy {
  const holdMs = 100 * factor;
  return {
    kind: "locks",
    pollMs: 500,
    holdMs,
    steps: [1, 2, 4, 8, 16, 32].map((concurrency) => {
      const requests = concurrency * 20;
      const waits = createHistogram();
      const responses = createHistogram();
      const waiting = requests - 20;
      let polls = 0;
      for (let i = 0; i < waiting; i++) {
        const times = 1 + Math.floor(draw() * concurrency * (0.4 + draw() * 0.8));
        polls += times;
        recordMs(waits, times * 500 + draw() * 3);
        recordMs(responses, times * 500 + holdMs);
      }
      for (let i = 0; i < 20; i++) recordMs(responses, holdMs);
      const timeOuts = concurrency === 32 ? 40 : 0;
      const queueRefusals = concurrency === 32 ? 24 : 0;
      return {
        concurrency,
        rounds: 20,
        requests,
        completed: requests - timeOuts - queueRefusals,
        requestsPerSecond: (1000 / holdMs) * (concurrency === 1 ? 1 : 0.3 + 0.4 / concurrency),
        responses: encodeHistogram(responses),
        waits: waiting === 0 ? null : encodeHistogram(waits),
        polledShare: waiting / requests,
        polls,
        timeOuts,
        queueRefusals,
        failures: {},
        lostUpdates: 0,
      };
    }),
  };
}

function figuresOf(study: Study): RunResult["figures"] {
  switch (study.kind) {
    case "saturation":
      return [studyFigure("saturationRequestsPerSecond", study.requestsPerSecond)];
    case "slo":
      return [
        studyFigure("sloRequestsPerSecond", study.requestsPerSecond),
        studyFigure("sloSessions", study.sessions),
        studyFigure("sloMemoryBytes", study.memoryBytes),
      ];
    case "micro":
      return study.calls
        .filter((call) => call.stateBytes === 4096)
        .map(({ operation, meanMs: { value, interval } }) => ({
          key: `micro.${operation}.MeanMs`,
          label: `${operation} of 4 KiB, mean`,
          unit: "ms",
          value,
          interval: interval!,
        }));
    case "engine":
      return study.cases.map(({ name, label, eventsPerSecond: { value, interval } }) => ({
        key: `engine.${name}.eventsPerSecond`,
        label: `${label}, events`,
        unit: "/s",
        value,
        interval: interval!,
      }));
    case "memory": {
      const line = study.measures[0]!.lines[1]!;
      return [
        studyFigure("memoryBytesPerSession", line.bytesPerSession),
        studyFigure("memoryFixedBytes", line.interceptBytes),
        studyFigure("memoryReclaimedShare", line.reclaimedShare),
      ];
    }
    case "locks": {
      const last = study.steps.at(-1)!;
      return [
        studyFigure("lockPolledShare", last.polledShare),
        studyFigure("lockTimeOutShare", last.timeOuts / last.requests),
      ];
    }
  }
}

/** From 2 s before the stroke on; while the site is struck four in five requests fail and the others are slow. */
function makeTimeline(steps: number, isStruck: (realMs: number) => boolean): FaultTimeline {
  const draw = draws(steps);
  const rows = Array.from({ length: steps }, (_, step) => {
    const struck = isStruck(step * 100 - 2000);
    const requests = Math.floor(draw() * 18) + 6;
    const failed = struck ? Math.round(requests * 0.8) : 0;
    return { failed, completed: requests - failed, slowestMs: struck ? 900 + draw() * 1500 : 12 + draw() * 20 };
  });
  return {
    fromMs: -2000,
    stepMs: 100,
    completed: rows.map((row) => row.completed),
    failed: rows.map((row) => row.failed),
    slowestMs: rows.map((row) => (row.completed === 0 ? null : row.slowestMs)),
  };
}

/** A measured run whose store was killed once and whose worker was recycled once; failures and slow requests lie where they should. */
export function makeFaultResult(label = "StateServer, measured"): RunResult {
  const base = makeResult({ kind: "measured", mode: "StateServer", seriesPoints: 240 });
  const faults: readonly FaultRecord[] = [
    {
      kind: "kill-store",
      atMs: 3_600_000,
      downMs: 4000,
      recoveryMs: 4600,
      sessionsLost: 621,
      failures: { "http 500": 212, "connection refused": 31 },
      timeline: makeTimeline(100, (realMs) => realMs >= 0 && realMs < 4600),
    },
    {
      kind: "recycle",
      atMs: 5_400_000,
      downMs: 350,
      recoveryMs: null,
      sessionsLost: null,
      failures: {},
      timeline: makeTimeline(60, (realMs) => realMs >= 0),
    },
  ];
  const struck = (atMs: number) => atMs >= 3_600_000 && atMs < 3_600_000 + 4600 * base.scenario.run.timeScale;
  const requests = base.series.columns.requests ?? [];
  const failed = requests.map((count, row) => (struck(base.series.atMs[row]!) ? Math.round((count ?? 0) * 0.8) : 0));
  const completed = requests.map((count, row) => (count ?? 0) - failed[row]!);
  const empty = encodeHistogram(createHistogram());
  const responseIntervals = base.responseIntervals.map((stretch): HistogramInterval => {
    return struck(stretch.fromMs) && struck(stretch.toMs) ? { ...stretch, histogram: empty } : stretch;
  });
  return {
    ...base,
    label,
    store: "ASP.NET state service of sessionlab",
    series: { ...base.series, columns: { ...base.series.columns, completed, failed } },
    responseIntervals,
    faults,
  };
}
