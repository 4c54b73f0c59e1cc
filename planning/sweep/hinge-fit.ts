// A line that bends once, fitted to points: the two slopes, where they meet, and how much better it fits than a straight line.
// Source: Seber and Lee, Linear Regression Analysis, 2nd ed., 3.7 (adding a regressor) and 6.6 (two-phase regression).

export interface Hinge {
  /** Place of the bend among the points: neither the first nor the last. */
  readonly place: number;
  readonly slopeBefore: number;
  readonly slopeAfter: number;
  /** Sum of squares left by it, of that left by a straight line. */
  readonly leftShare: number;
  /** The change of slope is the sum of the values with these weights. */
  readonly weights: readonly number[];
}

/** @param x ascending, each once; four or more. @returns null where a straight line leaves nothing to explain. */
export function bestHinge(x: readonly number[], y: readonly number[]): Hinge | null {
  const straight = leftOf(y, [residuals(x, ones(x))], [x]);
  const spread = leftOf(y, [], []);
  if (!(straight > STRAIGHT * spread)) return null;
  const places = Array.from({ length: x.length - 2 }, (_, i) => i + 1);
  const fits = places.map((place) => ({ place, ...hingeAt(x, y, place) }));
  const best = fits.reduce((first, other) => (other.left < first.left ? other : first));
  const { place, slopeBefore, slopeAfter, weights, left } = best;
  return { place, slopeBefore, slopeAfter, weights, leftShare: left / straight };
}

/** What rounding leaves of points on a line. */
const STRAIGHT = 1e-12;

function hingeAt(x: readonly number[], y: readonly number[], place: number) {
  const beyond = x.map((value) => Math.max(0, value - x[place]));
  const [ofBend, ofSlope] = [residuals(beyond, x), residuals(x, beyond)].map(scaled);
  const slopeBefore = dot(ofSlope, y);
  const change = dot(ofBend, y);
  const fitted = x.map((value, i) => slopeBefore * value + change * beyond[i]);
  const off = mean(y) - mean(fitted);
  const left = y.reduce((sum, value, i) => sum + square(value - fitted[i] - off), 0);
  return { slopeBefore, slopeAfter: slopeBefore + change, weights: ofBend, left };
}

/** Sum of squares that the mean, or a straight line, leaves. */
function leftOf(y: readonly number[], [residual]: readonly (readonly number[])[], [x]: readonly (readonly number[])[]) {
  const slope = residual === undefined ? 0 : dot(scaled(residual), y);
  const fitted = y.map((_, i) => (x === undefined ? 0 : slope * x[i]));
  const off = mean(y) - mean(fitted);
  return y.reduce((sum, value, i) => sum + square(value - fitted[i] - off), 0);
}

/** What is left of `of` once its mean and what it has of `against` are taken off. */
function residuals(of: readonly number[], against: readonly number[]): readonly number[] {
  const [a, b] = [of, against].map((values) => {
    const middle = mean(values);
    return values.map((value) => value - middle);
  });
  const norm = dot(b, b);
  const share = norm === 0 ? 0 : dot(a, b) / norm;
  return a.map((value, i) => value - share * b[i]);
}

/** Weights by which values add up to their slope along these residuals. */
function scaled(residual: readonly number[]): readonly number[] {
  const norm = dot(residual, residual);
  return residual.map((value) => value / norm);
}

const ones = (values: readonly number[]) => values.map(() => 1);
const square = (value: number) => value * value;
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0);
