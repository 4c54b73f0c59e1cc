import { expect, test } from "vitest";
import type { NoiseFloors } from "../../../metrics/compare/noise-floors.ts";
import { createMeasuredBlocks } from "../../../proof/noise/measured-blocks.ts";
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
  floors: ["getItem", "removeItem"].map((name, place) => ({
    key: `micro.${name}.4096.p50Ms`,
    label: name,
    unit: "ms",
    scale: "relative",
    floor: 0,
    blockDeviation: deviation,
    runDeviation: 2 * deviation,
    blockDifferences: Array.from({ length: 16 }, (_, block) => deviation * Math.sin(1 + 7 * block + place)),
  })),
});

const work = { repeats: 20, seed: 1, goOn: async () => true };

test("five percent are found nearly always where blocks lie one percent apart, and nearly never at thirty", async () => {
  const micro = (findings: Awaited<ReturnType<typeof power>>) =>
    findings?.find(({ what }) => what === "Micro benchmark +5 %, InProc, micro");
  expect(micro(await power([noiseOf(0.01)], work))).toMatchObject({ found: 1, held: true });
  expect(micro(await power([noiseOf(0.3)], work))?.found).toBeLessThan(0.3);
});

test("blocks are those that were measured, all metrics together, either way round", () => {
  const [one, other] = [
    [0.01, -0.02, 0.03],
    [0.1, -0.2, 0.3],
  ];
  const next = createMeasuredBlocks([{ blockDifferences: one! }, { blockDifferences: other! }], 1);
  const drawn = Array.from({ length: 200 }, () => next());
  for (const [a, b] of drawn) expect(b).toBeCloseTo(10 * a!, 12);
  expect(new Set(drawn.map(([a]) => a))).toEqual(new Set([0.01, -0.01, 0.02, -0.02, 0.03, -0.03]));
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
