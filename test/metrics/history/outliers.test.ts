import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findOutliers } from "../../../metrics/history/outliers.ts";
import { steadyAbout } from "./planted.ts";

const with2 = (places: readonly number[], value: number) =>
  steadyAbout(10, 40, 1).map((one, index) => (places.includes(index) ? value : one));

describe("outliers", () => {
  test("one or two points in a row that stand alone, wherever they stand", () => {
    for (const places of [[0], [20], [39], [20, 21], [38, 39], [5, 20, 33]]) {
      expect(findOutliers(with2(places, 30))).toEqual(places);
      expect(findOutliers(with2(places, -30))).toEqual(places);
    }
  });

  test("three in a row are a level, and the points beside a step belong to it", () => {
    expect(findOutliers(with2([20, 21, 22], 30))).toEqual([]);
    for (let long = 3; long < 8; long++) {
      const step = steadyAbout(10, 40, 2).map((one, index) => (index >= 40 - long ? one + 30 : one));
      expect(findOutliers(step)).toEqual([]);
    }
  });

  test("a point on its way from one level to the next fits neither", () => {
    const step = steadyAbout(10, 40, 3).map((one, index) => (index === 20 ? 25 : index > 20 ? one + 30 : one));
    expect(findOutliers(step)).toEqual([20]);
  });

  test("a spike in values that are otherwise the very same is one", () => {
    expect(findOutliers([7, 7, 7, 7, 8, 7, 7, 7, 7, 7, 7, 7])).toEqual([4]);
  });

  test("where many stand out, that is how the noise is", () => {
    const bimodal = steadyAbout(10, 60, 4).map((one, index) => (index % 5 === 0 ? one + 40 : one));
    expect(findOutliers(bimodal)).toEqual([]);
  });

  test("none in a steady series nor in a constant one, and none among three points", () => {
    expect(findOutliers(steadyAbout(10, 200, 5))).toEqual([]);
    expect(findOutliers(new Array<number>(50).fill(3))).toEqual([]);
    expect(findOutliers([1, 100, 1])).toEqual([]);
    expect(findOutliers([])).toEqual([]);
  });

  test("they are in order, each once, at most a tenth, whatever the values", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true })), (values) => {
        const found = findOutliers(values);
        expect(found).toEqual([...new Set(found)].sort((a, b) => a - b));
        expect(found.length).toBeLessThanOrEqual(values.length / 10);
      }),
    );
  });
});
