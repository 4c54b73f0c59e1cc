// Whether a measured run may be believed: did the generator keep its moments, had it processor to spare, did the host live. What
// the host could not do is a result; what the generator could not do makes the run invalid.

import type { Audit } from "../../metrics/run-result.ts";
import { LATE_START_MS, UNANSWERED, UNANSWERED_AFTER_MS } from "../drivers/journeys/journey-record.ts";
import { DROPPED } from "../drivers/journeys/journeys.ts";
import type { GeneratorHealth } from "../generators/generator.ts";
import type { StoreState } from "../store-watch.ts";
import { type Finding, judgeFindings, percent } from "./audit-finding.ts";
import { machineFindings } from "./audit-machine.ts";
import type { MachineEvidence } from "./machine-watch.ts";

export interface Evidence {
  /** Sent in the measured part. */
  readonly requests: number;
  /** Of those, the ones with a response time. */
  readonly answered: number;
  /** Of several generators, each figure of the one where it is worst. */
  readonly health: GeneratorHealth;
  /** How a generator process ended, if nobody asked it to. */
  readonly generatorDeath: string | null;
  readonly failures: Readonly<Record<string, number>>;
  /** Processor share of the host's process, of one core. */
  readonly hostBusyShare: number;
  /** No HTTP: generator and session module share a process. */
  readonly straight: boolean;
  /** How the host ended, if nobody asked it to. */
  readonly hostDeath: string | null;
  /** What else went wrong with it, one sentence each. */
  readonly hostTroubles: readonly string[];
  readonly refusedByHost: number;
  readonly refusedSeen: number;
  readonly complete: boolean;
  readonly coresPerWorker: number;
  /** null where the worker keeps the sessions itself. */
  readonly store: StoreState | null;
  /** By the sums: started − stored − abandoned − lost. */
  readonly expired: number;
  /** Faults of the scenario whose moment came and that did not strike, because one before was not over. */
  readonly missedFaults: number;
  /** Times a worker was killed because the scenario said so. */
  readonly workerCrashes: number;
  readonly machine: MachineEvidence;
  /** What only this kind of run can find. */
  readonly own?: readonly Finding[];
}

/** Late starts up to this share are the machine's hiccups. */
const LATE_SHARE_DOUBTFUL = 0.01;
const LATE_SHARE_INVALID = 0.1;
const LAG_P99_INVALID_MS = 50;
const GENERATOR_BUSY_DOUBTFUL = 0.75;
const GENERATOR_BUSY_INVALID = 0.95;
const HOST_BUSY_SATURATED = 0.9;
/** What p99 leaves out. */
const WITHOUT_ANSWER_SHARE = 0.01;

/** Verdict and findings, worst first, and the numbers of the generator's side. */
export function auditRun(evidence: Evidence): Pick<Audit, "verdict" | "findings" | "generator"> {
  const judged = judgeFindings([
    ...hostFindings(evidence),
    ...generatorFindings(evidence),
    ...storeFindings(evidence),
    ...runFindings(evidence),
    ...machineFindings(evidence.machine),
    ...(evidence.own ?? []),
  ]);
  return {
    ...judged,
    generator: {
      busyShare: evidence.health.busyShare,
      startLagP50Ms: evidence.health.startLagP50Ms,
      startLagP99Ms: evidence.health.startLagP99Ms,
      startLagMaxMs: evidence.health.startLagMaxMs,
      droppedStarts: evidence.failures[DROPPED] ?? 0,
      ...evidence.machine,
    },
  };
}

function* generatorFindings(evidence: Evidence): Generator<Finding> {
  const { health, generatorDeath } = evidence;
  const { lateShare } = health;
  const lagP99Ms = health.startLagP99Ms ?? 0;
  if (generatorDeath !== null) {
    yield {
      verdict: "invalid",
      text: `A generator process died during the run (${generatorDeath}); what it had measured is lost.`,
    };
  }
  if (lateShare > LATE_SHARE_DOUBTFUL || lagP99Ms > LAG_P99_INVALID_MS) {
    yield {
      verdict: lateShare > LATE_SHARE_INVALID || lagP99Ms > LAG_P99_INVALID_MS ? "invalid" : "doubtful",
      text:
        `The generator was late: ${percent(lateShare)} of requests started more than ${LATE_START_MS} ms after they were due ` +
        `(p99 ${lagP99Ms.toFixed(1)} ms, worst ${(health.startLagMaxMs ?? 0).toFixed(1)} ms); lower the load or free a core.`,
    };
  }
  yield* generatorBusyFindings(health.busyShare);
  const dropped = evidence.failures[DROPPED] ?? 0;
  if (dropped > 0) {
    yield {
      verdict: "invalid",
      text: `${dropped} requests were due and not sent: too many waited for answers already.`,
    };
  }
  const local = ["no local port left", "no file handle left"].filter((kind) => kind in evidence.failures);
  if (local.length > 0) yield { verdict: "invalid", text: `The generator ran out: ${local.join(", ")}.` };
}

