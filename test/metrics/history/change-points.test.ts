import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ChangePointMethod, changePoints, findLevels } from "../../../metrics/history/change-points.ts";
import { levelsOf, steadyAbout } from "./planted.ts";

const methods: readonly ChangePointMethod[] = ["t-test", "permutation"];

describe.each(methods)("change points by %s", (method) => {
  const indexesOf = (values: readonly number[], more = {}) =>
    changePoints(values, { method, ...more }).map(({ index }) => index);

  test("a clear step is found where it is, up or down, with the levels beside it", () => {
    for (const height of [8, -8]) {
      const values = levelsOf(
        [
          [100, 30],
          [100 + height, 20],
        ],
        1,
      );
      const [step, ...others] = changePoints(values, { method });
      expect(others).toEqual([]);
      expect(step).toMatchObject({ index: 30, range: { after: 29, by: 30 } });
      expect(Math.abs(step!.before - 100)).toBeLessThan(1);
      expect(Math.abs(step!.after - 100 - height)).toBeLessThan(1);
      expect(step!.pValue).toBeLessThan(0.01);
    }
  });

  test("a level that came and went is found at both its ends", () => {
    expect(
      indexesOf(
        levelsOf(
          [
            [100, 80],
            [108, 8],
            [100, 90],
          ],
          2,
        ),
      ),
    ).toEqual([80, 88]);
  });

  test("several steps are found, also where the last level is that of the first", () => {
    expect(
      indexesOf(
        levelsOf(
          [
            [100, 40],
            [110, 40],
            [104, 40],
            [110, 40],
            [100, 40],
          ],
          3,
        ),
      ),
    ).toEqual([40, 80, 120, 160]);
  });

  test("the range named holds a small step that is put a little off", () => {
    let held = 0;
    for (let seed = 0; seed < 40; seed++) {
      const [step] = changePoints(
        levelsOf(
          [
            [100, 50],
            [102, 50],
          ],
          seed,
        ),
        { method },
      );
      if (step !== undefined && step.range.after < 50 && 50 <= step.range.by) held++;
    }
    expect(held).toBeGreaterThanOrEqual(34);
  });

  test("a steady series has none, whatever its noise is counted in", () => {
    for (const scale of [1e-300, 1e-9, 1, 1e9, 1e300]) {
      expect(indexesOf(steadyAbout(10, 150, 4).map((value) => value * scale))).toEqual([]);
    }
  });

  test("too few points, none, and equal ones have none", () => {
    for (let length = 0; length < 6; length++) expect(indexesOf(Array.from({ length }, (_, n) => n * n))).toEqual([]);
    for (const value of [0, 0.1, 1e300, -3]) expect(indexesOf(new Array<number>(100).fill(value))).toEqual([]);
  });

  test("values without noise step where they step", () => {
    for (const split of [6, 10, 50, 94]) {
      const values = Array.from({ length: 100 }, (_, index) => (index < split ? 0.1 : 0.3));
      expect(indexesOf(values)).toEqual([split]);
    }
  });

  test("one spike neither makes a change point nor hides one, and is in no level", () => {
    const steady = steadyAbout(100, 60, 5);
    expect(indexesOf(steady.map((value, index) => (index === 30 ? 10_000 : value)))).toEqual([]);
    const stepped = levelsOf(
      [
        [100, 30],
        [106, 30],
      ],
      6,
    );
    const spiked = stepped.map((value, index) => (index === 15 || index === 29 ? 10_000 : value));
    const { changes, outliers } = findLevels(spiked, { method });
    expect(outliers).toEqual([15, 29]);
    // What stands between the levels may belong to either.
    expect(changes).toMatchObject([{ index: 30, range: { after: 28, by: 30 } }]);
    expect(changes[0]!.before).toBeCloseTo(100, 0);
  });

  test("changes smaller than asked are left out, and those from 0 are not", () => {
    const values = levelsOf(
      [
        [100, 40],
        [110, 40],
      ],
      7,
    );
    expect(indexesOf(values, { minMagnitude: 0.05 })).toEqual([40]);
    expect(indexesOf(values, { minMagnitude: 0.15 })).toEqual([]);
    const from0 = Array.from({ length: 40 }, (_, index) => (index < 20 ? 0 : 5));
    expect(indexesOf(from0, { minMagnitude: 9 })).toEqual([20]);
  });

  test("a slow drift is told as a few steps in its direction", () => {
    const drift = steadyAbout(0, 200, 8).map((noise, index) => 100 + noise + index / 25);
    const steps = changePoints(drift, { method });
    expect(steps.length).toBeGreaterThanOrEqual(1);
    expect(steps.length).toBeLessThanOrEqual(5);
    for (const { before, after } of steps) expect(after).toBeGreaterThan(before);
  });

  test("a drift without noise is not taken for a swing", () => {
    expect(indexesOf(Array.from({ length: 200 }, (_, index) => 1000 + index)).length).toBeGreaterThanOrEqual(1);
  });

  test("noise carried over from run to run is not taken for steps", () => {
    let roused = 0;
    for (let seed = 0; seed < 40; seed++) {
      let carried = 0;
      const values = steadyAbout(0, 200, seed).map((noise) => {
        carried = 0.5 * carried + noise;
        return 100 + carried;
      });
      if (indexesOf(values).length > 0) roused++;
    }
    expect(roused).toBeLessThanOrEqual(10);
  });

  test("whatever the values: indexes rise by three and more, levels are the means between them, and the answer is the same again", () => {
    const value = fc.oneof(fc.constantFrom(0, 1, 1, 5), fc.double({ min: -1e6, max: 1e6, noNaN: true }));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 60 }), (values) => {
        const options = { method, permutations: 99 };
        const found = changePoints(values, options);
        expect(changePoints(values, options)).toEqual(found);
        let before = 0;
        for (const { index, range, pValue } of found) {
          expect(index - before).toBeGreaterThanOrEqual(3);
          expect(range.after).toBeLessThan(index);
          expect(range.by).toBeGreaterThanOrEqual(index);
          expect(pValue).toBeGreaterThanOrEqual(0);
          expect(pValue).toBeLessThanOrEqual(0.01);
          before = index;
        }
        for (const [place, { after }] of found.slice(0, -1).entries()) expect(found[place + 1]!.before).toBe(after);
      }),
      { numRuns: 60 },
    );
  });

  test("what is no number, and options without sense, are our fault", () => {
    expect(() => changePoints([1, Number.NaN, 2])).toThrow(/measured/);
    expect(() => changePoints([1], { maxPValue: 0 })).toThrow(/p-value/);
  });
});

test("another seed shuffles otherwise and finds the same clear steps", () => {
  const values = levelsOf(
    [
      [100, 40],
      [104, 40],
      [100, 40],
    ],
    9,
  );
  for (let seed = 0; seed < 8; seed++) {
    expect(changePoints(values, { method: "permutation", seed }).map(({ index }) => index)).toEqual([40, 80]);
  }
});
