// From the runs to costs. A page that reads its session differs from an empty one by one call, one that locks it by two, one that
// writes it by two others; little state and much differ by what a KiB takes. The processor's part of a call is work on a web core, the
// rest is spent at the store or on the way. Calls that no page makes alone are taken by what they cost beside getItem in a closed loop.

import type { Law, OperationCost, StoreOperation } from "../../config/scenario.ts";
import type { MicroCall, MicroStudy } from "../../metrics/study.ts";
import type { PhaseFinds } from "./phase-finds.ts";
import { LARGE_BYTES, type PhaseKind, REQUESTS_PER_SECOND, SMALL_BYTES } from "./phases.ts";

const KIB = 1024;
const GROWTH_KIB = (LARGE_BYTES - SMALL_BYTES) / KIB;
const SMALL_KIB = SMALL_BYTES / KIB;

/** What a call takes: all of it, and the part of it on a processor of the site. */
interface CallTime {
  readonly meanMs: number;
  readonly varianceMs2: number;
  readonly meanMsPerKiB: number;
  readonly cpuMs: number;
  readonly cpuMsPerKiB: number;
}

type CallCosts = Readonly<Record<StoreOperation, OperationCost>>;

/** Of a store out of process. @param phases and @param micro of one provider; the second says how its calls compare. */
export function remoteCallCosts(phases: readonly PhaseFinds[], micro: MicroStudy): CallCosts {
  const read = difference(phases, "read");
  const lock = difference(phases, "lock");
  const write = difference(phases, "write");
  const ratio = (operation: StoreOperation) =>
    meanAlone(micro, operation) / Math.max(1e-9, meanAlone(micro, "getItem"));
  // A lock is taken and given up: the two calls share what the run found as they do in the closed loop.
  const [exclusive, release] = split(lock, ratio("getItemExclusive"), ratio("releaseItemExclusive"));
  const written = subtract(write, exclusive, scaled(read, ratio("setAndReleaseItemExclusive")));
  const bareCost = (operation: StoreOperation) => remoteCost(bare(read, ratio(operation)));
  return {
    getItem: remoteCost(read),
    getItemExclusive: remoteCost(exclusive),
    setAndReleaseItemExclusive: remoteCost(written),
    releaseItemExclusive: remoteCost(release),
    removeItem: bareCost("removeItem"),
    resetItemTimeout: bareCost("resetItemTimeout"),
    createUninitializedItem: bareCost("createUninitializedItem"),
  };
}

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

/** What pages of a kind take beyond empty ones. */
function difference(phases: readonly PhaseFinds[], kind: PhaseKind): CallTime {
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

function meanAlone(micro: MicroStudy, operation: StoreOperation): number {
  return callAlone(micro, operation)?.meanMs.value ?? 0;
}

/** At the smallest size that was measured. */
function callAlone({ calls }: MicroStudy, operation: StoreOperation): MicroCall | null {
  const [first = null, ...others] = calls.filter((call) => call.operation === operation);
  return others.reduce((least, call) => (least === null || call.stateBytes < least.stateBytes ? call : least), first);
}

function scaled(time: CallTime, factor: number): CallTime {
  return {
    meanMs: time.meanMs * factor,
    varianceMs2: time.varianceMs2 * factor,
    meanMsPerKiB: time.meanMsPerKiB,
    cpuMs: time.cpuMs * factor,
    cpuMsPerKiB: time.cpuMsPerKiB,
  };
}

/** A call that moves no state. */
function bare(time: CallTime, factor: number): CallTime {
  return { ...scaled(time, factor), meanMsPerKiB: 0, cpuMsPerKiB: 0 };
}

/** Two calls that took `both` together, the first of which carries the state. */
function split(both: CallTime, first: number, second: number): readonly [CallTime, CallTime] {
  const share = first + second === 0 ? 0.5 : first / (first + second);
  return [scaled(both, share), bare(both, 1 - share)];
}

/** What is left of two calls when the first is known; at least a tenth of what the second was expected to take. */
function subtract(both: CallTime, first: CallTime, expected: CallTime): CallTime {
  const least = 0.1;
  return {
    meanMs: Math.max(least * expected.meanMs, both.meanMs - first.meanMs),
    varianceMs2: Math.max(0, both.varianceMs2 - first.varianceMs2),
    meanMsPerKiB: Math.max(0, both.meanMsPerKiB - first.meanMsPerKiB),
    cpuMs: Math.max(least * expected.cpuMs, both.cpuMs - first.cpuMs),
    cpuMsPerKiB: Math.max(0, both.cpuMsPerKiB - first.cpuMsPerKiB),
  };
}

function remoteCost({ cpuMs, cpuMsPerKiB, meanMs, meanMsPerKiB, varianceMs2 }: CallTime): OperationCost {
  return {
    webCpuMs: rounded(cpuMs),
    webCpuMsPerKiB: rounded(cpuMsPerKiB),
    storeMs: lawOf(Math.max(0, meanMs - cpuMs), varianceMs2),
    storeMsPerKiB: rounded(Math.max(0, meanMsPerKiB - cpuMsPerKiB)),
  };
}

/** Log-normal: what computers take is skewed, and never negative. */
function lawOf(meanMs: number, varianceMs2: number): Law {
  if (meanMs < 1e-4) return { kind: "constant", value: 0 };
  const sigma = Math.sqrt(Math.log1p(varianceMs2 / meanMs ** 2));
  if (sigma < 0.01) return { kind: "constant", value: rounded(meanMs) };
  return { kind: "lognormal", mean: rounded(meanMs), sigma: rounded(sigma) };
}

/** Four digits: more were not measured. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
