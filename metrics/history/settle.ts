// From candidates to change points: the weakest is given up, its neighbours are judged anew, until all that stay are sure and large
// enough; and each is moved to where it fits best between its neighbours.
// Source: the merge step of Hunter (Fleming and others, ICPE 2023; Apache Otava, analysis.py).

import { meanBetween } from "./levels.ts";
import { type StepPlace, stepPlace } from "./step-place.ts";

export interface Settlement {
  readonly maxPValue: number;
  /** Relative to the smaller of both levels. */
  readonly minMagnitude: number;
  /** How many points say together what an independent one says, 1 or more. */
  readonly pointsPerIndependent: number;
  /** Of a level that begins at `index`, between the neighbours `from` and `to`. */
  readonly pValueOf: (points: Float64Array, from: number, index: number, to: number) => number;
}

export interface SettledPoint extends StepPlace {
  readonly pValue: number;
}

interface JudgedPoint {
  readonly index: number;
  readonly pValue: number;
}

/** So many times as unsure a candidate may be before it is moved. */
const LENIENCE = 10;
/** Each pass moves points between their neighbours; more than a few are not seen. */
const PASSES_MOST = 10;

/** @param candidates in order. @returns those that stand, in order, where they lie best. */
export function settle(points: Float64Array, candidates: readonly number[], settlement: Settlement): SettledPoint[] {
  // A candidate that lies a little off is less sure than it will be at its best place: it is moved before it is judged in earnest.
  const lenient = { ...settlement, maxPValue: Math.min(1, LENIENCE * settlement.maxPValue), minMagnitude: 0 };
  let judged = withoutWeak(points, candidates, lenient);
  for (let pass = 0; pass < PASSES_MOST; pass++) {
    const moved = judged.map(({ index }) => index);
    for (const place of moved.keys()) moved[place] = placeBetween(points, moved, place, settlement).index;
    const stay = pass > 0 && moved.every((index, place) => index === judged[place]!.index);
    if (stay) break;
    judged = withoutWeak(points, moved, settlement);
  }
  const indexes = judged.map(({ index }) => index);
  return judged.map(({ index, pValue }, place) => {
    const { earliest, latest } = placeBetween(points, indexes, place, settlement);
    return { index, pValue, earliest: Math.min(earliest, index), latest: Math.max(latest, index) };
  });
}

function placeBetween(
  points: Float64Array,
  indexes: readonly number[],
  place: number,
  settlement: Settlement,
): StepPlace {
  return stepPlace(
    points,
    indexes[place - 1] ?? 0,
    indexes[place + 1] ?? points.length,
    settlement.pointsPerIndependent,
  );
}

function withoutWeak(points: Float64Array, candidates: readonly number[], settlement: Settlement): JudgedPoint[] {
  const { maxPValue, minMagnitude, pValueOf } = settlement;
  const bounds = [0, ...candidates, points.length];
  const judge = (place: number) => {
    const [from, index, to] = [bounds[place - 1]!, bounds[place]!, bounds[place + 1]!];
    const pValue = pValueOf(points, from, index, to);
    return {
      pValue,
      magnitude: pValue > maxPValue ? 0 : magnitudeOf(meanBetween(points, from, index), meanBetween(points, index, to)),
    };
  };
  const judged = [null, ...candidates.map((_, place) => judge(place + 1)), null];
  for (;;) {
    let worst = 0;
    for (let place = 1; place < bounds.length - 1; place++) {
      const one = judged[place]!;
      if (one.pValue <= maxPValue && one.magnitude >= minMagnitude) continue;
      if (worst === 0 || isWeaker(one, judged[worst]!, maxPValue)) worst = place;
    }
    if (worst === 0) break;
    bounds.splice(worst, 1);
    judged.splice(worst, 1);
    for (const place of [worst - 1, worst]) if (place >= 1 && place < bounds.length - 1) judged[place] = judge(place);
  }
  return bounds.slice(1, -1).map((index, place) => ({ index, pValue: judged[place + 1]!.pValue }));
}

interface Judgement {
  readonly pValue: number;
  readonly magnitude: number;
}

/** Those that are not sure go first, the least sure of them before others; then the smallest. */
function isWeaker(one: Judgement, other: Judgement, maxPValue: number): boolean {
  if (one.pValue > maxPValue || other.pValue > maxPValue) return one.pValue > other.pValue;
  return one.magnitude < other.magnitude;
}

/** How large a change is relative to the smaller level, whichever comes first; Infinity from or to 0. */
export function magnitudeOf(before: number, after: number): number {
  return before === after ? 0 : Math.abs(after - before) / Math.min(Math.abs(before), Math.abs(after));
}
