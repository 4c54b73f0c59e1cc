// The formulas for what requests do to a site and how long they take, beside a simulation in which they take their time. They hold in
// balance, at a steady random rate. What they leave out is told as a tolerance, or they are withheld, with the reason.

import type { Law, Scenario } from "../../config/scenario.ts";
import type { ClosedForm } from "../../metrics/run-result.ts";
import { countMean, lawCdf, lawQuantile } from "../../workload/distributions.ts";
import { demandsOf, isRemote, type RequestWork, requestWorks } from "./demands.ts";
import { say } from "./filling-forms.ts";
import { contention } from "./lock-contention.ts";
import { type Network, type NetworkRates, networkOf, responseMean, responseQuantiles } from "./response-law.ts";
import { momentsOfSum } from "./time-sum.ts";
import { type WakingLaw, wakingLaw, wokenAfterWaits } from "./waking-law.ts";

export interface Forms {
  readonly forms: Readonly<Record<string, ClosedForm>>;
  /** By figure: why it has no formula. */
  readonly withheld: Readonly<Record<string, string>>;
}

const workKeys = ["coreUtilisation", "storeUtilisation", "storeCallsPerRequest"];
const percentiles = [
  { share: 0.5, keys: ["responseP50Ms", "serviceP50Ms"] },
  { share: 0.9, keys: ["responseP90Ms"] },
  { share: 0.95, keys: ["responseP95Ms"] },
  { share: 0.99, keys: ["responseP99Ms", "serviceP99Ms"] },
  { share: 0.999, keys: ["responseP999Ms"] },
];
const percentileKeys = percentiles.flatMap(({ keys }) => keys);
const responseKeys = ["responseMeanMs", ...percentileKeys];

/** Nothing, for one reason. */
export function withhold(keys: readonly string[], why: string): Forms {
  return { forms: {}, withheld: Object.fromEntries(keys.map((key) => [key, why])) };
}

export function together(parts: readonly Forms[]): Forms {
  return {
    forms: Object.assign({}, ...parts.map(({ forms }) => forms)),
    withheld: Object.assign({}, ...parts.map(({ withheld }) => withheld)),
  };
}

/** @param rates null where nobody knows how many requests come; `why` then says so. */
export function requestForms(scenario: Scenario, rates: NetworkRates | null, why: string): Forms {
  const locks = contention(scenario);
  const lockForms: Forms =
    locks === "none"
      ? {
          forms: { lockWaitShare: { value: 0, name: "no two at once", sum: "no two requests hold one session" } },
          withheld: {},
        }
      : withhold(["lockWaitShare"], locks);
  const lockWaits = withhold(["lockWaitP99Ms"], locks === "none" ? "nobody waits for a lock" : locks);
  if (rates === null) return together([withhold([...workKeys, ...responseKeys], why), lockForms, lockWaits]);
  if (locks !== "none") {
    return together([withhold([...workKeys, ...responseKeys], locks), lockForms, lockWaits]);
  }
  const own = requestWorks(scenario);
  const waking = wakingLaw(scenario, own, rates);
  const works = wokenAfterWaits(own, waking);
  const network = networkOf(scenario, works, rates, waking);
  return together([workForms(scenario, works, rates, waking), timeForms(scenario, network), lockForms, lockWaits]);
}

