import { describe, expect, test } from "vitest";
import { log } from "../../../config/elementary.ts";
import { evidenceAbove } from "../../../metrics/compare/evidence.ts";
import { curveOf, evidenceOfNoSlower, shapeOfBlocks } from "../../../metrics/compare/shape.ts";
import { shapeOfSets } from "../../../metrics/compare/shape-of-sets.ts";
import { createHistogram, type Histogram, recordMs } from "../../../metrics/latency-histogram.ts";
import { createRandom, type Random } from "../../../metrics/random-numbers.ts";

/** Exponential above 1 ms, and of the slower half a share that waits 20 ms more: the median is that of all without. */
function run(random: Random, slowShare: number, factor = 1): Histogram {
  const histogram = createHistogram(100);
  const mood = 1 + 0.1 * random.next();
  for (let i = 0; i < 800; i++) {
    const u = random.next();
    const slow = u > 0.5 && random.next() < 2 * slowShare;
    recordMs(histogram, factor * mood * (1 - log(1 - u) + (slow ? 20 : 0)));
  }
  return histogram;
}

function runs(count: number, slowShare: number, seed: number, factor = 1): Histogram[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => run(random, slowShare, factor));
}

describe("the shape of response times", () => {
  test("a tenth of the requests in a second mode, the median unmoved, is seen in every block but the first, which is asked nowhere", () => {
    const { differences } = shapeOfBlocks(runs(28, 0, 1), runs(28, 0.1, 2));
    expect(differences).toHaveLength(13);
    expect(Math.min(...differences)).toBeGreaterThan(0.05);
    expect(evidenceAbove(differences)).toBeGreaterThan(1200);
  });

  test("the same change back is shown to be no worse", () => {
    const { differences, slower } = shapeOfBlocks(runs(28, 0.1, 2), runs(28, 0, 1));
    expect(evidenceOfNoSlower(slower, 0.05, 20)).toBeGreaterThanOrEqual(20);
    expect(evidenceAbove(differences)).toBeLessThan(20);
  });

  test("slower by the minimum at one point alone is not shown to be no worse, wherever the blocks before pointed", () => {
    const slower = Array.from({ length: 40 }, (_, block) => {
      const points = new Float64Array(176);
      points[100] = 0.05 + (block % 2 === 0 ? 0.01 : -0.01);
      return points;
    });
    expect(evidenceOfNoSlower(slower, 0.05, 20)).toBeLessThan(20);
    expect(
      evidenceOfNoSlower(
        slower.map((points) => points.map((share) => share / 2)),
        0.05,
        20,
      ),
    ).toBeGreaterThanOrEqual(20);
  });

  test("a plain slow-down is no change of shape", () => {
    const { differences } = shapeOfBlocks(runs(40, 0.05, 3), runs(40, 0.05, 4, 1.5));
    expect(evidenceAbove(differences)).toBeLessThan(20);
    expect(Math.max(...differences.map(Math.abs))).toBeLessThan(0.05);
  });

  test("over all orders of the blocks, alike sides give evidence of 1 on average", () => {
    const blocks = 6;
    const [a, b] = [runs(2 * blocks, 0.05, 5), runs(2 * blocks, 0.05, 6)];
    let sum = 0;
    for (let way = 0; way < 2 ** blocks; way++) {
      const swapped = (run: number) => ((way >> (run >> 1)) & 1) === 1;
      const [base, candidate] = [
        a.map((run, i) => (swapped(i) ? b[i] : run)),
        b.map((run, i) => (swapped(i) ? a[i] : run)),
      ];
      sum += evidenceAbove(shapeOfBlocks(base, candidate).differences);
    }
    expect(sum / 2 ** blocks).toBeCloseTo(1, 9);
  });

  test("a block without responses says nothing, neither for a change nor for its absence", () => {
    const none = [createHistogram(), createHistogram()];
    expect(shapeOfBlocks(none, runs(2, 0, 1)).slower).toEqual([]);
    expect(shapeOfBlocks([...runs(4, 0, 1), ...none], runs(6, 0, 2)).differences).toHaveLength(1);
  });

  test("of sets, a second mode is told from chance, and alike sets are not", () => {
    const curves = (histograms: Histogram[]) => histograms.flatMap((one) => curveOf(one) ?? []);
    const [base, alike, other] = [runs(8, 0, 1), runs(8, 0, 2), runs(8, 0.1, 3)].map(curves);
    const changed = shapeOfSets(base, other, createRandom(1));
    expect(changed.chance).toBe(1 / 2000);
    expect(changed.moved).toBeCloseTo(0.1, 1);
    expect(changed.interval.low).toBeGreaterThan(0.05);
    expect(shapeOfSets(base, alike, createRandom(1)).chance).toBeGreaterThan(0.01);
    expect(shapeOfSets(other, base, createRandom(1)).moved).toBeLessThan(0.02);
  });
});
