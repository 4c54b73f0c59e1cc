// Points that stand alone: one or two in a row that fit neither the level before them nor the one after. They are shown, and taken out
// of levels and of the search, so that a single spike neither makes a change point nor hides one. Three in a row are a level.

import { medianOf } from "../confidence.ts";

/** So many robust standard deviations from a level; of 300 normal points, about one series in a hundred has one. */
const FAR = 5;
/** Points of a level looked at on either side. */
const SIDE_MOST = 5;
const SIDE_LEAST = 3;
const RUN_MOST = 2;
/** Where more stand out than this share, standing out is how the noise is: none of them is an outlier. */
const SHARE_MOST = 0.1;
/** Standard deviations in the median, and in the third quartile, of the absolute value of a normal variable. */
const NORMAL_MEDIAN = 0.6744897501960817;
const NORMAL_THIRD_QUARTILE = 1.1503493803760079;

/** @returns the indexes of outliers, in order. */
export function findOutliers(values: readonly number[]): number[] {
  if (values.length <= SIDE_LEAST) return [];
  const far = FAR * noiseOf(values);
  const found: number[] = [];
  for (let index = 0; index < values.length; index++) {
    for (let run = 1; run <= RUN_MOST; run++) {
      if (!standsAlone(values, index, index + run, far)) continue;
      for (let place = index; place < index + run; place++) found.push(place);
      index += run - 1;
      break;
    }
  }
  return found.length > SHARE_MOST * values.length ? [] : found;
}

function standsAlone(values: readonly number[], from: number, to: number, far: number): boolean {
  if (to > values.length) return false;
  const run = values.slice(from, to);
  const sides = [values.slice(Math.max(0, from - SIDE_MOST), from), values.slice(to, to + SIDE_MOST)];
  const levels = sides.filter((side) => side.length >= SIDE_LEAST).map(medianOf);
  const next = [values[from - 1], values[to]].filter((value) => value !== undefined);
  // Those next to the run are told apart from it too: else it is a piece of a longer one.
  return (
    levels.length > 0 && [...levels, ...next].every((level) => run.every((value) => Math.abs(value - level) > far))
  );
}

/** The standard deviation about the levels, from steps between neighbours: a change of level moves only one of them. */
function noiseOf(values: readonly number[]): number {
  const steps = values.slice(1).map((value, place) => Math.abs(value - values[place]!));
  const middle = medianOf(steps) / NORMAL_MEDIAN;
  // Of values that mostly stay the very same, the few steps there are say how large steps are.
  const scale =
    middle > 0 ? middle : steps.sort((a, b) => a - b)[Math.floor(0.75 * steps.length)]! / NORMAL_THIRD_QUARTILE;
  return scale / Math.SQRT2;
}
