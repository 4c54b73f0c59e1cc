// Comparisons for the tests of reports: every verdict, a waiver of every fate, sides that do not know a metric, and names that break
// formats. The numbers are made up, but agree with each other as those of a real comparison do.

import {
  COMPARISON_SCHEMA,
  type ComparedSide,
  type Comparison,
  type MetricComparison,
  type MetricRule,
  type Waiver,
} from "../../../metrics/compare/comparison.ts";
import type { Environment } from "../../../metrics/run-result.ts";
import { HOSTILE } from "../hostile.ts";

export const BASE_COMMIT = "1111111aaaaaaa1111111aaaaaaa1111111aaaaa";
export const CANDIDATE_COMMIT = "2222222bbbbbbb2222222bbbbbbb2222222bbbbb";

const BLOCKS = 14;
const METHOD = "bootstrap of blocks, 95 %";

export const environment: Environment = {
  startedAt: "2026-05-06T12:00:00.000Z",
  wallSeconds: 812,
  sessionlab: "0.1.0",
  commit: BASE_COMMIT,
  node: "v24.0.0",
  platform: "linux 6.1.0 x64",
  cpu: "Example CPU",
  cores: 2,
  memoryBytes: 8 * 1024 ** 3,
};

export function makeSide(overrides: Partial<ComparedSide> = {}): ComparedSide {
  return {
    name: "HEAD~1",
    label: "InProc, micro",
    store: null,
    commit: BASE_COMMIT,
    runs: 2 * BLOCKS,
    runsLeftOut: 0,
    environment,
    ...overrides,
  };
}

const lower: MetricRule = { better: "low", scale: "relative", minimumEffect: 0.05 };
const share: MetricRule = { better: "low", scale: "absolute", minimumEffect: 0.005 };

/** Two runs a block and side, scattered around the middle by about `spread` of it; the same numbers every time. */
export function makeRuns(middle: number, spread: number, phase = 0, count = 2 * BLOCKS): readonly number[] {
  return Array.from(
    { length: count },
    (_, run) => middle * (1 + 2 * spread * ((43_758.5453 * Math.sin(12.9898 * (run + 1) + phase)) % 0.5)),
  );
}

/** No worse, unless told otherwise. */
export function makeMetric(overrides: Partial<MetricComparison> = {}): MetricComparison {
  const { base = 4, candidate = 4.02, rule = lower } = overrides;
  const value =
    base === null || candidate === null ? null : rule.scale === "relative" ? candidate / base - 1 : candidate - base;
  const width = rule.minimumEffect * 0.6;
  return {
    key: "responseP50Ms",
    label: "Response time, p50",
    unit: "ms",
    rule,
    base,
    candidate,
    effect: value === null ? null : { value, interval: { low: value - width, high: value + width, method: METHOD } },
    verdict: "no worse",
    improved: false,
    reason: "A worsening by the minimum effect or more is ruled out.",
    evidence: value === null ? null : { worse: 0.31, noWorse: 64.2 },
    moreRuns: null,
    floor: rule.minimumEffect * 0.42,
    undecidable: false,
    waiver: null,
    runs: {
      base: base === null ? [] : makeRuns(base, 0.02),
      candidate: candidate === null ? [] : makeRuns(candidate, 0.02, 2),
    },
    ...overrides,
  };
}

export const usedWaiver: Waiver = {
  metric: "saturation*",
  commits: `${BASE_COMMIT.slice(0, 7)}..${CANDIDATE_COMMIT.slice(0, 7)}`,
  reason: "Sessions are now signed; the cost was agreed on.",
  until: "2026-12-31",
};

export const regressedMetric = makeMetric({
  key: "micro.getItem.4096.meanMs",
  label: "getItem, 4 KiB, mean",
  base: 0.0402,
  candidate: 0.0444,
  verdict: "regressed",
  reason: "It is worse in nearly all blocks, by more than the minimum effect.",
  evidence: { worse: 48_210.5, noWorse: 0.0002 },
});

export const waivedMetric = makeMetric({
  key: "saturationRequestsPerSecond",
  label: "Requests at saturation",
  unit: "/s",
  rule: { better: "high", scale: "relative", minimumEffect: 0.05 },
  base: 12_480,
  candidate: 11_357,
  verdict: "regressed",
  reason: "It is worse in nearly all blocks, by more than the minimum effect.",
  evidence: { worse: 7_310, noWorse: 0.003 },
  waiver: usedWaiver,
});

