// The t-test variant of E-divisive: places where a window of the series comes apart best, taken where Student's t finds the sides even
// weakly different; then all of them together, and the weakest given up until those that stay are sure.
// Source: Fleming and others, "Hunter: Using Change Point Detection to Hunt for Performance Regressions" (ICPE 2023), and Apache Otava
// (analysis.py: split and merge). Otava has windows of one length; here they double up to the whole series, so that a small change that
// lasts is found too. Its p-value is that of a place chosen beforehand; here it is multiplied by the places there were to choose from
// (Bonferroni; Worsley 1982).

import { energyPeak, energyStretch } from "./energy-statistic.ts";
import { explainedBySplit, LEAST_SIDE, studentPValue } from "./levels.ts";
import { type SettledPoint, type Settlement, settle } from "./settle.ts";

interface Candidate {
  readonly index: number;
  readonly pValue: number;
}

/** Rounds of looking again; one does for nearly every series. */
const ROUNDS_MOST = 8;

/**
 * The candidates settled, and what was given up with its neighbours looked for again: of a drift, cut into pieces that are each too
 * short to be sure, giving up one after the other leaves nothing, though its ends lie far apart.
 */
export function studentLevels(
  points: Float64Array,
  windowLength: number,
  weakPValue: number,
  settlement: Settlement,
): SettledPoint[] {
  let settled = settle(points, studentCandidates(points, windowLength, weakPValue), settlement);
  for (let round = 0; round < ROUNDS_MOST; round++) {
    const indexes = settled.map(({ index }) => index);
    const more = sureSplits(points, [0, ...indexes, points.length], settlement);
    if (more.length === 0) break;
    const next = settle(
      points,
      [...indexes, ...more].sort((a, b) => a - b),
      settlement,
    );
    if (next.length <= settled.length) break;
    settled = next;
  }
  return settled;
}

function sureSplits(points: Float64Array, bounds: readonly number[], { maxPValue, pValueOf }: Settlement): number[] {
  return bounds.slice(1).flatMap((to, place) => {
    const from = bounds[place]!;
    if (to - from < 2 * LEAST_SIDE) return [];
    const index = from + LEAST_SIDE + explainedBySplit(points, from, to).best;
    return pValueOf(points, from, index, to) <= maxPValue ? [index] : [];
  });
}

/** @returns where levels may begin, in order, at least LEAST_SIDE apart. @param weakPValue of a place chosen beforehand. */
function studentCandidates(points: Float64Array, windowLength: number, weakPValue: number): number[] {
  const candidates: Candidate[] = [];
  for (let length = windowLength; ; length *= 2) {
    const step = length >> 1;
    for (let from = 0; from < points.length; from += step) {
      const to = Math.min(from + length, points.length);
      splitWindow(points, from, to, weakPValue, candidates);
      if (to === points.length) break;
    }
    if (length >= points.length) break;
  }
  candidates.sort((a, b) => a.pValue - b.pValue || a.index - b.index);
  const taken = new Uint8Array(points.length + 1);
  const chosen: number[] = [];
  for (const { index } of candidates) {
    if (taken[index] === 1) continue;
    taken.fill(1, Math.max(0, index - LEAST_SIDE + 1), index + LEAST_SIDE);
    chosen.push(index);
  }
  return chosen.sort((a, b) => a - b);
}

function splitWindow(
  points: Float64Array,
  from: number,
  to: number,
  weakPValue: number,
  candidates: Candidate[],
): void {
  if (to - from < 2 * LEAST_SIDE) return;
  const stretch = energyStretch(points.subarray(from, to));
  const index = from + energyPeak(stretch, stretch.ranks, LEAST_SIDE).split;
  const pValue = studentPValue(points, from, index, to, 1);
  if (pValue > weakPValue) return;
  candidates.push({ index, pValue });
  splitWindow(points, from, index, weakPValue, candidates);
  splitWindow(points, index, to, weakPValue, candidates);
}

/** Student's p-value of the best of all places between two neighbours. */
export function chosenPValue(
  points: Float64Array,
  from: number,
  index: number,
  to: number,
  perIndependent: number,
): number {
  const places = to - from - 2 * LEAST_SIDE + 1;
  return places < 1 ? 1 : Math.min(1, places * studentPValue(points, from, index, to, perIndependent));
}
