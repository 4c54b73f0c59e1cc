import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { highestBump } from "../../../metrics/history/bump.ts";
import { carryOver } from "../../../metrics/history/carry-over.ts";
import { explainedBySplit, studentPValue } from "../../../metrics/history/levels.ts";
import { magnitudeOf } from "../../../metrics/history/settle.ts";
import { stepPlace } from "../../../metrics/history/step-place.ts";
import { levelsOf, steadyAbout } from "./planted.ts";

const points = (values: readonly number[]) => Float64Array.from(values);

describe("two levels", () => {
  test("Student's t is that of the textbook, and says nothing of sides too short or of rounding", () => {
    // Student's "sleep" data: t = 1.8608 with 18 degrees of freedom, p = 0.07919 (R, t.test with var.equal).
    const sleep = points([
      0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2, 1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4,
    ]);
    expect(studentPValue(sleep, 0, 10, 20, 1)).toBeCloseTo(0.07919, 5);
    expect(studentPValue(sleep, 0, 10, 20, 2)).toBeGreaterThan(0.15);
    expect(studentPValue(points([1, 1, 9, 9, 9, 9]), 0, 2, 6, 1)).toBe(1);
    expect(studentPValue(points([0.1, 0.1, 0.1, 0.1 + 1e-17, 0.1, 0.1, 0.1]), 0, 3, 7, 1)).toBe(1);
    expect(studentPValue(points([1, 1, 1, 2, 2, 2]), 0, 3, 6, 1)).toBe(0);
  });

  test("what a split explains and what it leaves is all there is", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 6, maxLength: 40 }), (values) => {
        const { explained, best, unexplained } = explainedBySplit(points(values), 0, values.length);
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const all = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
        expect(explained[best]! + unexplained).toBeCloseTo(all, 6);
        expect(Math.max(...explained)).toBe(explained[best]);
      }),
    );
  });

  test("the size of a change is the same there and back", () => {
    expect(magnitudeOf(100, 110)).toBeCloseTo(0.1, 12);
    expect(magnitudeOf(110, 100)).toBe(magnitudeOf(100, 110));
    expect(magnitudeOf(0, 1)).toBe(Number.POSITIVE_INFINITY);
    expect(magnitudeOf(0, 0)).toBe(0);
  });
});

test("a run of points that lies apart is found, first point and first after it", () => {
  const values = points(
    levelsOf(
      [
        [0, 40],
        [9, 6],
        [0, 60],
      ],
      1,
    ),
  );
  expect(highestBump(values, new Float64Array(values.length + 1))).toMatchObject({ from: 40, to: 46 });
});

describe("where a step lies", () => {
  test("a step without noise lies in one place", () => {
    const values = points([...new Array<number>(10).fill(0.1), ...new Array<number>(10).fill(0.7)]);
    expect(stepPlace(values, 0, 20, 1)).toEqual({ index: 10, earliest: 10, latest: 10 });
  });

  test("the smaller the step, the wider the range", () => {
    const widthOf = (height: number) => {
      const { index, earliest, latest } = stepPlace(
        points(
          levelsOf(
            [
              [0, 40],
              [height, 40],
            ],
            2,
          ),
        ),
        0,
        80,
        1,
      );
      expect(earliest).toBeLessThanOrEqual(index);
      expect(latest).toBeGreaterThanOrEqual(index);
      return latest - earliest;
    };
    expect(widthOf(8)).toBe(0);
    expect(widthOf(2)).toBeLessThan(widthOf(1));
    expect(widthOf(1)).toBeLessThan(widthOf(0.3));
  });

  test("the range holds the step in 95 of 100 series and more", () => {
    let held = 0;
    for (let seed = 0; seed < 400; seed++) {
      const { earliest, latest } = stepPlace(
        points(
          levelsOf(
            [
              [0, 30],
              [2, 30],
            ],
            seed,
          ),
        ),
        0,
        60,
        1,
      );
      if (earliest <= 30 && 30 <= latest) held++;
    }
    expect(held).toBeGreaterThanOrEqual(380);
  });
});

describe("what is carried over", () => {
  test("is seen in the noise, and steps of the level are not taken for it", () => {
    let carried = 0;
    const swinging = steadyAbout(0, 1000, 3).map((noise) => {
      carried = 0.5 * carried + noise;
      return carried;
    });
    expect(carryOver(points(swinging))).toBeGreaterThan(0.3);
    expect(carryOver(points(swinging))).toBeLessThan(0.6);
    expect(
      carryOver(
        points(
          levelsOf(
            [
              [0, 300],
              [20, 300],
              [-20, 400],
            ],
            4,
          ),
        ),
      ),
    ).toBeLessThan(0.05);
  });

  test("there is none in few points, in equal ones, and where neighbours differ most", () => {
    expect(carryOver(points(steadyAbout(0, 20, 5)))).toBe(0);
    expect(carryOver(new Float64Array(100))).toBe(0);
    expect(carryOver(points(Array.from({ length: 100 }, (_, index) => index % 2)))).toBe(0);
  });
});
