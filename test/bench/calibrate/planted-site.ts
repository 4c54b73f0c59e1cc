// A site whose costs are known, and what the runs of a calibration and a closed loop of single calls would tell of it: the truth that
// the calculations have to find again.

import type { PhaseFinds } from "../../../bench/calibrate/phase-finds.ts";
import {
  EMPTY_RATES_PER_SECOND,
  LARGE_BYTES,
  PAGE_CPU_MS,
  type PhaseKind,
  REQUESTS_PER_SECOND,
  SMALL_BYTES,
} from "../../../bench/calibrate/phases.ts";
import { type StoreOperation, storeOperations } from "../../../config/scenario.ts";
import type { MicroCall, MicroStudy } from "../../../metrics/study.ts";

export interface PlantedCall {
  /** Of the caller, and all of it as the caller sees it, with no state to speak of. */
  readonly cpuMs: number;
  readonly meanMs: number;
}

export interface PlantedSite {
  readonly ownMs: number;
  readonly waking: { readonly cpuMsMax: number; readonly afterMs: number };
  /** Of the processor clock. */
  readonly countedPerMs: number;
  /** What a response takes beyond the processor time, at equally spaced probabilities. */
  readonly roundTripMs: readonly number[];
  readonly calls: Readonly<Record<StoreOperation, PlantedCall>>;
  readonly growth: {
    readonly reading: { readonly cpuMsPerKiB: number; readonly meanMsPerKiB: number };
    readonly writing: { readonly cpuMsPerKiB: number; readonly meanMsPerKiB: number };
  };
  /** Standard deviation of a call's time over its mean. */
  readonly variation: number;
  readonly memory: {
    readonly fixedBytes: number;
    readonly bytesPerSession: number;
    readonly bytesPerStateByte: number;
  };
}

const KIB = 1024;
const nothing = { cpuMs: 0, meanMs: 0 };

export const quietSite: PlantedSite = {
  ownMs: 0.2,
  waking: { cpuMsMax: 0, afterMs: 1 },
  countedPerMs: 1,
  roundTripMs: Array.from({ length: 199 }, (_, i) => 0.3 + i / 1000),
  calls: Object.fromEntries(storeOperations.map((name) => [name, nothing])) as PlantedSite["calls"],
  growth: { reading: { cpuMsPerKiB: 0, meanMsPerKiB: 0 }, writing: { cpuMsPerKiB: 0, meanMsPerKiB: 0 } },
  variation: 0,
  memory: { fixedBytes: 0, bytesPerSession: 0, bytesPerStateByte: 0 },
};

/** What a request takes on average, the pauses between requests being exponential. */
export function cpuMsAt(perSecond: number, workMs: number, { cpuMsMax, afterMs }: PlantedSite["waking"]): number {
  const pauseMs = 1000 / perSecond;
  return workMs + (cpuMsMax * pauseMs) / (pauseMs + afterMs);
}

const callsOf: Readonly<Record<PhaseKind, readonly StoreOperation[]>> = {
  empty: [],
  page: [],
  read: ["getItem"],
  lock: ["getItemExclusive", "releaseItemExclusive"],
  write: ["getItemExclusive", "setAndReleaseItemExclusive"],
};

export function plantedFinds(site: PlantedSite, kind: PhaseKind, stateBytes: number, perSecond: number): PhaseFinds {
  const kib = stateBytes / KIB;
  const calls = callsOf[kind];
  const { reading, writing } = site.growth;
  const moved = [...(calls.length > 0 ? [reading] : []), ...(kind === "write" ? [writing] : [])];
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const callsCpuMs = sum([
    ...calls.map((call) => site.calls[call].cpuMs),
    ...moved.map(({ cpuMsPerKiB }) => cpuMsPerKiB * kib),
  ]);
  const callsMs = sum([
    ...calls.map((call) => site.calls[call].meanMs),
    ...moved.map(({ meanMsPerKiB }) => meanMsPerKiB * kib),
  ]);
  const workMs = site.ownMs + callsCpuMs + (kind === "page" ? PAGE_CPU_MS : 0);
  const cpuMs = cpuMsAt(perSecond, workMs, site.waking);
  const quantilesMs = site.roundTripMs.map((ms) => ms + cpuMs + callsMs - callsCpuMs);
  const meanMs = sum(quantilesMs) / quantilesMs.length;
  const wayVariance = sum(quantilesMs.map((ms) => (ms - meanMs) ** 2)) / quantilesMs.length;
  const storedSessions = calls.length > 0 ? 400 : 0;
  const { fixedBytes, bytesPerSession, bytesPerStateByte } = site.memory;
  return {
    kind,
    stateBytes,
    perSecond,
    responses: 1000,
    otherLoadShare: null,
    stealShare: null,
    siteProcessors: null,
    quantilesMs,
    meanMs,
    varianceMs2: wayVariance + sum(calls.map((call) => (site.variation * site.calls[call].meanMs) ** 2)),
    cpuMsPerRequest: site.countedPerMs * cpuMs,
    requestsPerSecond: perSecond,
    memoryBytes: fixedBytes + storedSessions * (bytesPerSession + bytesPerStateByte * stateBytes),
    storedSessions,
  };
}

/** All runs of a calibration. */
export function plantedRuns(site: PlantedSite): readonly PhaseFinds[] {
  return [
    ...EMPTY_RATES_PER_SECOND.map((rate) => plantedFinds(site, "empty", SMALL_BYTES, rate)),
    plantedFinds(site, "page", SMALL_BYTES, 150),
    ...(["read", "lock", "write"] as const).flatMap((kind) => [
      plantedFinds(site, kind, SMALL_BYTES, REQUESTS_PER_SECOND),
      plantedFinds(site, kind, LARGE_BYTES, REQUESTS_PER_SECOND),
    ]),
  ];
}

/** Alone, in a closed loop, each call takes 1 ÷ `stretch` of what it takes in a site. */
export function plantedMicro({ calls }: PlantedSite, stretch: number): MicroStudy {
  return {
    kind: "micro",
    calls: storeOperations.map((operation): MicroCall => {
      const { cpuMs, meanMs } = calls[operation];
      return {
        operation,
        stateBytes: SMALL_BYTES,
        samples: 1000,
        callsPerSample: 1,
        meanMs: { value: meanMs / stretch, interval: null },
        p50Ms: meanMs / stretch,
        p99Ms: null,
        cpuMs: cpuMs / stretch,
        allocatedBytes: null,
        externalBytes: null,
        roundsMedianMs: [],
      };
    }),
  };
}