export const cannotTellMetric = makeMetric({
  key: "responseP99Ms",
  label: "Response time, p99",
  base: 18.2,
  candidate: 18.9,
  effect: { value: 0.0385, interval: { low: -0.031, high: 0.112, method: METHOD } },
  verdict: "cannot tell",
  reason: "Neither a worsening nor its absence is shown yet.",
  evidence: { worse: 3.2, noWorse: 1.4 },
  moreRuns: 36,
  runs: { base: makeRuns(18.2, 0.12), candidate: makeRuns(18.9, 0.13, 2) },
});

export const undecidableMetric = makeMetric({
  key: "responseP999Ms",
  label: "Response time, p99.9",
  base: 41.7,
  candidate: 39.9,
  effect: { value: -0.043, interval: { low: -0.24, high: 0.19, method: METHOD } },
  verdict: "cannot tell",
  reason: "The minimum effect lies under this machine's noise floor.",
  evidence: { worse: 0.8, noWorse: 1.1 },
  floor: 0.17,
  undecidable: true,
  runs: { base: makeRuns(41.7, 0.4), candidate: makeRuns(39.9, 0.4, 2) },
});

/** Its middle has not moved, and what the runs are like has. */
export const shapeMetric = makeMetric({
  key: "responseShape",
  label: "Response time, shape",
  unit: "share",
  rule: { better: "low", scale: "absolute", minimumEffect: 0.1 },
  base: null,
  candidate: null,
  effect: { value: 0.31, interval: { low: 0.24, high: 0.36, method: METHOD } },
  verdict: "regressed",
  reason: "The distribution has another shape, though its middle has not moved.",
  evidence: { worse: 2_400, noWorse: 0.01 },
  floor: null,
});

export const improvedMetric = makeMetric({
  key: "serviceP50Ms",
  label: "Service time, p50",
  base: 2.11,
  candidate: 1.72,
  improved: true,
  reason: "It is better in nearly all blocks.",
  evidence: { worse: 0.0001, noWorse: 90_400 },
});

export const shareMetrics: readonly MetricComparison[] = [
  makeMetric({
    key: "failedShare",
    label: "Requests failed",
    unit: "share",
    rule: share,
    base: 0.0012,
    candidate: 0.0041,
    effect: { value: 0.0029, interval: { low: -0.0002, high: 0.0061, method: METHOD } },
    verdict: "cannot tell",
    reason: "Neither a worsening nor its absence is shown yet.",
    evidence: { worse: 6.1, noWorse: 0.9 },
    moreRuns: 24,
    floor: null,
    runs: { base: makeRuns(0.0012, 0.9), candidate: makeRuns(0.0041, 0.8, 2) },
  }),
  makeMetric({
    key: "refusedShare",
    label: "New sessions refused",
    unit: "share",
    rule: share,
    base: 0,
    candidate: 0,
    effect: { value: 0, interval: { low: 0, high: 0, method: METHOD } },
    evidence: { worse: 1, noWorse: 210 },
  }),
];

/** Neither side knows it; then only the base does. */
export const unknownMetrics: readonly MetricComparison[] = [
  makeMetric({
    key: "lockWaitMaxMs",
    label: "Longest lock wait, most at once",
    base: null,
    candidate: null,
    verdict: "cannot tell",
    reason: "No run knows it.",
    floor: null,
  }),
  makeMetric({
    key: "memoryReclaimedShare",
    label: "Memory given back after expiry",
    unit: "share",
    rule: { better: "high", scale: "absolute", minimumEffect: 0.02 },
    base: 0.97,
    candidate: null,
    verdict: "cannot tell",
    reason: "The candidate's runs do not know it.",
    floor: null,
  }),
];

export const memoryMetric = makeMetric({
  key: "memoryBytesPerSession",
  label: "Memory of one session",
  unit: "bytes",
  rule: { better: "low", scale: "relative", minimumEffect: 0.03 },
  base: 5_214,
  candidate: 5_219,
  floor: 0.004,
});

