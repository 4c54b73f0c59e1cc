import { describe, expect, test } from "vitest";
import { createBettor, evidenceAbove } from "../../../metrics/compare/evidence.ts";
import { createRandom } from "../../../metrics/random-numbers.ts";

/** All 2ⁿ ways in which n coins may fall. */
function signsOf(n: number): readonly (readonly number[])[] {
  return Array.from({ length: 2 ** n }, (_, way) => Array.from({ length: n }, (_, i) => ((way >> i) & 1 ? 1 : -1)));
}

describe("evidence that differences lie above 0", () => {
  test.each([
    ["alike", [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]],
    ["of two modes", [0.1, 20, 0.1, 20, 20, 0.1, 0.1, 20, 0.1, 20]],
    ["heavy-tailed", [0.01, 0.2, 0.3, 500, 0.1, 0.02, 1e-6, 70, 0.4, 0.5]],
    ["drifting", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
  ])("over all falls of the coins it is 1 on average, for differences %s", (_, sizes) => {
    const ways = signsOf(sizes.length);
    const sum = ways.reduce((total, signs) => total + evidenceAbove(signs.map((sign, i) => sign * sizes[i])), 0);
    expect(sum / ways.length).toBeCloseTo(1, 9);
  });

  test("whoever stops when it looks best is still right: 20 is ever reached in at most a twentieth of the falls", () => {
    const sizes = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8];
    const ways = signsOf(sizes.length);
    const reached = ways.filter((signs) => {
      const bettor = createBettor();
      return signs.some((sign, i) => bettor.bet(sign * sizes[i]) >= 20);
    });
    expect(reached.length / ways.length).toBeLessThanOrEqual(1 / 20);
    expect(reached.length).toBeGreaterThan(0);
  });

  test("twelve blocks that all say the same are evidence of more than 1,200, eleven are not", () => {
    expect(evidenceAbove(Array(12).fill(0.03))).toBeGreaterThan(1200);
    expect(evidenceAbove(Array(11).fill(0.03))).toBeLessThan(1200);
  });

  test("the unit of the differences does not matter", () => {
    const differences = [3, -1, 4, 1, 5, -9, 2, 6];
    const other = evidenceAbove(differences.map((difference) => difference * 1e-6));
    expect(other).toBeCloseTo(evidenceAbove(differences), 9);
  });

  test("one wild block against it does not undo thirty that are for it", () => {
    const random = createRandom(1);
    const differences = Array.from({ length: 30 }, () => 1 + (random.next() - 0.5));
    expect(evidenceAbove([...differences, -200])).toBeGreaterThan(1200);
  });

  test("blocks without a difference are no evidence", () => {
    expect(evidenceAbove([0, 0, 0])).toBe(1);
    expect(evidenceAbove([0, 1, 0, 1])).toBe(evidenceAbove([1, 1]));
  });

  test("what was shown once stays shown", () => {
    const differences = [...Array(12).fill(1), ...Array(12).fill(-1)];
    expect(evidenceAbove(differences)).toBeLessThan(1);
    expect(evidenceAbove(differences, 1200)).toBeGreaterThanOrEqual(1200);
  });
});