/** Utilisation is rate × demand ÷ servers, whatever the order of service and the laws. */
function workForms(
  scenario: Scenario,
  works: readonly RequestWork[],
  rates: NetworkRates,
  waking: WakingLaw | null,
): Forms {
  const { perSecond, refusedPerSecond } = rates;
  const { site, run, calibration } = scenario;
  const { stations, storeCallsPerRequest } = demandsOf(scenario, works);
  const all = perSecond + refusedPerSecond;
  const scattered = isScattered(scenario);
  const wakingOff = isOneTurn(scenario, works) ? 0 : wakingOffMs(waking);
  const forms: Record<string, ClosedForm> = {};
  const withheld: Record<string, string> = {};
  for (const { station, servers, meanMs } of stations) {
    const atCores = station === "web cores";
    const turnedAwayMs = atCores
      ? refusedPerSecond * momentsOfSum([{ law: calibration.requestCpuMs, times: 1 }]).mean
      : 0;
    const wakingMs = atCores ? all * (waking?.meanMs ?? 0) : 0;
    const value = ((perSecond * meanMs + turnedAwayMs + wakingMs) * run.timeScale) / 1000 / servers;
    const key = atCores ? "coreUtilisation" : "storeUtilisation";
    if (value >= FULL) {
      withheld[key] = `the ${station} ${atCores ? "are" : "is"} asked for ${say(value * 100)} % of what they can do`;
      continue;
    }
    const compressed = run.timeScale === 1 ? "" : ` × ${run.timeScale} (time scale)`;
    const refused =
      turnedAwayMs === 0 ? "" : ` + ${say(refusedPerSecond)}/s × ${say(turnedAwayMs / refusedPerSecond)} ms`;
    const woken = wakingMs === 0 ? "" : ` + ${say(all)}/s × ${say(wakingMs / all)} ms to wake`;
    const off = wakingMs === 0 ? 0 : (all * wakingOff * run.timeScale) / 1000 / servers / value;
    const tolerance = off + (scattered ? SCATTERED : 0);
    forms[key] = {
      value,
      name: "utilisation law",
      sum: `(${say(perSecond)}/s × ${say(meanMs)} ms${refused}${woken})${compressed} ÷ ${servers}`,
      ...(tolerance > 0 ? { tolerance } : {}),
    };
  }
  if (!isRemote(site.mode)) withheld.storeUtilisation = "sessions are not kept by another process";
  if (scattered) withheld.storeCallsPerRequest = "each worker keeps sessions of its own, and any of them is asked";
  else {
    forms.storeCallsPerRequest = {
      value: all === 0 ? storeCallsPerRequest : (storeCallsPerRequest * perSecond) / all,
      name: "calls by kind of request",
      sum: `Σ share × calls${refusedPerSecond > 0 ? `, none by the ${say(refusedPerSecond)}/s refused` : ""}`,
    };
  }
  return { forms, withheld };
}

/** Of what waking takes: where pages wait, or visitors come back soon, pauses are not quite exponential. */
const WAKING_TOLERANCE = 0.2;

function wakingOffMs(waking: WakingLaw | null): number {
  return waking === null ? 0 : WAKING_TOLERANCE * waking.meanMs;
}

/** Calls in process cost next to nothing, so that their number hardly matters. */
const SCATTERED = 0.02;

function isScattered({ site }: Scenario): boolean {
  return site.mode === "InProc" && !site.affinity && site.servers * site.workersPerServer > 1;
}

/** Beyond this the queues do not settle within a run, and figures tell of its length. */
const FULL = 0.95;
/** So many times as long as the slowest queue remembers must be measured. */
const MEMORIES_MIN = 200;
/** Up to this chance that a visitor's next request comes while the queue still remembers his last, requests come as if at random. */
const CLUMPED_MAX = 0.1;
/**
 * Of the time waited: approximations of queues were within this of simulations. Farthest off is constant work: a request that comes back to
 * write its session finds the next one at its beginning, not in its midst.
 */
const WAIT_TOLERANCE = 0.4;
/** Of what waiting makes of a percentile; in a far tail waits that lean on each other add up. */
const percentileTolerance = (share: number) => (share < 0.999 ? 0.5 : 0.6);
/** Response times are kept to three digits. */
const ROUNDING = 0.002;

