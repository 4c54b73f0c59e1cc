import { expect, test } from "vitest";
import { pairedDifferences } from "../../metrics/paired.ts";
import { createStream } from "../../workload/random-stream.ts";
import { scenarioOf } from "../scenario-of.ts";
import { recordOf } from "./record-of.ts";
import { coverageOf, normalOf } from "./synthetic.ts";

const scenario = scenarioOf("workload: { arrivals: 1 }");
const stream = createStream(1, "paired");

/** Ten replications of two scenarios; the second lies `by` higher, and shares all luck but a tenth. */
function compared(by: number) {
  const luck = Array.from({ length: 10 }, () => 100 + 10 * normalOf(stream));
  const records = luck.map((value) => recordOf({ storedSessionsMean: value }));
  const others = luck.map((value) => recordOf({ storedSessionsMean: value + by + normalOf(stream) }));
  const [stored] = pairedDifferences({ scenario, records }, { scenario, records: others });
  return stored;
}

test("95 % intervals of a paired difference hold it in 93 to 97 % of 1,000 comparisons", () => {
  const { held } = coverageOf(1000, 3, () => compared(3).difference.interval);
  expect(held).toBeGreaterThanOrEqual(0.93);
  expect(held).toBeLessThanOrEqual(0.97);
});

test("where nothing differs, a difference is seen in 3 to 7 % of 1,000 comparisons, and always where it is large", () => {
  const seen = Array.from({ length: 1000 }, () => compared(0)).filter(({ differs }) => differs === true).length;
  expect(seen).toBeGreaterThanOrEqual(30);
  expect(seen).toBeLessThanOrEqual(70);
  for (let i = 0; i < 50; i++) expect(compared(5).differs).toBe(true);
});

test("luck shared makes the variance of the difference as much smaller as the shared part is larger", () => {
  const ratios = Array.from({ length: 500 }, () => compared(0).varianceRatio ?? 0).sort((a, b) => a - b);
  // (100 + 101) / 1, as the median of many.
  expect(ratios[250]).toBeGreaterThan(150);
  expect(ratios[250]).toBeLessThan(270);
  expect(compared(0).correlation).toBeGreaterThan(0.9);
});

test("a share differs by the quotient of sums, as both results give it", () => {
  const sides = [10, 20].map((refused) => ({
    scenario,
    records: [100, 300, 200].map((arrivals) => recordOf({ measured: { arrivals, refused } })),
  }));
  const refused = pairedDifferences(sides[0], sides[1]).find(({ figure }) => figure === "refusedShare");
  expect(refused?.first).toBeCloseTo(30 / 600, 12);
  expect(refused?.second).toBeCloseTo(60 / 600, 12);
  expect(refused?.difference.value).toBeCloseTo(30 / 600, 12);
});

test("two runs that are the same do not differ, and one replication tells nothing", () => {
  const records = [1, 2, 3].map((storedSessionsMean) => recordOf({ storedSessionsMean }));
  const [same] = pairedDifferences({ scenario, records }, { scenario, records });
  expect(same).toMatchObject({ difference: { value: 0 }, differs: false, correlation: 1, varianceRatio: null });
  const one = records.slice(0, 1);
  expect(pairedDifferences({ scenario, records: one }, { scenario, records: one })[0].differs).toBeNull();
});

test("what only rounding tells apart does not differ", () => {
  const three = [0.1, 0.2, 0.3].map((value) => recordOf({ storedSessionsMean: value }));
  const rounded = [0.1, 0.2, 0.1 + 0.2].map((value) => recordOf({ storedSessionsMean: value }));
  const [stored] = pairedDifferences({ scenario, records: three }, { scenario, records: rounded });
  expect(stored).toMatchObject({ difference: { value: 0 }, differs: false });
});
