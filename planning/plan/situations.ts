// Under which circumstances the targets must hold: the workload as it is, its worst hour, and each fault by itself. Faults strike at the
// worst hour where there is one, because that is when they hurt.

import { strikesStore } from "../../config/fault-problems.ts";
import type { Arrivals, Fault, Scenario, Target } from "../../config/scenario.ts";
import type { Situation } from "../../metrics/plan/plan.ts";
import { ratePeak } from "../../workload/arrivals.ts";

export interface PlannedSituation extends Situation {
  /** The scenario of a choice, in this situation. */
  readonly apply: (scenario: Scenario) => Scenario;
  readonly targets: readonly Target[];
}

export interface SituationOptions {
  /** auto, none, or visits a second. */
  readonly peak: "auto" | "none" | number;
  readonly faults: readonly Fault[];
  /** Left out: the targets of the scenario. */
  readonly faultTargets?: readonly Target[];
}

const HOUR_MS = 3_600_000;
/** The worst hour is held for so long at most, after the warm-up. */
const PEAK_HOURS_MAX = 2;

/** The worst first: who misses there need not be looked at elsewhere. */
export function situationsOf(base: Scenario, options: SituationOptions): readonly PlannedSituation[] {
  const peakPerSecond = peakOf(base.workload.arrivals, options.peak);
  const { targets } = base;
  const workload: PlannedSituation = {
    kind: "workload",
    name: "the workload",
    description: `The arrivals as the scenario has them, nothing fails.${burstNote(base.workload.arrivals)}`,
    targets,
    apply: plain,
  };
  const peak = peakPerSecond === null ? null : heldPeak(base, peakPerSecond, targets);
  const busiest = peak ?? workload;
  const faults = options.faults.map((fault): PlannedSituation => {
    const at = atWorstHour(base, fault, peak !== null);
    return {
      kind: "fault",
      name: nameOf(at),
      description: `${busiest.name === "peak" ? "At the peak" : "In the workload"}, and one fault: ${nameOf(at)}.`,
      targets: options.faultTargets ?? targets,
      apply: (scenario) => struck(busiest.apply(scenario), at),
    };
  });
  return [...(peak === null ? [] : [peak]), workload, ...faults];
}

/** A fault of a store means nothing where sessions are in process; of a worker that a choice does not have, its last one is struck. */
function struck(scenario: Scenario, fault: Fault): Scenario {
  const { mode, servers, workersPerServer } = scenario.site;
  if (strikesStore(fault)) return { ...scenario, faults: mode === "InProc" || mode === "Off" ? [] : [fault] };
  const last = servers * workersPerServer - 1;
  const elsewhere = "worker" in fault && fault.worker !== undefined && fault.worker > last;
  return { ...scenario, faults: [elsewhere ? { ...fault, worker: last } : fault] };
}

/** One replication at a time, as many as the search asks for. */
function plain(scenario: Scenario): Scenario {
  const { precision: _precision, antithetic: _antithetic, ...run } = scenario.run;
  return { ...scenario, faults: [], run };
}

/** null where the run as it is contains the worst, or there is none. */
function peakOf(arrivals: Arrivals, asked: SituationOptions["peak"]): number | null {
  if (typeof asked === "number") return asked;
  if (asked === "none") return null;
  switch (arrivals.kind) {
    case "profile":
    case "ramp":
    case "step":
      return ratePeak(arrivals);
    // A burst is over before the site comes to a balance; of a trace nobody knows what is its peak and what is chance.
    default:
      return null;
  }
}

function burstNote(arrivals: Arrivals): string {
  return arrivals.kind === "burst" || arrivals.kind === "trace" ? " Their peak is part of it." : "";
}

function heldPeak(base: Scenario, perSecond: number, targets: readonly Target[]): PlannedSituation {
  const durationMs = peakDurationMs(base);
  const hours = Number(((durationMs - base.run.warmupMs) / HOUR_MS).toPrecision(2));
  return {
    kind: "peak",
    name: "peak",
    description: `The highest rate, ${Number(perSecond.toPrecision(4))} visits/s, held for ${hours} h after the warm-up.`,
    targets,
    apply(scenario) {
      const one = plain(scenario);
      return {
        ...one,
        workload: { ...one.workload, arrivals: { kind: "poisson", perSecond } },
        run: { ...one.run, durationMs },
      };
    },
  };
}

function peakDurationMs({ run }: Scenario): number {
  return Math.min(run.durationMs, run.warmupMs + PEAK_HOURS_MAX * HOUR_MS);
}

/** A fault after the end of a shortened run strikes in the middle of what is measured of it. */
function atWorstHour(base: Scenario, fault: Fault, peak: boolean): Fault {
  const durationMs = peakDurationMs(base);
  if (!peak || fault.atMs < durationMs) return fault;
  return { ...fault, atMs: (base.run.warmupMs + durationMs) / 2 };
}

/** "kill-worker at minute 60". */
function nameOf({ kind, atMs }: Fault): string {
  return `${kind} at minute ${Number((atMs / 60_000).toFixed(1))}`;
}
