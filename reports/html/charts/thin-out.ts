// A line of at most so many points that still shows every peak: each bucket of samples leaves its lowest and its highest, in order.

export interface Point {
  /** Scenario time. */
  readonly atMs: number;
  readonly value: number | null;
}

/** Most points of one line of a chart; a screen has no more pixels to show them. */
export const LINE_POINTS_MAX = 600;

export function thinOut(points: readonly Point[], pointsMax: number): readonly Point[] {
  if (points.length <= pointsMax) return points;
  const buckets = Math.floor(pointsMax / 2);
  return Array.from({ length: buckets }, (_, bucket) => {
    const from = Math.floor((bucket * points.length) / buckets);
    const to = Math.floor(((bucket + 1) * points.length) / buckets);
    return extremes(points.slice(from, to));
  }).flat();
}

function extremes(bucket: readonly Point[]): readonly Point[] {
  const known = bucket.filter((point): point is Point & { value: number } => point.value !== null);
  if (known.length === 0) return bucket.slice(0, 1);
  const lowest = known.reduce((best, point) => (point.value < best.value ? point : best));
  const highest = known.reduce((best, point) => (point.value > best.value ? point : best));
  if (lowest === highest) return [lowest];
  return lowest.atMs < highest.atMs ? [lowest, highest] : [highest, lowest];
}

/**
 * part / (sum of whole) in equal spans of time, as counts of a short sample are too small for a share of their own.
 * @param part and whole: counts per sample, in the order of atMs.
 */
export function shareOverTime(
  atMs: readonly number[],
  part: readonly (number | null)[],
  whole: readonly (readonly (number | null)[])[],
  spans: number,
): readonly Point[] {
  const count = Math.min(spans, atMs.length);
  return Array.from({ length: count }, (_, span) => {
    const from = Math.floor((span * atMs.length) / count);
    const to = Math.floor(((span + 1) * atMs.length) / count);
    const sum = (column: readonly (number | null)[]) =>
      column.slice(from, to).reduce<number>((total, value) => total + (value ?? 0), 0);
    const total = whole.reduce((all, column) => all + sum(column), 0);
    return { atMs: atMs[to - 1]!, value: total === 0 ? null : sum(part) / total };
  });
}
