import { expect, test } from "vitest";
import { verdictsOn, worsened } from "../../../proof/noise/ask-verdicts.ts";
import { falseAlarms, tryOne, wrongNoWorse } from "../../../proof/noise/false-alarms.ts";
import { interleave } from "../../../proof/noise/interleave.ts";
import { noiseKinds } from "../../../proof/noise/noise-kinds.ts";
import { isFooled } from "../../../proof/noise/plain-test.ts";
import { tryShape } from "../../../proof/noise/shape-change.ts";
import { createSuite, suiteKeys } from "../../../proof/noise/suite.ts";

const work = { repeats: 6, seed: 1, goOn: async () => true };

test("thirty suites in which nothing changed raise no alarm, and most of their metrics are found no worse", async () => {
  const findings = await falseAlarms(work);
  expect(findings).toHaveLength(noiseKinds.length + 1);
  expect(findings?.every(({ found, held }) => found === 0 && held)).toBe(true);
  expect(findings?.at(-1)?.note).toMatch(/^0 of 30 suites of 12 metrics, .*; [6-9]\d\.\d % of metrics no worse/);
});

test("what is worse by exactly the minimum effect is seldom called no worse", async () => {
  const [finding] = (await wrongNoWorse({ ...work, repeats: 4 })) ?? [];
  expect(finding).toMatchObject({ held: true });
  expect(finding?.found).toBeLessThan(0.05);
});

test("twenty percent more is found under every kind of noise that does not drown it, and in no other metric", () => {
  const changed = "responseP50Ms";
  for (const kind of ["autocorrelated", "drifting"] as const) {
    const { verdicts } = tryOne(kind, 3, (value, key) => (key === changed ? worsened(value, key, 0.2) : value));
    const regressed = suiteKeys.filter((_, place) => verdicts[place] === "regressed");
    expect(regressed).toEqual([changed]);
  }
});

test("a change for the better is none for the worse, whichever way a metric is read", () => {
  expect(worsened(100, "responseP50Ms", 0.05)).toBeCloseTo(105);
  expect(worsened(100, "saturationRequestsPerSecond", 0.05)).toBeCloseTo(95);
  expect(worsened(0.02, "failedShare", 0.002)).toBeCloseTo(0.022);
  const { verdicts } = tryOne("autocorrelated", 4, (value, key) => worsened(value, key, -0.001));
  expect(verdicts).not.toContain("regressed");
});

test("a comparison ends with the block after which every metric has its verdict, and asks after each", () => {
  const asked: number[] = [];
  const suite = createSuite("autocorrelated", 1);
  const outcome = interleave({
    ...suite,
    seed: 1,
    blocksMax: 9,
    judge(sides) {
      const blocks = sides[0]!.base.length / 2;
      asked.push(blocks);
      expect(sides.every(({ base, candidate }) => base.length === 2 * blocks && candidate.length === 2 * blocks)).toBe(
        true,
      );
      return sides.map(() => (blocks < 4 ? "cannot tell" : "no worse"));
    },
  });
  expect(asked).toEqual([1, 2, 3, 4]);
  expect(outcome).toEqual({ blocks: 4, verdicts: suiteKeys.map(() => "no worse"), everRegressed: [] });
});

test("an alarm that was taken back is not forgotten", () => {
  const outcome = interleave({
    ...createSuite("bimodal", 1),
    seed: 1,
    blocksMax: 3,
    judge: (sides) => sides.map(({ base }, place) => (base.length === 4 && place === 0 ? "regressed" : "cannot tell")),
  });
  expect(outcome).toMatchObject({ blocks: 3, everRegressed: [suiteKeys[0]] });
});

test("no verdict is given on one block, however large its difference", () => {
  const verdicts = verdictsOn([{ key: "responseP50Ms", base: [1, 1], candidate: [9, 9] }]);
  expect(verdicts).toEqual(["cannot tell"]);
});

test("the drifts that raise no alarm here fool a test of one side after the other nearly always", () => {
  const fooled = Array.from({ length: 10 }, (_, seed) => isFooled("drifting", seed + 1));
  expect(fooled.filter(Boolean).length).toBeGreaterThanOrEqual(8);
});

test("a second mode is found while the median stays, and none where there is none", () => {
  const moved = tryShape(1, 0.1);
  expect(moved.regressed).toContain("responseShape");
  expect(moved.regressed).not.toContain("responseP50Ms");
  expect(tryShape(2, 0).regressed).toEqual([]);
});
