// What a request asks of each place that works for it, on average, and with that the rate at which the first of them is full, the
// bottleneck. Source: P. J. Denning, J. P. Buzen, The operational analysis of queueing network models, Computing Surveys 10, 1978: a
// station's utilisation is the rate × the demand, and no rate is above servers ÷ demand.

import type { Calibration, Law, Scenario } from "../../config/scenario.ts";
import { type Call, type RequestKind, requestKinds } from "./request-kinds.ts";
import { momentsOfSum, type Piece } from "./time-sum.ts";

/** Where requests queue. */
export type StationName = "web cores" | "store";

export interface Demand {
  readonly station: StationName;
  readonly servers: number;
  /** Work of one request there, waiting left out; real milliseconds. */
  readonly meanMs: number;
}

export interface Demands {
  readonly stations: readonly Demand[];
  readonly storeCallsPerRequest: number;
  /** Time of a request in which nothing is asked of a station: on the way, and while the page waits. */
  readonly delayMeanMs: number;
}

/** The work of one kind of request, turn by turn at each station. */
export interface RequestWork {
  readonly kind: RequestKind;
  /** Turns on a web core, each with a wait before it. */
  readonly core: readonly (readonly Piece[])[];
  /** The first of them, up to the one in which the page runs; calls lie between, what is left comes after the page. */
  readonly turnsToPage: number;
  readonly store: readonly (readonly Piece[])[];
  readonly delays: readonly Piece[];
}

/** What requests ask of a site, nobody refused, no wait for a lock. @param works of the scenario's requests, where they are known. */
export function demandsOf(scenario: Scenario, works: readonly RequestWork[] = requestWorks(scenario)): Demands {
  const mean = (of: (work: RequestWork) => number) => works.reduce((sum, work) => sum + work.kind.share * of(work), 0);
  const turnsMs = (turns: readonly (readonly Piece[])[]) =>
    turns.reduce((sum, turn) => sum + momentsOfSum(turn).mean, 0);
  const { site, calibration } = scenario;
  const cores = {
    station: "web cores" as const,
    servers: coresOf(scenario),
    meanMs: mean((work) => turnsMs(work.core)),
  };
  const store = {
    station: "store" as const,
    servers: scenario.store.partitions * calibration.storeConcurrency,
    meanMs: mean((work) => turnsMs(work.store)),
  };
  return {
    stations: isRemote(site.mode) ? [cores, store] : [cores],
    storeCallsPerRequest: mean(({ kind }) => kind.before.length + kind.after.length),
    delayMeanMs: mean(({ delays }) => momentsOfSum(delays).mean),
  };
}

export interface Saturation {
  /** Of real time: at this rate and above, the queue before the bottleneck grows without end. Infinity where requests are no work. */
  readonly requestsPerSecond: number;
  readonly station: StationName;
}

/** The rate that no site of this kind can go beyond, and what holds it up. @param demands of the scenario, where they are known. */
export function saturationOf(scenario: Scenario, demands: Demands = demandsOf(scenario)): Saturation {
  const rates = demands.stations.map(({ station, servers, meanMs }) => ({
    requestsPerSecond: meanMs === 0 ? Number.POSITIVE_INFINITY : (servers * 1000) / meanMs,
    station,
  }));
  return rates.reduce((least, one) => (one.requestsPerSecond < least.requestsPerSecond ? one : least));
}

export function coresOf({ site }: Scenario): number {
  return site.servers * site.workersPerServer * site.coresPerWorker;
}

/** Sessions are kept by another process, which a call has to reach. */
export function isRemote(mode: Scenario["site"]["mode"]): boolean {
  return mode !== "Off" && mode !== "InProc";
}

/** The work of each kind of request, in the order in which the site does it. */
export function requestWorks(scenario: Scenario): readonly RequestWork[] {
  return requestKinds(scenario).map((kind) =>
    isRemote(scenario.site.mode) ? remoteWork(scenario, kind) : localWork(scenario, kind),
  );
}

