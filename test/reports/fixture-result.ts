// A plausible RunResult without a run: a bank of sessions that fills, meets its cap and levels out. Seeded, small, and made by
// arithmetic alone, so that reports of it can be kept as text.

import type { Calibration, Scenario } from "../../config/scenario.ts";
import type { SessionMode } from "../../config/session-settings.ts";
import { createIntervalHistograms } from "../../metrics/interval-histograms.ts";
import { createHistogram, encodeHistogram, recordMs } from "../../metrics/latency-histogram.ts";
import type { Counters, Figure, HistogramJson, RunResult, TimeSeries } from "../../metrics/run-result.ts";
import { RUN_RESULT_SCHEMA } from "../../metrics/run-result.ts";

export interface FixtureOptions {
  readonly kind?: RunResult["kind"];
  readonly mode?: SessionMode;
  readonly seed?: number;
  /** Latency samples; the highest percentile follows from it. */
  readonly samples?: number;
  readonly seriesPoints?: number;
  readonly sessionsMax?: number;
  readonly name?: string;
  readonly completeTo?: number;
  readonly latencyMs?: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const TIMEOUT_MS = 20 * MINUTE_MS;
const PER_SECOND = 0.5;
const UNLIMITED = 4_294_967_295;

/** Numbers from 0 up to 1; mulberry32. */
export function draws(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function makeResult(options: FixtureOptions = {}): RunResult {
  const { kind = "simulated", mode = "InProc", seed = 7, samples = 20_000, sessionsMax = 650 } = options;
  const draw = draws(seed + mode.length * 1000 + (kind === "measured" ? 1 : 0));
  const scenario = makeScenario(mode, sessionsMax, options.name ?? "Lunch hour at a bookshop", seed);
  const complete = options.completeTo === undefined;
  const endedAtMs = options.completeTo ?? scenario.run.durationMs;
  const series = makeSeries(draw, endedAtMs, options.seriesPoints ?? 240, sessionsMax, kind);
  const { warmupMs, durationMs } = scenario.run;
  const intervals = createIntervalHistograms(warmupMs, durationMs);
  const histograms = makeHistograms(draw, samples, options.latencyMs ?? 12, kind, (index, latencyMs) => {
    intervals.record(warmupMs + ((index + 0.5) / samples) * (endedAtMs - warmupMs), latencyMs);
  });
  const figures = makeFigures(draw, kind, series, options.latencyMs ?? 12, samples);
  const refused = figures.find((figure) => figure.key === "refusedShare")!.value!;
  const p99 = figures.find((figure) => figure.key === "responseP99Ms")!.value;
  const count = Math.min(samples, 20_000);
  return {
    schema: RUN_RESULT_SCHEMA,
    kind,
    driver: "journeys",
    label: `${mode}, ${kind}`,
    store: null,
    scenario,
    settings: null,
    seed,
    command: `sessionlab ${kind === "simulated" ? "simulate" : "bench"} lunch-hour.yaml --seed ${seed}`,
    complete,
    endedAtMs,
    counters: makeCounters(count, sessionsMax),
    measured: makeCounters(Math.floor(count * 0.8), sessionsMax),
    series,
    histograms,
    responseIntervals: intervals.intervals().map((interval) => ({
      ...interval,
      histogram: encodeHistogram(interval.histogram),
    })),
    faults: [],
    study: null,
    figures,
    targets: [
      { figure: "refusedShare", limit: "at most 0.01", value: refused, met: refused <= 0.01 },
      { figure: "responseP99Ms", limit: "at most 100", value: p99, met: p99 === null ? null : p99 <= 100 },
    ],
    audit: {
      verdict: complete ? "valid" : "doubtful",
      findings: complete ? [] : ["The run was interrupted; the figures cover what was seen."],
      percentileMax: samples >= 10_000 ? 99.9 : samples >= 1000 ? 99 : samples >= 100 ? 90 : 50,
      generator:
        kind === "simulated"
          ? null
          : {
              busyShare: 0.21,
              loopDelayP99Ms: 1.2,
              startLagP50Ms: 0.02,
              startLagP99Ms: 0.4,
              startLagMaxMs: 3.1,
              droppedStarts: 0,
              clockStepMs: 0.1,
              otherLoadShare: 0.02,
              stealShare: 0,
              swappedPages: 0,
              siteProcessors: null,
            },
    },
    environment: {
      startedAt: "2024-05-06T12:00:00.000Z",
      wallSeconds: kind === "simulated" ? 1.25 : 61,
      sessionlab: "0.1.0",
      commit: "0123456789abcdef0123456789abcdef01234567",
      node: "v24.0.0",
      platform: "linux x64",
      cpu: "Example CPU",
      cores: 2,
      memoryBytes: 8 * 1024 ** 3,
    },
  };
}

export function makeCalibration(measured: boolean): Calibration {
  const cost = {
    webCpuMs: 0.05,
    webCpuMsPerKiB: 0.002,
    storeMs: { kind: "constant", value: 0.1 },
    storeMsPerKiB: 0.001,
  } as const;
  return {
    name: measured ? "InProc on a laptop" : "StateServer, assumed",
    evidence: measured
      ? "Measured by sessionlab calibrate on 2 cores, 30 rounds."
      : "An assumption: nobody has measured this provider here.",
    measured,
    requestCpuMs: { kind: "exponential", mean: 2 },
    clientRoundTripMs: { kind: "constant", value: 0.1 },
    networkRoundTripMs: { kind: "constant", value: 0.3 },
    storeConcurrency: 8,
    operations: {
      getItem: cost,
      getItemExclusive: cost,
      setAndReleaseItemExclusive: cost,
      releaseItemExclusive: cost,
      removeItem: cost,
      resetItemTimeout: cost,
      createUninitializedItem: cost,
    },
    memory: { fixedBytes: 40 * 1024 ** 2, bytesPerSession: 900, bytesPerStateByte: 1.6 },
  };
}

function makeScenario(mode: SessionMode, sessionsMax: number, name: string, seed: number): Scenario {
  return {
    name,
    description: "Half a visit a second, 20 minutes of timeout. Little's law: 0.5/s × 1,360 s is 680 sessions.",
    site: {
      technology: "aspnet",
      mode,
      timeoutMs: TIMEOUT_MS,
      sessionsMax,
      sessionStart: true,
      cookieName: "ASP.NET_SessionId",
      cookieless: "UseCookies",
      cookieSameSite: "Lax",
      regenerateExpiredSessionId: true,
      https: false,
      keepSessionIdSecure: true,
      servers: 1,
      workersPerServer: 1,
      coresPerWorker: 2,
      affinity: true,
      lockPollMs: 500,
      executionTimeoutMs: 110_000,
      requestQueueLimitPerSession: 50,
      expirySweepMs: 20_000,
      expirySlideMinMs: 0,
      deleteJobMs: MINUTE_MS,
      recycleEveryMs: null,
    },
    store: {
      provider: "in-proc",
      connections: [],
      partitions: 1,
      module: null,
      compression: false,
      applicationId: "/LM/W3SVC/1/ROOT",
      networkTimeoutMs: 10_000,
      commandTimeoutMs: 30_000,
      connectionRetryMs: 0,
      allowCustomSqlDatabase: false,
    },
    workload: {
      arrivals: { kind: "poisson", perSecond: PER_SECOND },
      requestsPerVisit: { kind: "geometric", mean: 6 },
      thinkMs: { kind: "exponential", mean: 30_000 },
      logoutShare: 0.1,
      withoutCookiesShare: 0,
      parallel: { share: 0.1, requests: 3, spacingMs: 50 },
      pages: [
        {
          name: "page",
          share: 1,
          session: "read-write",
          changedShare: 0.5,
          cpuMs: { kind: "exponential", mean: 5 },
          waitMs: { kind: "exponential", mean: 10 },
        },
      ],
      stateBytes: { kind: "constant", value: 4096 },
      whenRefused: { kind: "leave" },
    },
    calibration: makeCalibration(mode === "InProc"),
    run: {
      fidelity: "requests",
      durationMs: 2 * HOUR_MS,
      warmupMs: 30 * MINUTE_MS,
      drainMs: MINUTE_MS,
      seed,
      replications: 1,
      timeScale: 60,
      sampleMs: 30_000,
    },
    faults: [],
    targets: [
      { figure: "refusedShare", atMost: 0.01 },
      { figure: "responseP99Ms", atMost: 100 },
    ],
  };
}

function makeSeries(
  draw: () => number,
  endedAtMs: number,
  points: number,
  cap: number,
  kind: RunResult["kind"],
): TimeSeries {
  const atMs = Array.from({ length: points }, (_, index) => Math.round((endedAtMs * (index + 1)) / points));
  let wobble = 0;
  const wanted = atMs.map((ms) => {
    wobble = wobble * 0.97 + (draw() - 0.5) * 30;
    const filled = Math.min(1, ms / (TIMEOUT_MS * 1.4));
    return 640 * filled * (2 - filled) + wobble * filled;
  });
  const stored = wanted.map((sessions) => Math.round(Math.max(0, Math.min(cap, sessions))));
  const live = stored.map((sessions) => Math.round(sessions * 0.985));
  const refused = wanted.map((sessions) => (sessions > cap ? Math.round((sessions - cap) / 3) : 0));
  return {
    atMs,
    columns: {
      stored,
      live,
      started: refused.map((count) => Math.max(0, 15 - count)),
      refused,
      requests: atMs.map(() => Math.round(85 + draw() * 12)),
      memoryBytes: stored.map((sessions) => 40 * 1024 ** 2 + sessions * 7454 + Math.floor(draw() * 300_000)),
      ...(kind === "measured" ? { cpuShare: atMs.map(() => 0.2 + draw() * 0.1) } : {}),
    },
  };
}

function makeHistograms(
  draw: () => number,
  samples: number,
  latencyMs: number,
  kind: RunResult["kind"],
  onResponse: (index: number, latencyMs: number) => void,
): Record<string, HistogramJson> {
  const [response, service, lockWait, startLag] = Array.from({ length: 4 }, createHistogram) as [
    ReturnType<typeof createHistogram>,
    ReturnType<typeof createHistogram>,
    ReturnType<typeof createHistogram>,
    ReturnType<typeof createHistogram>,
  ];
  for (let i = 0; i < samples; i++) {
    // A power law by whole powers only: transcendental functions may differ in the last bit between machines.
    const u = draw();
    const served = latencyMs * (0.4 + u + u ** 32 * 4);
    const locked = i % 40 === 0;
    recordMs(service!, served);
    recordMs(response!, locked ? served + 500 : served);
    onResponse(i, locked ? served + 500 : served);
    if (locked) recordMs(lockWait!, 500);
    recordMs(startLag!, draw() * 1.5);
  }
  const all = { response, service, lockWait, ...(kind === "measured" ? { startLag } : {}) };
  return Object.fromEntries(Object.entries(all).map(([key, histogram]) => [key, encodeHistogram(histogram!)]));
}

function makeFigures(
  draw: () => number,
  kind: RunResult["kind"],
  series: TimeSeries,
  latencyMs: number,
  samples: number,
): readonly Figure[] {
  const method = "95 %, 10 batch means of one run";
  const around = (value: number, share: number) => ({ low: value * (1 - share), high: value * (1 + share), method });
  const mean = (column: string) => {
    const values = (series.columns[column] ?? []).slice(series.atMs.length / 4).filter((value) => value !== null);
    return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  };
  const stored = mean("stored");
  const refused = mean("refused") / (mean("refused") + mean("started"));
  const memory = mean("memoryBytes");
  const factor = 1 + (draw() - 0.5) * 0.05;
  return [
    {
      key: "storedSessionsMean",
      label: "Stored sessions, mean",
      unit: "",
      value: stored,
      interval: around(stored, 0.004),
      ...(kind === "simulated"
        ? { closedForm: { value: 648.2, name: "Erlang loss", sum: "680 × (1 − 0.0467) = 648.2" } }
        : {}),
    },
    {
      key: "storedSessionsMax",
      label: "Stored sessions, highest",
      unit: "",
      value: Math.max(...(series.columns.stored as number[])),
    },
    {
      key: "refusedShare",
      label: "New sessions refused",
      unit: "share",
      value: refused,
      interval: { low: refused * 0.8, high: refused * 1.3, method },
      ...(kind === "simulated"
        ? { closedForm: { value: 0.0467, name: "Erlang B", sum: "B(650, 0.5/s × 1360 s) = B(650, 680) = 0.0467" } }
        : {}),
    },
    { key: "memoryMeanBytes", label: "Memory, mean", unit: "bytes", value: memory, interval: around(memory, 0.002) },
    { key: "requestsPerSecond", label: "Requests", unit: "/s", value: 3.004 * factor },
    {
      key: "responseMeanMs",
      label: "Response time, mean",
      unit: "ms",
      value: latencyMs * factor,
      interval: around(latencyMs * factor, 0.03),
    },
    {
      key: "responseP99Ms",
      label: "Response time, p99",
      unit: "ms",
      value: samples >= 1000 ? latencyMs * 3.8 * factor : null,
    },
    {
      key: "coreUtilisation",
      label: "Web cores busy",
      unit: "share",
      value: kind === "measured" ? 0.25 * factor : 0.0123,
    },
  ];
}

function makeCounters(requests: number, cap: number): Counters {
  const started = Math.floor(requests / 6);
  const refused = cap === UNLIMITED ? 0 : 40;
  const abandoned = Math.floor(started / 10);
  const stored = Math.floor(started / 5);
  return {
    visits: started + refused,
    arrivals: started + refused,
    started,
    refused,
    stored,
    expired: started - abandoned - stored,
    abandoned,
    lost: 0,
    revived: 0,
    requests,
    completed: requests - 43,
    failed: 3,
    failures: { "request timed out": 2, "connection refused": 1 },
    storeCalls: {
      getItem: 0,
      getItemExclusive: requests,
      setAndReleaseItemExclusive: Math.floor(requests / 2),
      releaseItemExclusive: Math.floor(requests / 2),
      removeItem: abandoned,
      resetItemTimeout: requests,
      createUninitializedItem: 0,
    },
    lockWaits: Math.floor(requests / 40),
    lockPolls: Math.floor(requests / 30),
    lockBreaks: 0,
    lostUpdates: 0,
    recycles: 0,
  };
}
