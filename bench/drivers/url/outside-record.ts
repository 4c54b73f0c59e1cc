// What a run against somebody's site leaves behind: the counts as its visitors saw them, row by row and for the whole. What only the
// site itself knows (stored sessions, memory, locks, processor) stays unknown.

import type { Scenario } from "../../../config/scenario.ts";
import { nothingObserved, type RunRecord, subtractCounters, zeroCounters } from "../../../metrics/run-record.ts";
import type { Counters, Figure, TimeSeries } from "../../../metrics/run-result.ts";
import type { VisitCounts } from "../journeys/journey-record.ts";
import type { JourneyDriver } from "../journeys/journeys.ts";
import { withUnanswered } from "../journeys/unanswered.ts";
import type { SessionCarrier, SessionCounts } from "./session-watch.ts";

export interface OutsideTally {
  readonly counters: Counters;
  /** Answers whose visitor kept the session that he brought. */
  readonly kept: number;
}

/**
 * Stored are the sessions that were given and of which no visitor has heard that they are gone; the site itself may have fewer.
 */
export function outsideTally(visits: VisitCounts, sessions: SessionCounts): OutsideTally {
  const counters = zeroCounters();
  const { started, lost, expired, abandoned, kept } = sessions;
  counters.visits = visits.visits;
  counters.requests = visits.requests;
  counters.completed = visits.completed;
  counters.failed = visits.failed;
  counters.failures = { ...visits.failures };
  counters.refused = visits.refusedSeen;
  counters.started = started;
  counters.arrivals = started + visits.refusedSeen;
  counters.lost = lost;
  counters.expired = expired;
  counters.abandoned = abandoned;
  counters.stored = started - lost - expired - abandoned;
  return { counters, kept };
}

/** Counts are those since the row before; `inFlight` is what waited for an answer at the moment. */
const columnNames = [
  "started",
  "kept",
  "refused",
  "expired",
  "abandoned",
  "lost",
  "requests",
  "completed",
  "failed",
  "inFlight",
] as const;

export interface OutsideSeries {
  add(atScenarioMs: number, tally: OutsideTally, inFlight: number): void;
  series(): TimeSeries;
}

export function createOutsideSeries(first: OutsideTally): OutsideSeries {
  const atMs: number[] = [];
  const columns: Record<string, (number | null)[]> = Object.fromEntries(columnNames.map((name) => [name, []]));
  let before = first;
  return {
    add(atScenarioMs, tally, inFlight) {
      atMs.push(Math.round(atScenarioMs));
      for (const name of columnNames) {
        if (name === "inFlight") columns[name].push(inFlight);
        else if (name === "kept") columns[name].push(tally.kept - before.kept);
        else columns[name].push(tally.counters[name] - before.counters[name]);
      }
      before = tally;
    },
    series: () => ({ atMs, columns }),
  };
}

export interface OutsideRun {
  readonly run: Scenario["run"];
  readonly final: OutsideTally;
  /** At the end of the warm-up and of the measured part; null where it did not come so far. */
  readonly warm: OutsideTally | null;
  readonly measured: OutsideTally | null;
  /** Length of the measured part, scenario time. */
  readonly measuredMs: number;
  readonly endedAtMs: number;
  readonly series: TimeSeries;
  readonly driver: JourneyDriver;
}

export function outsideRecord({
  run,
  final,
  warm,
  measured,
  measuredMs,
  endedAtMs,
  series,
  driver,
}: OutsideRun): RunRecord {
  const from = warm ?? final;
  const flow = subtractCounters((measured ?? from).counters, from.counters);
  return {
    counters: final.counters,
    measured: withUnanswered(flow, driver.outcomes, run, run.warmupMs + measuredMs),
    measuredMs,
    endedAtMs,
    observations: nothingObserved,
    series,
    histograms: driver.histograms,
    responseIntervals: driver.responseIntervals,
    faults: [],
  };
}

/** Nobody outside the site can know these; without a session to be seen, those of sessions neither. */
const INSIDE_ONLY: readonly string[] = ["storeCallsPerRequest", "lockWaitShare", "lostShare"];
const OF_SESSIONS: readonly string[] = ["sessionsPerSecond", "refusedShare"];

/** The figures of any run without what cannot be seen from outside, and with what can. */
export function outsideFigures(
  figures: readonly Figure[],
  carrier: SessionCarrier,
  { measured, warm, final }: Pick<OutsideRun, "measured" | "warm" | "final">,
): Figure[] {
  const seen = carrier.kind !== "none";
  const from = warm ?? final;
  const to = measured ?? from;
  const renewed = (tally: OutsideTally) => tally.counters.lost + tally.counters.expired;
  const kept = to.kept - from.kept;
  const notKept = renewed(to) - renewed(from);
  return [
    ...figures.map((figure) =>
      INSIDE_ONLY.includes(figure.key) || (!seen && OF_SESSIONS.includes(figure.key))
        ? { key: figure.key, label: figure.label, unit: figure.unit, value: null }
        : figure,
    ),
    {
      key: "sessionKeptShare",
      label: "Returning visitors who kept their session",
      unit: "share",
      value: seen && kept + notKept > 0 ? kept / (kept + notKept) : null,
    },
    { key: "sessionsRenewed", label: "Sessions not kept", unit: "", value: seen ? notKept : null },
  ];
}
