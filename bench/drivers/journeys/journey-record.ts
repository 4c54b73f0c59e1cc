// What the requests of the visitors came to: counted, and timed from the moment they were due. Counts are of the whole run, latencies
// of requests that were due in its measured part.

import type { Scenario } from "../../../config/scenario.ts";
import { createIntervalHistograms, type ResponseInterval } from "../../../metrics/interval-histograms.ts";
import { createHistogram, type Histogram, recordMs } from "../../../metrics/latency-histogram.ts";
import { createOutcomeLog, type OutcomeSlots } from "../../../metrics/outcome-slots.ts";
import type { Answered } from "../http/http-client.ts";

export interface VisitCounts {
  visits: number;
  requests: number;
  /** Answered as a site should; requests = completed + failed + refusedSeen once all are answered. */
  completed: number;
  failed: number;
  failures: Record<string, number>;
  /** Told that the cap is reached. */
  refusedSeen: number;
  /** Answers that sent a visitor elsewhere; each belongs to the request that got it and is no request of its own. */
  redirects: number;
  /** Visits cut off by the end of the run. */
  cut: number;
  /** Starts later than LATE_START_MS, in the measured part. */
  lateStarts: number;
}

/** A request that starts this much later than it was due was not sent by an open loop any more. */
export const LATE_START_MS = 5;

/**
 * Who has waited so long for an answer when the run ends is a failure of the site. Left out, a site that hangs until the end would
 * look like one that answers all it is asked. Who has waited less may have been about to be answered, and counts as never sent.
 */
export const UNANSWERED_AFTER_MS = 5_000;
export const UNANSWERED = "no answer by the end of the run";

export const journeyHistograms = ["response", "service", "lockWait", "startLag"] as const;

export type JourneyHistograms = Readonly<Record<(typeof journeyHistograms)[number], Histogram>>;

/** All moments are by the clock. */
export interface JourneyRecord {
  readonly counts: VisitCounts;
  readonly histograms: JourneyHistograms;
  readonly outcomes: OutcomeSlots;
  responseIntervals(): readonly ResponseInterval[];
  started(dueAtMs: number, lagMs: number): void;
  completed(dueAtMs: number, startedAtMs: number, endedAtMs: number, reply: Answered): void;
  /** @param failure its kind, the key of `counts.failures`. */
  failed(failure: string, dueAtMs: number): void;
}

/** @param startsAtMs where scenario time 0 is, by the clock. */
export function createJourneyRecord(run: Scenario["run"], startsAtMs: number, clock: () => number): JourneyRecord {
  const measuredFromMs = startsAtMs + run.warmupMs / run.timeScale;
  const measuredToMs = startsAtMs + run.durationMs / run.timeScale;
  const histograms = {
    response: createHistogram(),
    service: createHistogram(),
    lockWait: createHistogram(),
    startLag: createHistogram(),
  };
  const responses = createIntervalHistograms(run.warmupMs, run.durationMs);
  const outcomes = createOutcomeLog();
  const counts: VisitCounts = {
    visits: 0,
    requests: 0,
    completed: 0,
    failed: 0,
    failures: {},
    refusedSeen: 0,
    redirects: 0,
    cut: 0,
    lateStarts: 0,
  };
  const isMeasured = (dueAtMs: number) => dueAtMs >= measuredFromMs && dueAtMs <= measuredToMs;

  return {
    counts,
    histograms,
    outcomes: outcomes.slots,
    responseIntervals: responses.intervals,
    started(dueAtMs, lagMs) {
      counts.requests++;
      if (!isMeasured(dueAtMs)) return;
      recordMs(histograms.startLag, lagMs);
      if (lagMs > LATE_START_MS) counts.lateStarts++;
    },
    completed(dueAtMs, startedAtMs, endedAtMs, { queuedMs = 0, lockWaitMs }) {
      counts.completed++;
      outcomes.completed(dueAtMs - startsAtMs, endedAtMs - dueAtMs);
      if (!isMeasured(dueAtMs)) return;
      recordMs(histograms.response, endedAtMs - dueAtMs);
      responses.record((dueAtMs - startsAtMs) * run.timeScale, endedAtMs - dueAtMs);
      recordMs(histograms.service, endedAtMs - startedAtMs - queuedMs);
      if (lockWaitMs > 0) recordMs(histograms.lockWait, lockWaitMs);
    },
    failed(failure, dueAtMs) {
      outcomes.failed(dueAtMs - startsAtMs, clock() - startsAtMs, failure);
      counts.failed++;
      counts.failures[failure] = (counts.failures[failure] ?? 0) + 1;
    },
  };
}
