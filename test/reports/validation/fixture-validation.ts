// A plausible Validation without a measurement: four stores at four loads, some figures right, some wrong, some untold. Made by
// arithmetic alone, so that reports of it are the same everywhere.

import type { StoreProvider } from "../../../config/scenario.ts";
import { verdictOf } from "../../../metrics/validation/judge-load.ts";
import { validatedFigures } from "../../../metrics/validation/validated-figures.ts";
import {
  type LoadValidation,
  type ProviderValidation,
  VALIDATION_SCHEMA,
  type Validation,
  type ValidationRow,
} from "../../../metrics/validation/validation.ts";
import { makeResult } from "../fixture-result.ts";
import { HOSTILE } from "../hostile.ts";

const stores: readonly (readonly [StoreProvider, string])[] = [
  ["in-proc", "InProc"],
  ["state-server", "StateServer on sessionlab (Node 24.21.0)"],
  ["postgresql", "SQLServer on PostgreSQL 18.4"],
  ["redis", "Custom on Redis 7.0.15"],
];
const SHARES = [0.2, 0.4, 0.6, 0.8] as const;
const units: Readonly<Record<string, string>> = {
  requestsPerSecond: "/s",
  memoryMeanBytes: "bytes",
  refusedShare: "share",
  lockWaitShare: "share",
  responseP50Ms: "ms",
  responseP90Ms: "ms",
  responseP99Ms: "ms",
  failedShare: "share",
  coreUtilisation: "share",
};
const atFullLoad: Readonly<Record<string, number>> = {
  requestsPerSecond: 240,
  storedSessionsMean: 320,
  memoryMeanBytes: 24e6,
  refusedShare: 0,
  lockWaitShare: 0.06,
  responseP50Ms: 12,
  responseP90Ms: 40,
  responseP99Ms: 620,
  failedShare: 0,
  coreUtilisation: 1,
  storeCallsPerRequest: 1.4,
};
const PERCENTILES = [5, 25, 50, 75, 90, 95, 99, 99.9];

function rowsOf(store: number, share: number, label: (key: string) => string): readonly ValidationRow[] {
  return validatedFigures.map(({ key, bound }, place): ValidationRow => {
    const scarce = key === "responseP99Ms" && share === 0.2;
    const measured = scarce ? null : atFullLoad[key]! * share;
    const off = ((store * 7 + place * 3 + share * 10) % 5) / 4 - 0.4;
    const predicted =
      measured === null ? null : measured * (1 + (bound?.relative ?? 0.1) * off * (store === 2 ? 2.4 : 1));
    const noise = key === "lockWaitShare" && share === 0.2 && measured !== null ? measured * 0.3 : null;
    return {
      key,
      label: label(key),
      unit: units[key] ?? "",
      predicted,
      predictedInterval: predicted === null ? null : { low: predicted * 0.8, high: predicted * 1.2, method: "made up" },
      measured,
      measuredRange: store === 3 && measured !== null ? { low: measured * 0.97, high: measured * 1.04 } : null,
      error: measured === null || predicted === null ? null : measured === 0 ? 0 : predicted / measured - 1,
      difference: measured === null || predicted === null ? null : predicted - measured,
      bound,
      noise,
      verdict: scarce ? "too few to tell" : verdictOf(predicted, measured, bound, noise),
    };
  });
}

function loadOf(store: number, share: number, label: (key: string) => string): LoadValidation {
  const doubtful = store === 1 && share === 0.8;
  return {
    share,
    requestsPerSecond: 240 * share,
    arrivalsFactor: share * 2,
    sessionsMax: store === 0 ? Math.round(500 * share) : null,
    runs: store === 3 ? 3 : 1,
    runsCounted: store === 3 ? 3 : 1,
    replications: 8,
    audit: doubtful ? "doubtful" : "valid",
    findings: doubtful ? ["The generator was late: 1.6 % of requests started more than 5 ms after they were due."] : [],
    rows: rowsOf(store, share, label),
    distribution: {
      percentiles: PERCENTILES,
      predictedMs: PERCENTILES.map((percentile) =>
        percentile > 99 ? null : 2 + 0.1 * percentile + 50 / (100.5 - percentile),
      ),
      measuredMs: PERCENTILES.map((percentile) =>
        percentile > 99 ? null : 2.4 + 0.11 * percentile + 60 / (101 - percentile),
      ),
    },
  };
}

const plainLabel = (key: string) =>
  `${key[0]!.toUpperCase()}${key
    .slice(1)
    .replace(/([A-Z])/g, " $1")
    .toLowerCase()}`;

function providerOf(store: number, label: (key: string) => string): ProviderValidation {
  const [provider, name] = stores[store]!;
  return {
    provider,
    label: name,
    calibration: {
      name: `${provider} here`,
      from: `--calibration ${provider}.json`,
      evidence: "Measured by sessionlab calibrate.",
      measured: store !== 3,
      machine: {
        cpu: "AMD EPYC",
        cores: 2,
        platform: "linux 6.1 x64",
        node: "v24.21.0",
        store: null,
        sessionlab: "0.1.0",
        measuredOn: "2026-11-20",
      },
      warnings: store === 3 ? ["The predictions rest on costs that nobody measured."] : [],
    },
    saturation: {
      requestsPerSecond: 240,
      interval: { low: 236, high: 244, method: "95 %, Student's t over 10 rounds" },
      how: "measured",
      predictedPerSecond: 250.3,
      bottleneck: "web cores",
      audit: "valid",
      findings: [],
    },
    loads: SHARES.map((share) => loadOf(store, share, label)),
    notes: store === 0 ? [] : ["The cap of 500 sessions is left out."],
    failure: null,
  };
}

export function makeValidation(): Validation {
  const { scenario, environment } = makeResult();
  return {
    schema: VALIDATION_SCHEMA,
    scenario,
    seed: 1,
    command: "sessionlab validate validation.yaml --out out",
    complete: true,
    providers: stores.map((_, store) => providerOf(store, plainLabel)),
    environment,
  };
}

/** Cut short: one store with two loads, another without any. */
export function cutValidation(): Validation {
  const whole = makeValidation();
  const [first, second] = whole.providers;
  return {
    ...whole,
    complete: false,
    providers: [
      { ...first!, loads: first!.loads.slice(0, 2), failure: "ended early" },
      { ...second!, saturation: null, loads: [], failure: "Cannot start a store: it is gone" },
    ],
  };
}

/** Whatever a user can name, or a server can say, has such a name. */
export function hostileValidation(): Validation {
  const whole = makeValidation();
  const { scenario, environment } = whole;
  return {
    ...whole,
    scenario: { ...scenario, name: HOSTILE, description: HOSTILE },
    command: `sessionlab validate "${HOSTILE}" \`\`\`\n</details>`,
    environment: { ...environment, cpu: HOSTILE, sessionlab: HOSTILE },
    providers: whole.providers.slice(0, 2).map((provider, store) => ({
      ...providerOf(store, () => HOSTILE),
      label: HOSTILE,
      notes: [HOSTILE],
      failure: HOSTILE,
      calibration: { ...provider.calibration, name: HOSTILE, from: HOSTILE, evidence: HOSTILE, warnings: [HOSTILE] },
      loads: provider.loads.map((load) => ({ ...load, audit: "doubtful", findings: [HOSTILE] })),
    })),
  };
}
