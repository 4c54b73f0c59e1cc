// How much of a point's noise is still in the next one: a machine that is warm, a neighbour who is busy. Points that go together say
// less than as many that do not, and a test that takes them for independent finds steps in every slow swing.
// Source: the estimator from differences that steps of the level hardly move, of Chakar, Lebarbier, Lévy-Leduc and Robin, "A robust
// approach for estimating change-points in the mean of an AR(1) process" (Bernoulli 2017); here with means of squares, the largest
// left out, instead of medians, which need many points.

/** Differences of less than this share of the largest value are rounding alone. */
const ROUNDING = 1e-12;
/** Below so many points there is no telling. */
const POINTS_LEAST = 30;
/** Differences left out at the top: those over a step, and those of an outlier. */
const SHARE_LEFT_OUT = 0.1;
/** Standard errors, of about 1 / √points, by which the estimate must lie above 0: what chance alone does is not held against a series. */
const ERRORS_ALLOWED = 1.5;
/** Beyond it a level cannot be told from a swing. */
const MOST = 0.8;

/** @returns the correlation of neighbours about their levels, 0 to MOST; 0 where neighbours differ more than others. */
export function carryOver(points: Float64Array): number {
  if (points.length < POINTS_LEAST) return 0;
  const toNext = squaresOfDifferences(points, 1);
  const largest = points.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  // For neighbours with correlation c the two are as 1 − c to 1 − c².
  const ratio = toNext <= largest * largest * ROUNDING * ROUNDING ? 1 : squaresOfDifferences(points, 2) / toNext;
  return Math.min(MOST, Math.max(0, ratio - 1 - ERRORS_ALLOWED / Math.sqrt(points.length)));
}

/** How many points say together what one independent point says. */
export function pointsPerIndependent(carried: number): number {
  return (1 + carried) / (1 - carried);
}

/** About their median, so that a steady drift is not taken for noise that goes together. */
function squaresOfDifferences(points: Float64Array, apart: number): number {
  const differences = points.subarray(apart).map((value, place) => value - points[place]!);
  const middle = differences.slice().sort()[differences.length >> 1]!;
  const squares = differences.map((difference) => (difference - middle) * (difference - middle)).sort();
  const kept = Math.floor((1 - SHARE_LEFT_OUT) * squares.length);
  let sum = 0;
  for (let place = 0; place < kept; place++) sum += squares[place]!;
  return sum / kept;
}
