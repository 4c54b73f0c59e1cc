import { describe, expect, test } from "vitest";
import { chiSquareTest } from "../../workload/fit/goodness-of-fit.ts";
import { createStream } from "../../workload/random-stream.ts";
import { createZipfian, zeta } from "../../workload/zipfian.ts";

const DRAWS = 200_000;

describe("zeta", () => {
  test("is the sum of 1 / i^theta, however it is come by", () => {
    for (const theta of [0.2, 0.5, 0.9, 0.99]) {
      let sum = 0;
      for (let i = 200_000; i >= 1; i--) sum += i ** -theta;
      expect(zeta(200_000, theta) / sum).toBeCloseTo(1, 11);
    }
  });

  test("of ten billion items at theta 0.99 is the constant that YCSB added up for itself", () => {
    expect(zeta(10_000_000_000, 0.99)).toBeCloseTo(26.46902820178302, 9);
  });
});

describe("a Zipfian draw", () => {
  test("is the rank whose share of all draws holds the number, from the first to the last", () => {
    const zipfian = createZipfian(1_000, 0.99);
    for (const rank of [0, 1, 2, 3, 10, 500, 998, 999]) {
      const middle = (zipfian.shareBelow(rank) + zipfian.shareBelow(rank + 1)) / 2;
      expect(zipfian.rankAt(middle)).toBe(rank);
    }
    expect(zipfian.shareBelow(0)).toBe(0);
    expect(zipfian.shareBelow(1_000)).toBe(1);
    expect(zipfian.rankAt(1 - 2 ** -33)).toBe(999);
  });

  test("has the two most popular items as often as Zipf's law says, and the others within a fifth of it", () => {
    const items = 1_000;
    const zipfian = createZipfian(items, 0.99);
    for (let rank = 0; rank < items; rank++) {
      const share = zipfian.shareBelow(rank + 1) - zipfian.shareBelow(rank);
      const law = (rank + 1) ** -0.99 / zeta(items, 0.99);
      if (rank < 2) expect(share).toBeCloseTo(law, 12);
      else expect(Math.abs(share / law - 1)).toBeLessThan(1 / 5);
    }
  });

  test("comes as often as its exact share: chi-square over 200,000 draws", () => {
    const items = 50;
    const zipfian = createZipfian(items, 0.99);
    const stream = createStream(11, "zipfian test");
    const seen = new Array<number>(items).fill(0);
    for (let draw = 0; draw < DRAWS; draw++) seen[zipfian.rankAt(stream.next())]!++;
    const expected = seen.map((_, rank) => DRAWS * (zipfian.shareBelow(rank + 1) - zipfian.shareBelow(rank)));
    expect(chiSquareTest(seen, expected, 0)?.pValue).toBeGreaterThan(0.001);
  });
});
