// What several runs of one phase come to together.

import { expect, test } from "vitest";
import { meanFinds } from "../../../bench/calibrate/phase-finds.ts";
import { SMALL_BYTES } from "../../../bench/calibrate/phases.ts";
import { plantedFinds, quietSite } from "./planted-site.ts";

test("runs that were asked for more than once are one, with their mean; the worst of the machine is told", () => {
  const first = plantedFinds(quietSite, "empty", SMALL_BYTES, 50);
  const later = {
    ...first,
    cpuMsPerRequest: first.cpuMsPerRequest + 0.2,
    quantilesMs: first.quantilesMs.map((ms) => ms + 1),
    responses: 500,
    memoryBytes: null,
    stealShare: 0.03,
  };
  const other = plantedFinds(quietSite, "empty", SMALL_BYTES, 400);
  const [mean, same] = meanFinds([first, other, later]);
  expect(mean.cpuMsPerRequest).toBeCloseTo(first.cpuMsPerRequest + 0.1, 12);
  expect(mean.quantilesMs[7]).toBeCloseTo(first.quantilesMs[7] + 0.5, 12);
  expect(mean).toMatchObject({ responses: 1500, memoryBytes: first.memoryBytes, stealShare: 0.03, perSecond: 50 });
  expect(same).toEqual(other);
});
