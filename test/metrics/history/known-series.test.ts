// Series whose change points Apache Otava and MongoDB state in their own tests.

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type ChangePointOptions, changePoints } from "../../../metrics/history/change-points.ts";

const folder = fileURLToPath(new URL("../../../../shared/data/perf-series/", import.meta.url));
const present = existsSync(folder);
const because = present ? "" : ` (skipped: ${folder} is not here)`;

interface OtavaSeries {
  readonly name: string;
  readonly series: readonly number[];
  readonly windowLen?: number;
  readonly maxPvalue?: number;
  readonly minMagnitude?: number;
  readonly expected?: readonly number[];
  readonly expectedCount?: number;
  readonly expectedFirst?: number;
}

interface MongodbSeries {
  readonly series: readonly number[];
  readonly expected: number;
}

/** What Otava takes where a test says nothing. */
const OTAVA_P_VALUE = 0.001;

function read<Kind>(file: string): Kind {
  return JSON.parse(readFileSync(`${folder}${file}`, "utf8")) as Kind;
}

const indexesOf = (values: readonly number[], options: Partial<ChangePointOptions> = {}) =>
  changePoints(values, options).map(({ index }) => index);

describe.skipIf(!present)(`the series of Otava's tests${because}`, () => {
  const all = present ? read<{ series: readonly OtavaSeries[] }>("otava-small.json").series : [];

  test.each(all)("$name, by the t-test", (one) => {
    const found = indexesOf(one.series, {
      method: "t-test",
      maxPValue: one.maxPvalue ?? OTAVA_P_VALUE,
      ...(one.windowLen === undefined ? {} : { windowLength: one.windowLen }),
      ...(one.minMagnitude === undefined ? {} : { minMagnitude: one.minMagnitude }),
    });
    if (one.expected !== undefined) expect(found).toEqual(one.expected);
    if (one.expectedCount !== undefined) expect(found).toHaveLength(one.expectedCount);
    if (one.expectedFirst !== undefined) expect(found[0]).toBe(one.expectedFirst);
    expect([one.expected, one.expectedCount]).not.toEqual([undefined, undefined]);
  });

  test.each(all.filter(({ series }) => series.length > 14))("$name, by shuffles", ({ series, expected }) => {
    expect(indexesOf(series, { method: "permutation" })).toEqual(expected);
  });
});

describe.skipIf(!present)(`the series of MongoDB's tests${because}`, () => {
  const short = present ? read<MongodbSeries>("mongodb-short.json") : { series: [], expected: 0 };
  const small = present ? read<MongodbSeries>("mongodb-small.json") : { series: [], expected: 0 };

  test.each(["t-test", "permutation"] as const)("a constant series has none, by %s", (method) => {
    expect(indexesOf(short.series, { method })).toHaveLength(short.expected);
  });

  test("nine, by shuffles as MongoDB counts them and with its seed", () => {
    const mongodb = { method: "permutation", maxPValue: 0.01, permutations: 100, seed: 1234 } as const;
    expect(indexesOf(small.series, mongodb)).toHaveLength(small.expected);
  });

  test("the same nine by default, by the t-test, and by shuffles of any seed", () => {
    // The second half repeats the first, so that what is found there is found here.
    const nine = [25, 64, 69, 114, 173, 198, 237, 242, 287];
    expect(nine).toHaveLength(small.expected);
    expect(indexesOf(small.series)).toEqual(nine);
    expect(indexesOf(small.series, { method: "t-test", maxPValue: 0.01 })).toEqual(nine);
    for (let seed = 0; seed < 10; seed++)
      expect(indexesOf(small.series, { method: "permutation", seed })).toEqual(nine);
  });
});