/** Regressed, with a waiver that was used and three that were not. */
export function makeComparison(overrides: Partial<Comparison> = {}): Comparison {
  return {
    schema: COMPARISON_SCHEMA,
    design: "interleaved",
    driver: "micro",
    scenario: "ycsb-a",
    base: makeSide(),
    candidate: makeSide({
      name: "the working tree",
      commit: CANDIDATE_COMMIT,
      runsLeftOut: 1,
      environment: { ...environment, commit: CANDIDATE_COMMIT, node: "v24.1.0", startedAt: "2026-05-06T12:00:07.000Z" },
    }),
    blocks: BLOCKS,
    verdict: "regressed",
    falseDiscoveryRate: 0.01,
    metrics: [
      regressedMetric,
      shapeMetric,
      waivedMetric,
      cannotTellMetric,
      undecidableMetric,
      shareMetrics[0]!,
      ...unknownMetrics,
      makeMetric(),
      improvedMetric,
      memoryMetric,
      shareMetrics[1]!,
    ],
    waivers: [
      { waiver: usedWaiver, use: "used" },
      { waiver: { metric: "cookieBytes", commits: "*", reason: "Longer identifiers." }, use: "idle" },
      {
        waiver: { metric: "responseP99Ms", commits: "*", reason: "Until the pool is tuned.", until: "2026-01-31" },
        use: "expired",
      },
      {
        waiver: { metric: "micro.*", commits: "3333333..4444444", reason: "The old serialiser goes." },
        use: "elsewhere",
      },
    ],
    objections: [],
    findings: ["1 run of the candidate was left out, as it was invalid: something else kept the machine busy."],
    complete: true,
    seed: 7,
    command: "sessionlab bench scenarios/ycsb-a.json --driver micro --against HEAD~1",
    ...overrides,
  };
}

const settled = [makeMetric(), improvedMetric, memoryMetric, shareMetrics[1]!];

export const noWorseComparison = makeComparison({ verdict: "no worse", metrics: settled, waivers: [], findings: [] });

/** One pair of runs, cut short. */
export const cannotTellComparison = makeComparison({
  verdict: "cannot tell",
  design: "single",
  blocks: 0,
  base: makeSide({ name: "base.json", runs: 1 }),
  candidate: makeSide({ name: "candidate.json", commit: null, runs: 1 }),
  metrics: [cannotTellMetric, shareMetrics[0]!, ...unknownMetrics, ...settled].map((metric) => ({
    ...metric,
    evidence: null,
    floor: null,
    undecidable: false,
    runs: { base: metric.runs.base.slice(0, 1), candidate: metric.runs.candidate.slice(0, 1) },
  })),
  waivers: [],
  findings: ["This machine's noise was not measured: see --calibrate-noise."],
  complete: false,
  command: "sessionlab compare base.json candidate.json",
});

/** Of another machine and scenario, compared all the same. */
export const forcedComparison = makeComparison({
  design: "sets",
  blocks: 0,
  base: makeSide({ name: "old.json", runs: 5, commit: null }),
  candidate: makeSide({
    name: "new.json",
    runs: 5,
    environment: { ...environment, cpu: "Another CPU", cores: 8, platform: "darwin 24.0.0 arm64" },
  }),
  metrics: [regressedMetric, cannotTellMetric, ...settled].map((metric) => ({
    ...metric,
    runs: { base: metric.runs.base.slice(0, 5), candidate: metric.runs.candidate.slice(0, 5) },
  })),
  waivers: [],
  objections: [
    "The machines are not the same: Example CPU, 2 cores, linux x64 and Another CPU, 8 cores, darwin arm64.",
    "The scenarios are not the same: timeoutMinutes is 20 and 30.",
  ],
  findings: [],
  command: "sessionlab compare old.json new.json --force",
});

/** Whatever a user can name has a name that breaks a format. */
export const hostileComparison = makeComparison({
  scenario: HOSTILE,
  base: makeSide({ name: HOSTILE, label: HOSTILE, store: HOSTILE, commit: HOSTILE }),
  candidate: makeSide({ name: HOSTILE, label: HOSTILE, environment: { ...environment, cpu: HOSTILE } }),
  metrics: [
    { ...regressedMetric, key: HOSTILE, label: HOSTILE, unit: HOSTILE, reason: HOSTILE },
    {
      ...waivedMetric,
      key: `${HOSTILE} 2`,
      label: HOSTILE,
      waiver: { metric: HOSTILE, commits: HOSTILE, reason: HOSTILE },
    },
    { ...cannotTellMetric, key: `${HOSTILE} 3`, label: HOSTILE, unit: HOSTILE, reason: HOSTILE },
    makeMetric(),
  ],
  waivers: [{ waiver: { metric: HOSTILE, commits: HOSTILE, reason: HOSTILE, until: HOSTILE }, use: "used" }],
  objections: [HOSTILE],
  findings: [HOSTILE],
  command: `sessionlab compare "${HOSTILE}" \`\`\`\n</details>`,
});