/** @param busyShare of the generator's thread that has the least time to spare. */
export function* generatorBusyFindings(busyShare: number): Generator<Finding> {
  if (busyShare <= GENERATOR_BUSY_DOUBTFUL) return;
  yield {
    verdict: busyShare > GENERATOR_BUSY_INVALID ? "invalid" : "doubtful",
    text: `The generator was busy ${percent(busyShare)} of the time; lower the load or the time scale.`,
  };
}

function* hostFindings(evidence: Evidence): Generator<Finding> {
  if (evidence.hostDeath !== null) {
    yield { verdict: "invalid", text: `The host process died during the run: ${evidence.hostDeath}.` };
  }
  for (const text of evidence.hostTroubles) yield { verdict: "doubtful", text };
  if (evidence.hostBusyShare > HOST_BUSY_SATURATED) {
    yield {
      verdict: "valid",
      text: `The host was saturated: its process used ${percent(evidence.hostBusyShare)} of a core. That is a result, not a fault.`,
    };
  }
  if (evidence.complete && evidence.refusedSeen !== evidence.refusedByHost && evidence.hostDeath === null) {
    yield {
      verdict: "doubtful",
      text: `The host refused ${evidence.refusedByHost} sessions and visitors were told ${evidence.refusedSeen} times.`,
    };
  }
  if (evidence.coresPerWorker > 1) {
    yield {
      verdict: "doubtful",
      text: `The scenario gives a worker ${evidence.coresPerWorker} cores; the host runs pages on one thread, so on one core.`,
    };
  }
}

function* storeFindings({ store, expired, workerCrashes }: Evidence): Generator<Finding> {
  if (workerCrashes > 0) {
    yield {
      verdict: "valid",
      text: `The worker was killed ${times(workerCrashes)}; what it did in its last milliseconds is not in its counts.`,
    };
  }
  if (store === null) return;
  if (store.stored === null && !store.ofEachWorker) {
    yield {
      verdict: "valid",
      text: "The store cannot count its sessions: those that expired count as stored, and figures of stored sessions are left out.",
    };
  }
  if (store.minuteMsAsked !== null) {
    yield {
      verdict: "doubtful",
      text:
        `The state service counts its own minutes, and a minute of this run lasts ${store.minuteMsAsked} ms: sessions expire on time ` +
        `only if it was started with --minute-ms ${store.minuteMsAsked}, or with run.timeScale 1.`,
    };
  }
  if (store.before > 0) {
    yield {
      verdict: "doubtful",
      text:
        `The store held ${store.before} sessions already when the run began; as many fewer of the run's own are counted once those ` +
        "have expired. Empty the store, or wait until it is.",
    };
  }
  if (store.silent) {
    yield {
      verdict: "doubtful",
      text: "The store did not answer at the end: what it stored is as it was counted before.",
    };
  }
  if (store.kills > 0) {
    yield {
      verdict: "valid",
      text: `The store was killed ${times(store.kills)}; ${store.lost} sessions were lost with it.`,
    };
  }
  if (store.proxyAddedMs !== null) {
    yield {
      verdict: "valid",
      text:
        "A proxy stood between site and store all the time, to slow or cut the way: by itself it added " +
        `${store.proxyAddedMs.toFixed(2)} ms to a round trip (median, measured before the load).`,
    };
  }
  if (store.deleted !== null && store.deleted !== expired && store.kills + workerCrashes === 0) {
    yield {
      verdict: "doubtful",
      text: `The job deleted ${store.deleted} expired sessions, and by what started and is still stored it should have been ${expired}.`,
    };
  }
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

function* runFindings(evidence: Evidence): Generator<Finding> {
  if (evidence.straight) {
    yield {
      verdict: "valid",
      text:
        "Straight at the store: the generator and the session module share one process and one thread, without HTTP between them. " +
        "What the module and the pages compute delays the starts of others, and their processor time and memory are not known apart.",
    };
  }
  if (!evidence.complete) {
    yield { verdict: "doubtful", text: "The run was cut short; the figures cover what was seen until then." };
  }
  if (evidence.complete && evidence.missedFaults > 0) {
    yield {
      verdict: "doubtful",
      text: `${evidence.missedFaults} faults never struck: the run was over before the one ahead of them was.`,
    };
  }
  yield* answerFindings(evidence);
  if (evidence.requests === 0) yield { verdict: "doubtful", text: "No request was sent in the measured part." };
}

/** Response times are of requests that were answered as they should: a site that fails quickly, or never answers, shows none. */
function* answerFindings({ requests, answered, failures }: Evidence): Generator<Finding> {
  const unanswered = failures[UNANSWERED] ?? 0;
  if (unanswered > 0) {
    yield {
      verdict: "doubtful",
      text:
        `${unanswered} requests had no answer when the run ended, after ${UNANSWERED_AFTER_MS / 1000} s and more. They count as failed; a ` +
        "longer run would tell what becomes of them.",
    };
  }
  const without = Math.max(0, requests - answered);
  if (without <= WITHOUT_ANSWER_SHARE * requests) return;
  yield {
    verdict: "valid",
    text:
      `${percent(without / requests)} of the requests failed, were refused or had no answer, and so have no response time: percentiles are ` +
      "of the others, and would be higher if these counted as the slowest.",
  };
}
