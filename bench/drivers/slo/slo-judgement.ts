// Whether a rate meets the objectives, by what was seen of it: clearly, clearly not, or not to be told yet. That p99 is at most X is
// the statement that at most one response in a hundred took longer, so that the judgement is one on a share, by its interval
// (Wilson, 99 %). Slow responses come in bursts; how much more they scatter between stretches of time than if each came by itself
// (the design effect) tells how many responses they are really worth.

import { meanOf, tQuantile, varianceOf } from "../../../metrics/confidence.ts";
import { normalQuantile } from "../../../workload/distributions.ts";

export interface Objectives {
  readonly responseP99MsMax: number;
  readonly failedShareMax: number;
}

/** Requests that were due in one stretch of time. */
export interface Stretch {
  readonly answered: number;
  /** Of them, those that took longer than the objective allows. */
  readonly slow: number;
  readonly meanMs: number;
}

/** What was seen of a rate in one probe, or in several. */
export interface Evidence {
  readonly requests: number;
  readonly failed: number;
  /** Of each probe, equal stretches in order. */
  readonly probes: readonly { readonly stretches: readonly Stretch[]; readonly stretchMs: number }[];
}

export type Judgement = "met" | "missed" | "undecided";

/** The slow share that p99 stands for. */
const SLOW_SHARE_MAX = 0.01;
/** Fewer responses than this support no p99. */
export const RESPONSES_MIN = 1_000;
/** Of the normal distribution: 99 % within. */
const Z = normalQuantile(0.995);
/** A queue that would be as long as the objective after so much time at this rate is on its way there. */
const HELD_MS = 60_000;

/** @returns undecided where more has to be seen before it can be told. */
export function judge(evidence: Evidence, objectives: Objectives): Judgement {
  const { requests, failed } = evidence;
  if (requests === 0) return "undecided";
  const failures = shareInterval(failed, requests, 1);
  if (failures.low > objectives.failedShareMax || grows(evidence, objectives)) return "missed";
  const { slow, answered, effect } = slowOf(evidence);
  const slowShare = shareInterval(slow, answered, effect);
  if (slowShare.low > SLOW_SHARE_MAX) return "missed";
  const enough = answered >= RESPONSES_MIN;
  // No failure in a thousand does not prove fewer than one in a thousand; that none beyond the allowed were seen has to do.
  const failuresMet = failed <= objectives.failedShareMax * requests;
  return enough && failuresMet && slowShare.high <= SLOW_SHARE_MAX ? "met" : "undecided";
}

/** What is likelier, where it stays undecided. */
export function lean(evidence: Evidence, objectives: Objectives): "met" | "missed" {
  const { slow, answered } = slowOf(evidence);
  const failuresMet = evidence.failed <= objectives.failedShareMax * evidence.requests;
  return failuresMet && answered > 0 && slow <= SLOW_SHARE_MAX * answered && !grows(evidence, objectives)
    ? "met"
    : "missed";
}

/** Several probes of one rate as one; none: nothing was seen. */
export function poolEvidence(all: readonly Evidence[]): Evidence {
  const sum = (of: (evidence: Evidence) => number) => all.reduce((total, evidence) => total + of(evidence), 0);
  return {
    requests: sum(({ requests }) => requests),
    failed: sum(({ failed }) => failed),
    probes: all.flatMap(({ probes }) => probes),
  };
}

function slowOf({ probes }: Evidence) {
  const stretches = probes.flatMap((probe) => probe.stretches);
  const slow = stretches.reduce((sum, stretch) => sum + stretch.slow, 0);
  const answered = stretches.reduce((sum, stretch) => sum + stretch.answered, 0);
  return { slow, answered, effect: designEffect(stretches, slow, answered) };
}

/** Scatter of the slow between stretches over what it would be if each response were slow or not by itself; at least 1. */
function designEffect(stretches: readonly Stretch[], slow: number, answered: number): number {
  const used = stretches.filter((stretch) => stretch.answered > 0);
  if (used.length < 2 || slow === 0 || slow === answered) return 1;
  const share = slow / answered;
  const scatter = used.reduce(
    (sum, stretch) => sum + (stretch.slow - share * stretch.answered) ** 2 / stretch.answered,
    0,
  );
  return Math.max(1, scatter / (used.length - 1) / (share * (1 - share)));
}

/** Wilson's score interval. @param effect so many observations are worth one. */
export function shareInterval(part: number, whole: number, effect: number): { low: number; high: number } {
  if (whole === 0) return { low: 0, high: 1 };
  const n = whole / effect;
  const share = part / whole;
  const middle = (share + (Z * Z) / (2 * n)) / (1 + (Z * Z) / n);
  const half = (Z * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n))) / (1 + (Z * Z) / n);
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/**
 * A probe is short: above capacity its queue may not have reached the objective by its end. Response times that rise from stretch to
 * stretch, surely (99 %) and fast enough to get there within a minute, are a rate that cannot be held. Of several probes, most.
 */
function grows({ probes }: Evidence, { responseP99MsMax }: Objectives): boolean {
  const growing = probes.filter(({ stretches, stretchMs }) => {
    const slope = slopeLow(stretches.filter(({ answered }) => answered > 0).map(({ meanMs }) => meanMs));
    return (slope / stretchMs) * HELD_MS > responseP99MsMax;
  });
  return growing.length > probes.length / 2;
}

/** The lower end of the interval of the least-squares slope, per place. */
function slopeLow(values: readonly number[]): number {
  const n = values.length;
  if (n < 4) return 0;
  const middle = (n - 1) / 2;
  const mean = meanOf(values);
  const spread = varianceOf(values.map((_, place) => place)) * (n - 1);
  const slope = values.reduce((sum, value, place) => sum + (place - middle) * (value - mean), 0) / spread;
  const residual = values.reduce((sum, value, place) => sum + (value - mean - slope * (place - middle)) ** 2, 0);
  return slope - tQuantile(0.99, n - 2) * Math.sqrt(residual / (n - 2) / spread);
}