/** Calls in process are work on the core that the request has anyway; it gives it up only while its page waits, and then needs one again. */
function localWork(scenario: Scenario, kind: RequestKind): RequestWork {
  const { calibration } = scenario;
  const first = [{ law: calibration.requestCpuMs, times: 1 }, pageWork(scenario, kind)];
  const before = webWork(scenario, kind.before);
  const after = webWork(scenario, kind.after);
  const waits = isSome(kind.page.waitMs);
  return {
    kind,
    turnsToPage: 1,
    core: waits ? [[...first, ...before], after] : [[...first, ...before, ...after]],
    store: [],
    delays: [
      { law: calibration.clientRoundTripMs, times: 1 },
      { law: kind.page.waitMs, times: 1 },
    ],
  };
}

/** The core is given up for each call; what calls cost there is paid when the request comes back to one. So is it while the page waits. */
function remoteWork(scenario: Scenario, kind: RequestKind): RequestWork {
  const { calibration } = scenario;
  const { before, after, page } = kind;
  const request = { law: calibration.requestCpuMs, times: 1 };
  const running = [...webWork(scenario, before), pageWork(scenario, kind)];
  const calls = [...before, ...after];
  const waits = isSome(page.waitMs);
  const until = before.length === 0 ? [[request, ...running]] : [[request], running];
  const { networkRoundTripMs } = calibration;
  return {
    kind,
    turnsToPage: until.length,
    core: [...until, ...(waits ? [[]] : []), ...turnOf(webWork(scenario, after))],
    store: calls.map((call) => storeWork(scenario, call)),
    delays: [
      { law: calibration.clientRoundTripMs, times: 1 },
      ...(waits ? [{ law: page.waitMs, times: 1 }] : []),
      ...calls.map(() => ({ law: networkRoundTripMs, times: 1 })),
    ],
  };
}

/** A machine takes longer over a page than another does. */
function pageWork({ calibration }: Scenario, { page }: RequestKind): Piece {
  return { law: page.cpuMs, times: calibration.pageCpuFactor ?? 1 };
}

/** A turn on a core in which nothing is to be done is none. */
function turnOf(pieces: readonly Piece[]): readonly (readonly Piece[])[] {
  return pieces.length === 0 ? [] : [pieces];
}

function webWork({ calibration, workload }: Scenario, calls: readonly Call[]): readonly Piece[] {
  return piecesOf(calls, workload.stateBytes, ({ operation }) => {
    const { webCpuMs, webCpuMsPerKiB } = costOf(calibration, operation);
    return [{ kind: "constant", value: webCpuMs }, webCpuMsPerKiB];
  });
}

function storeWork({ calibration, workload }: Scenario, call: Call): readonly Piece[] {
  return piecesOf([call], workload.stateBytes, ({ operation }) => {
    const { storeMs, storeMsPerKiB } = costOf(calibration, operation);
    return [storeMs, storeMsPerKiB];
  });
}

function costOf({ operations }: Calibration, operation: Call["operation"]) {
  return operations[operation];
}

/** The bytes of one request are the same in all its calls, so they are one piece. */
function piecesOf(
  calls: readonly Call[],
  stateBytes: Law,
  costOfCall: (call: Call) => readonly [law: Law, perKiB: number],
): readonly Piece[] {
  const costs = calls.map((call) => ({ call, cost: costOfCall(call) }));
  const perByte = costs.reduce((sum, { call, cost }) => sum + (call.carriesState ? cost[1] / 1024 : 0), 0);
  const own = costs.map(({ cost }) => ({ law: cost[0], times: 1 })).filter(({ law }) => isSome(law));
  return perByte > 0 ? [...own, { law: stateBytes, times: perByte }] : own;
}

/** A law of times that are not all 0. */
function isSome(law: Law): boolean {
  return law.kind !== "constant" || law.value > 0;
}
