import { expect, test } from "vitest";
import type { NoiseFloors } from "../../../metrics/compare/noise-floors.ts";
import { createMeasuredSuite } from "../../../proof/noise/measured-suite.ts";
import { claims, power } from "../../../proof/noise/power.ts";
import { recordedNoise } from "../../../proof/noise/recorded-noise.ts";

const noiseOf = (deviation: number): NoiseFloors => ({
  schema: "sessionlab.noise/1",
  machine: "a machine",
  driver: "micro",
  scenario: "basket",
  label: "InProc, micro",
  measuredAt: "2026-11-21T12:00:00.000Z",
  blocks: 16,
  floors: ["getItem", "removeItem"].map((name) => ({
    key: `micro.${name}.4096.p50Ms`,
    label: name,
    unit: "ms",
    scale: "relative",
    floor: 0,
    blockDeviation: deviation,
    runDeviation: 2 * deviation,
  })),
});

const work = { repeats: 20, seed: 1, goOn: async () => true };

test("five percent are found nearly always where blocks lie one percent apart, and nearly never at thirty", async () => {
  const micro = (findings: Awaited<ReturnType<typeof power>>) =>
    findings?.find(({ what }) => what === "Micro benchmark +5 %, InProc, micro");
  expect(micro(await power([noiseOf(0.01)], work))).toMatchObject({ found: 1, held: true });
  expect(micro(await power([noiseOf(0.3)], work))?.found).toBeLessThan(0.3);
});

test("a suite has the deviations that were measured, of runs and of blocks", () => {
  const [blocks, runs] = [[] as number[], [] as number[]];
  for (let seed = 0; seed < 400; seed++) {
    const suite = createMeasuredSuite(noiseOf(0.01).floors, seed);
    const block = Array.from({ length: 4 }, () => Math.log(suite.run()[0]!));
    runs.push(block[0]!);
    blocks.push((block[1]! + block[2]! - block[0]! - block[3]!) / 2);
  }
  const deviation = (values: readonly number[]) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);
  expect(deviation(runs)).toBeCloseTo(0.02, 2);
  expect(Math.abs(deviation(blocks) - 0.01)).toBeLessThan(0.003);
});

test("a claim that no noise is known for is not held, and says so", async () => {
  const findings = await power([], { ...work, repeats: 1 });
  for (const { what, keys } of claims) {
    const isKnown = recordedNoise.some(({ floors }) => floors.some(({ key }) => keys.test(key)));
    const ofClaim = findings?.filter((finding) => finding.what.startsWith(what)) ?? [];
    expect(ofClaim).toHaveLength(1);
    expect(ofClaim[0]?.note?.startsWith("not tried")).toBe(!isKnown);
    if (!isKnown) expect(ofClaim[0]?.held).toBe(false);
  }
});
