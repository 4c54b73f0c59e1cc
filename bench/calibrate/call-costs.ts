// From the runs to costs. A page that reads its session differs from an empty one by one call, one that locks it by two, one that
// writes it by two others; little state and much differ by what a KiB takes. The processor's part of a call is work on a web core, the
// rest is spent at the store or on the way.

import type { Law, OperationCost, StoreOperation } from "../../config/scenario.ts";
import type { MicroCall, MicroStudy } from "../../metrics/study.ts";
import type { PhaseFinds } from "./phase-finds.ts";
import { LARGE_BYTES, type PhaseKind, REQUESTS_PER_SECOND, SMALL_BYTES } from "./phases.ts";

const KIB = 1024;
const GROWTH_KIB = (LARGE_BYTES - SMALL_BYTES) / KIB;
const SMALL_KIB = SMALL_BYTES / KIB;

type CallCosts = Readonly<Record<StoreOperation, OperationCost>>;

/**
 * Of a store out of process. How calls compare is known well from the closed loop, where they take turns; how long they take in a site
 * that does other things between them, from the runs over HTTP. So all calls together are stretched to what the runs found.
 * @param phases and @param micro of one provider.
 */
export function remoteCallCosts(phases: readonly PhaseFinds[], micro: MicroStudy): CallCosts {
  const pages = sessionPages.map((page) => ({ ...difference(phases, page.kind), calls: page.calls }));
  const measured = (operation: StoreOperation) => ({
    meanMs: callAlone(micro, operation)?.meanMs.value ?? 0,
    cpuMs: callAlone(micro, operation)?.cpuMs ?? 0,
  });
  const alone = (operation: StoreOperation) => {
    const [one, other] = alike.includes(operation) ? alike.map(measured) : [measured(operation), measured(operation)];
    if (one.meanMs === 0 || other.meanMs === 0) return measured(operation);
    return { meanMs: (one.meanMs + other.meanMs) / 2, cpuMs: (one.cpuMs + other.cpuMs) / 2 };
  };
  const stretch = (of: "meanMs" | "cpuMs") =>
    throughOrigin(pages.map((page) => ({ x: sum(page.calls.map((call) => alone(call)[of])), y: page[of] })));
  const stretchMean = stretch("meanMs");
  const stretchCpu = stretch("cpuMs");
  const meanMs = (operation: StoreOperation) => stretchMean * alone(operation).meanMs;
  const squares = sum(pages.flatMap(({ calls }) => calls.map((call) => meanMs(call) ** 2)));
  const variation = squares === 0 ? 0 : Math.sqrt(sum(pages.map(({ varianceMs2 }) => varianceMs2)) / squares);
  const [read, lock, write] = pages;
  const growth = (of: "meanMsPerKiB" | "cpuMsPerKiB") => {
    const reading = (read[of] + lock[of]) / 2;
    return { reading, writing: Math.max(0, write[of] - reading) };
  };
  const [meanGrowth, cpuGrowth] = [growth("meanMsPerKiB"), growth("cpuMsPerKiB")];
  const cost = (operation: StoreOperation, moves: "reading" | "writing" | null): OperationCost => {
    const cpuMs = Math.min(stretchCpu * alone(operation).cpuMs, meanMs(operation));
    const cpuMsPerKiB = moves === null ? 0 : Math.min(cpuGrowth[moves], meanGrowth[moves]);
    return {
      webCpuMs: rounded(cpuMs),
      webCpuMsPerKiB: rounded(cpuMsPerKiB),
      storeMs: lawOf(meanMs(operation) - cpuMs, variation * meanMs(operation)),
      storeMsPerKiB: moves === null ? 0 : rounded(meanGrowth[moves] - cpuMsPerKiB),
    };
  };
  return {
    getItem: cost("getItem", "reading"),
    getItemExclusive: cost("getItemExclusive", "reading"),
    setAndReleaseItemExclusive: cost("setAndReleaseItemExclusive", "writing"),
    releaseItemExclusive: cost("releaseItemExclusive", null),
    removeItem: cost("removeItem", null),
    resetItemTimeout: cost("resetItemTimeout", null),
    createUninitializedItem: cost("createUninitializedItem", null),
  };
}

/**
 * Read the session, without its lock or with it. A store does the same for both, and what they seem to differ by decides races: a reader
 * that seemed a quarter faster than a writer made predicted lock waits at Redis 11 to 16 % too few.
 */
const alike: readonly StoreOperation[] = ["getItem", "getItemExclusive"];

