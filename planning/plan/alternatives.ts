// The three that came nearest to being recommended, and why each lost: a cheaper one that misses, a dearer one that meets, and what
// another mode has to offer.

import type { Candidate, Plan, TargetEvidence } from "../../metrics/plan/plan.ts";
import { costAtLeast } from "./cost.ts";
import { type Found, type Looked, lookOnce, type PlanPoint, type SearchTask, smallestMargin } from "./search.ts";
import { digits, sayAsked, sayMiss, sayValue, sayWhere } from "./words.ts";

const ALTERNATIVES = 3;
const FURTHER_MAX = 8;
const FURTHER_OF_A_MODE = 2;

/** Looks at a few more points: a search ends with the cheapest, and has seen little of what is dearer. @returns null where cut short. */
export async function lookFurther(task: SearchTask, found: Found): Promise<readonly Looked[] | null> {
  if (found.best === null) return [];
  const seen = new Set(found.looked.map(({ point }) => point.place));
  const open = task.points
    .filter(({ place }) => !seen.has(place) && !found.settled.has(place))
    .map((point) => ({ point, least: costAtLeast(point.scenario, task.prices) }))
    .sort((a, b) => a.least - b.least || a.point.place - b.point.place)
    .map(({ point }) => point);
  const meeting = new Set(
    found.looked.filter(({ candidate }) => candidate.verdict === "meets").map(({ point }) => point.scenario.site.mode),
  );
  const modes = [...new Set(open.map(({ scenario }) => scenario.site.mode))].filter((mode) => !meeting.has(mode));
  const chosen = new Set<PlanPoint>(open.slice(0, FURTHER_OF_A_MODE));
  for (const mode of modes) {
    for (const point of open.filter(({ scenario }) => scenario.site.mode === mode).slice(0, FURTHER_OF_A_MODE)) {
      chosen.add(point);
    }
  }
  return chosen.size === 0 ? [] : lookOnce(task, [...chosen].slice(0, FURTHER_MAX));
}

/** @param looked all points that were simulated, the best among them. */
export function alternativesTo(best: Looked, looked: readonly Looked[], currency: string): Plan["alternatives"] {
  const others = looked.filter(({ point }) => point.place !== best.point.place);
  const meeting = others.filter(({ candidate }) => candidate.verdict === "meets").sort(byCost);
  const failing = others.filter(({ candidate }) => candidate.verdict !== "meets").sort(byNearness);
  const cheaper = failing.filter((one) => byCost(one, best) < 0);
  const { mode } = best.point.scenario.site;
  const otherModes = [...meeting, ...failing].filter(({ point }) => point.scenario.site.mode !== mode);
  const order = [cheaper[0], meeting[0], ...otherModes, ...cheaper, ...meeting, ...failing].filter(
    (one) => one !== undefined,
  );
  return [...new Set(order)]
    .slice(0, ALTERNATIVES)
    .sort(byCost)
    .map(({ candidate }) => ({ candidate, why: whyLost(candidate, best.candidate, currency) }));
}

function byCost(a: Looked, b: Looked): number {
  return a.candidate.cost.total - b.candidate.cost.total || a.point.place - b.point.place;
}

/** What might meet after all comes first, then what misses by least. */
function byNearness(a: Looked, b: Looked): number {
  const open = ({ candidate }: Looked) => (candidate.verdict === "undecided" ? 0 : 1);
  const margin = ({ candidate }: Looked) => smallestMargin(candidate) ?? Number.NEGATIVE_INFINITY;
  return open(a) - open(b) || margin(b) - margin(a) || byCost(a, b);
}

function whyLost(candidate: Candidate, best: Candidate, currency: string): string {
  const more = candidate.cost.total - best.cost.total;
  if (candidate.verdict === "meets") {
    return more > 0
      ? `meets every target, and is dearer by ${digits(more)} ${currency} a month`
      : "meets every target at the same cost, and stands later in the search";
  }
  const worst = nearestMiss(candidate);
  if (worst === null) return "its targets could not be judged";
  const price = more < 0 ? `cheaper by ${digits(-more)} ${currency} a month, but ` : "";
  if (candidate.verdict === "misses") return `${price}misses a target: ${sayMiss(worst)}`;
  const { interval, label, limit, unit, value, situation } = worst;
  const between = interval === null ? "" : `, ${sayValue(interval.low, unit)} to ${sayValue(interval.high, unit)}`;
  return `${price}not sure to keep ${label} ${sayAsked(limit, unit)} ${sayWhere(situation)}: ${sayValue(value, unit)}${between} after ${candidate.replications} replications`;
}

/** The target that decides against it. */
export function nearestMiss({ targets }: Candidate): TargetEvidence | null {
  const rank = ({ met }: TargetEvidence) => (met === false ? 0 : met === null ? 1 : 2);
  const sorted = [...targets].sort((a, b) => rank(a) - rank(b) || (a.margin ?? 0) - (b.margin ?? 0));
  return sorted[0] ?? null;
}

/** Where no point meets the targets: the one that comes nearest, and what it misses. */
export function bindingOf(looked: readonly Looked[]): Plan["binding"] {
  const nearest = [...looked].sort(byNearness)[0];
  const target = nearest === undefined ? null : nearestMiss(nearest.candidate);
  return target === null ? null : { candidate: nearest.candidate, target };
}
