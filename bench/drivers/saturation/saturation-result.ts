// What a saturation run found, as a RunResult: the mean over its rounds, what it cost the site, and whether it was the site that set
// the pace.

import { isRecycled } from "../../../config/recycling.ts";
import type { Scenario } from "../../../config/scenario.ts";
import { meanInterval, meanOf } from "../../../metrics/confidence.ts";
import type { Figure, RunResult } from "../../../metrics/run-result.ts";
import type { SaturationStudy } from "../../../metrics/study.ts";
import { studyFigure } from "../../../metrics/study-figures.ts";
import { summariseStudy } from "../../../metrics/summarise-study.ts";
import { type Finding, percent } from "../../audit/audit-finding.ts";
import { auditStudy } from "../../audit/audit-study.ts";
import type { MachineEvidence } from "../../audit/machine-watch.ts";
import type { BenchOptions } from "../../bench-options.ts";
import type { WorkerRecord } from "../../host/process/site.ts";
import { tally } from "../../ledger.ts";
import type { StoreState } from "../../store-watch.ts";
import type { ThreadCounts } from "./saturation-threads.ts";

export interface SaturationMeasurement {
  readonly complete: boolean;
  /** Requests completed a second, of each round. */
  readonly rounds: readonly number[];
  readonly counts: ThreadCounts;
  /** Processor time of the host between the first round and the last, of one core; null when it died before. */
  readonly hostBusyShare: number | null;
  readonly hostCpuMsPerRequest: number | null;
  readonly hostDeath: string | null;
  readonly machine: MachineEvidence;
}

export interface SaturationFinds extends SaturationMeasurement {
  readonly connections: number;
  readonly workers: readonly WorkerRecord[];
  /** null where the workers keep the sessions themselves. */
  readonly store: StoreState | null;
  readonly engine: string | null;
  readonly hostTroubles: readonly string[];
  readonly startedAt: Date;
  readonly tookMs: number;
}

/** A thread that has so little time left may itself have been what set the pace. */
const GENERATOR_BUSY_LIMIT = 0.95;
const HOST_BUSY_LIMIT = 0.9;
/** Failures cost a site less than pages do, or more: with so many of them it is not pages whose throughput is told. */
const FAILED_SHARE_DOUBTFUL = 0.01;
/** One in ten rounds may fall into a hiccup of the machine; a spread beyond this is no steady state. */
const SPREAD_DOUBTFUL = 0.1;

/** The figures of the rounds, and whether it was the site that set the pace. */
export function saturationResult(scenario: Scenario, options: BenchOptions, finds: SaturationFinds): RunResult {
  const { counts, connections, rounds, startedAt } = finds;
  const failed = Object.values(counts.failures).reduce((sum, count) => sum + count, 0);
  const { counters } = tally(
    { ...counts, visits: connections, failed, cut: 0, lateStarts: 0 },
    finds.workers,
    finds.store,
  );
  const study: SaturationStudy = {
    kind: "saturation",
    connections,
    roundsRequestsPerSecond: rounds,
    requestsPerSecond: {
      value: rounds.length === 0 ? 0 : meanOf(rounds),
      interval: meanInterval(rounds, 0.95, `95 %, Student's t over ${rounds.length} rounds`),
    },
    hostBusyShare: finds.hostBusyShare,
    generatorBusyShare: counts.busyShare,
  };
  return summariseStudy({
    scenario,
    store: finds.engine,
    settings: options.settings,
    command: options.command,
    study,
    figures: figuresOf(study, finds, counts.requests === 0 ? null : failed / counts.requests),
    counters,
    complete: finds.complete,
    tookMs: finds.tookMs,
    ...auditStudy({
      complete: finds.complete,
      machine: finds.machine,
      closedLoop: true,
      // The event loop that was watched is the runner's, and the runner only waits.
      generator: { busyShare: counts.busyShare, loopDelayP99Ms: null },
      hostDeath: finds.hostDeath,
      hostTroubles: finds.hostTroubles,
      own: [...findingsOf(study, finds, failed), ...leftOut(scenario)],
    }),
    environment: options.environment(startedAt, (Date.now() - startedAt.getTime()) / 1_000),
  });
}

function figuresOf(study: SaturationStudy, finds: SaturationFinds, failedShare: number | null): readonly Figure[] {
  return [
    studyFigure("saturationRequestsPerSecond", finds.rounds.length === 0 ? null : study.requestsPerSecond),
    studyFigure("saturationCpuMsPerRequest", finds.hostCpuMsPerRequest),
    { key: "failedShare", label: "Requests failed", unit: "share", value: failedShare },
    { key: "coreUtilisation", label: "Web cores busy", unit: "share", value: finds.hostBusyShare },
  ];
}

function* leftOut({ faults, site }: Scenario): Generator<Finding> {
  if (faults.length === 0 && !isRecycled(site)) return;
  yield {
    verdict: "valid",
    text: "Faults and recycles of the scenario did not strike: they have no moment in a closed loop.",
  };
}

function* findingsOf(study: SaturationStudy, { counts }: SaturationFinds, failed: number): Generator<Finding> {
  const { hostBusyShare, generatorBusyShare, requestsPerSecond, roundsRequestsPerSecond } = study;
  // Sign-ins are among what was completed, and no load.
  if (
    counts.completed === 0 ||
    (roundsRequestsPerSecond.length > 0 && roundsRequestsPerSecond.every((rate) => rate === 0))
  ) {
    yield { verdict: "invalid", text: "Not one request was completed under load." };
  }
  if ((generatorBusyShare ?? 0) > GENERATOR_BUSY_LIMIT && (hostBusyShare ?? 0) < HOST_BUSY_LIMIT) {
    yield {
      verdict: "doubtful",
      text:
        `The generator set the pace, not the site: a thread of it was busy ${percent(generatorBusyShare ?? 0)} of the time, the site's ` +
        `process used ${percent(hostBusyShare ?? 0)} of a core. The figure is a lower bound; --generators 2 shares the load out.`,
    };
  }
  if (failed > FAILED_SHARE_DOUBTFUL * counts.requests) {
    const kinds = Object.entries(counts.failures).map(([kind, count]) => `${kind} ${count}`);
    yield {
      verdict: "doubtful",
      text: `${percent(failed / counts.requests)} of the requests failed (${kinds.join(", ")}); the figure counts only those that were served.`,
    };
  }
  if (counts.refusedSeen > 0) {
    yield {
      verdict: "doubtful",
      text: `The cap refused a session to ${counts.refusedSeen} requests; they are not among those served. Ask with fewer connections.`,
    };
  }
  const { value, interval } = requestsPerSecond;
  if (interval !== null && interval.high - value > SPREAD_DOUBTFUL * value) {
    const [low, high] = [Math.min(...roundsRequestsPerSecond), Math.max(...roundsRequestsPerSecond)];
    yield {
      verdict: "doubtful",
      text: `The rounds differ much: from ${low.toFixed(0)} to ${high.toFixed(0)} requests/s.`,
    };
  }
}