/** The calls that a page of each kind makes, of a session that is there. */
export const sessionPages: readonly { readonly kind: PhaseKind; readonly calls: readonly StoreOperation[] }[] = [
  { kind: "read", calls: ["getItem"] },
  { kind: "lock", calls: ["getItemExclusive", "releaseItemExclusive"] },
  { kind: "write", calls: ["getItemExclusive", "setAndReleaseItemExclusive"] },
];

/** In process a call takes microseconds, which are lost in the difference of two runs; what a KiB takes of the page is not. */
export function inProcessCallCosts(phases: readonly PhaseFinds[], micro: MicroStudy): CallCosts {
  const lock = difference(phases, "lock");
  const growing = (operation: StoreOperation, cpuMsPerKiB: number): OperationCost => ({
    webCpuMs: rounded(callAlone(micro, operation)?.cpuMs ?? 0),
    webCpuMsPerKiB: rounded(cpuMsPerKiB),
    storeMs: { kind: "constant", value: 0 },
    storeMsPerKiB: 0,
  });
  return {
    getItem: growing("getItem", difference(phases, "read").cpuMsPerKiB),
    getItemExclusive: growing("getItemExclusive", lock.cpuMsPerKiB),
    setAndReleaseItemExclusive: growing(
      "setAndReleaseItemExclusive",
      Math.max(0, difference(phases, "write").cpuMsPerKiB - lock.cpuMsPerKiB),
    ),
    releaseItemExclusive: growing("releaseItemExclusive", 0),
    removeItem: growing("removeItem", 0),
    resetItemTimeout: growing("resetItemTimeout", 0),
    createUninitializedItem: growing("createUninitializedItem", 0),
  };
}

/** What pages of a kind take beyond empty ones: with hardly any state, and for each KiB of it. */
function difference(phases: readonly PhaseFinds[], kind: PhaseKind) {
  const empty = find(phases, "empty", SMALL_BYTES);
  const small = find(phases, kind, SMALL_BYTES);
  const large = find(phases, kind, LARGE_BYTES);
  const meanMsPerKiB = Math.max(0, large.meanMs - small.meanMs) / GROWTH_KIB;
  const cpuMsPerKiB = Math.max(0, large.cpuMsPerRequest - small.cpuMsPerRequest) / GROWTH_KIB;
  return {
    meanMs: Math.max(0, small.meanMs - empty.meanMs - meanMsPerKiB * SMALL_KIB),
    varianceMs2: Math.max(0, small.varianceMs2 - empty.varianceMs2),
    meanMsPerKiB,
    cpuMs: Math.max(0, small.cpuMsPerRequest - empty.cpuMsPerRequest - cpuMsPerKiB * SMALL_KIB),
    cpuMsPerKiB,
  };
}

/** Of the runs at the rate that all but a few have. */
export function find(phases: readonly PhaseFinds[], kind: PhaseKind, stateBytes: number): PhaseFinds {
  const found = phases.find(
    (phase) => phase.kind === kind && phase.stateBytes === stateBytes && phase.perSecond === REQUESTS_PER_SECOND,
  );
  if (found === undefined) throw new Error(`no run of ${kind} with ${stateBytes} bytes`);
  return found;
}

/** At the smallest size that was measured. */
export function callAlone({ calls }: MicroStudy, operation: StoreOperation): MicroCall | null {
  const [first = null, ...others] = calls.filter((call) => call.operation === operation);
  return others.reduce((least, call) => (least === null || call.stateBytes < least.stateBytes ? call : least), first);
}

/** Slope of the straight line through the origin, by least squares; 1 where nothing was found to stretch. */
function throughOrigin(points: readonly { readonly x: number; readonly y: number }[]): number {
  const squares = sum(points.map(({ x }) => x * x));
  const slope = squares === 0 ? 0 : sum(points.map(({ x, y }) => x * y)) / squares;
  return slope > 0 ? slope : 1;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Log-normal: what computers take is skewed, and never negative. */
function lawOf(meanMs: number, deviationMs: number): Law {
  if (meanMs < 1e-4) return { kind: "constant", value: 0 };
  const sigma = Math.sqrt(Math.log1p((deviationMs / meanMs) ** 2));
  if (sigma < 0.01) return { kind: "constant", value: rounded(meanMs) };
  return { kind: "lognormal", mean: rounded(meanMs), sigma: rounded(sigma) };
}

/** Four digits: more were not measured. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