function timeForms(scenario: Scenario, network: Network | null): Forms {
  if (network === null) return withhold(responseKeys, "a queue only grows, or its work has no variance");
  const why = unsettled(scenario, network);
  if (why !== null) return withhold(responseKeys, why);
  const { meanMs, waitedMs } = responseMean(network);
  const exact = isExact(scenario, network);
  const name = nameOf(network, exact);
  const { waking } = network;
  const off = exact ? 0 : WAIT_TOLERANCE * waitedMs + wakingOffMs(waking);
  const extra = ROUNDING + (isScattered(scenario) ? SCATTERED : 0);
  const forms: Record<string, ClosedForm> = {
    responseMeanMs: {
      value: meanMs,
      name,
      sum: `${say(meanMs - waitedMs)} ms of work and way + ${say(waitedMs)} ms of waiting${queuesOf(network)}`,
      tolerance: extra + (meanMs > 0 ? off / meanMs : 0),
    },
  };
  const withheld: Record<string, string> = {};
  const quantiles = responseQuantiles(
    network,
    percentiles.map(({ share }) => share),
  );
  for (const [i, { share, keys }] of percentiles.entries()) {
    const found = quantiles[i];
    for (const key of keys) {
      if (found === null || found.valueMs === 0) withheld[key] = "the tail is too long for a lattice";
      else {
        const { valueMs, withoutWaitsMs, offMs } = found;
        const waitOffMs = exact ? 0 : percentileTolerance(share) * Math.abs(valueMs - withoutWaitsMs);
        // Who comes after a pause waits for nobody, which a sum of independent times does not know.
        const wakeOffMs = waking?.meanMs ?? 0;
        forms[key] = {
          value: valueMs,
          name,
          sum: `P(T ≤ t) = ${share}; ${say(withoutWaitsMs)} ms were nobody to wait`,
          tolerance: extra + (offMs + wakeOffMs + waitOffMs) / valueMs,
        };
      }
    }
  }
  return { forms, withheld };
}

function queuesOf({ cores, store }: Network): string {
  const one = (name: string, { apart }: Network["cores"]) =>
    `${name} ${say(apart.waitMeanMs)} ms a turn at ${say(100 * apart.utilisation)} % of ${apart.servers}`;
  return `: ${one("cores", cores)}${store === null ? "" : `, ${one("store", store)}`}`;
}

function nameOf({ cores, store }: Network, exact: boolean): string {
  const queue = ({ apart }: Network["cores"]) => (apart.servers === 1 ? "M/G/1" : "M/G/c");
  if (exact) return "M/G/1 (Pollaczek-Khinchine)";
  return `${queue(cores)}${store === null ? "" : ` and ${queue(store)}`}, approximation`;
}

/** Why the queues of a run are not those of the formulas; null where they are. */
function unsettled({ workload, run }: Scenario, { cores, store }: Network): string | null {
  const queues = store === null ? [cores.apart] : [cores.apart, store.apart];
  const load = Math.max(...queues.map(({ utilisation }) => utilisation));
  if (load >= FULL) return `a queue at ${say(100 * load)} % of what it can do settles too slowly`;
  const memoryMs = Math.max(...queues.map(({ relaxationMs }) => relaxationMs));
  const measuredMs = (run.durationMs - run.warmupMs) / run.timeScale;
  if (measuredMs < MEMORIES_MIN * memoryMs) return "the run is too short beside what its queues remember";
  if (workload.parallel.share > 0 && workload.parallel.requests > 0) return "requests of a page come several at once";
  const followed = 1 - 1 / countMean(workload.requestsPerVisit);
  return followed * clumpedShare(workload.thinkMs, memoryMs * run.timeScale) > CLUMPED_MAX
    ? "visitors come back while the queue still remembers them, or all after the same time: requests do not come at random"
    : null;
}

const QUANTILES = 100;

/**
 * The largest chance that a draw falls into one stretch of such a length: of a think time near 0, that the queue is still as he left it;
 * elsewhere, that two who met once meet again.
 */
function clumpedShare(law: Law, lengthMs: number): number {
  let largest = lawCdf(law, lengthMs);
  for (let i = 1; i < QUANTILES; i++) {
    const fromMs = lawQuantile(law, i / QUANTILES);
    largest = Math.max(largest, lawCdf(law, fromMs + lengthMs) - (i - 1) / QUANTILES);
  }
  return largest - 1 / QUANTILES;
}

/** Poisson arrivals of requests, each of one turn at one server: Pollaczek and Khinchine's own case. */
function isExact(scenario: Scenario, { works, waking }: Network): boolean {
  const { requestsPerVisit } = scenario.workload;
  const single = requestsPerVisit.kind === "fixed" && requestsPerVisit.value === 1;
  return single && waking === null && isOneTurn(scenario, works);
}

/** Each request is one turn at the only core of its worker. */
function isOneTurn({ site }: Scenario, works: readonly RequestWork[]): boolean {
  return !isRemote(site.mode) && site.coresPerWorker === 1 && works.every(({ core }) => core.length === 1);
}
