import { expect, test } from "vitest";
import type { NoiseFloors } from "../../../metrics/compare/noise-floors.ts";
import { renderNoise } from "../../../reports/comparison/noise-table.ts";

const noise: NoiseFloors = {
  schema: "sessionlab.noise/1",
  machine: "a processor, 2 cores, linux x64",
  driver: "journeys",
  scenario: "ycsb-a-short",
  label: "InProc, measured",
  measuredAt: "2026-11-21T00:00:00.000Z",
  blocks: 16,
  floors: [
    floor("responseP50Ms", "Response time, p50", "ms", "relative", 0.0312, 0.02),
    floor("responseP99Ms", "Response time, p99", "ms", "relative", 0.183, 0.1),
    floor("failedShare", "Requests failed", "share", "absolute", 0.0004, 0.0002),
    floor("goneMetric", "Told no more", "", "relative", 0.1, 0.1),
  ],
};

function floor(
  key: string,
  label: string,
  unit: string,
  scale: "relative" | "absolute",
  size: number,
  deviation: number,
) {
  return {
    key,
    label,
    unit,
    scale,
    floor: size,
    blockDeviation: deviation,
    runDeviation: 2 * deviation,
    blockDifferences: [deviation],
  };
}

test("the noise of a machine says of each metric whether it can be decided there", () => {
  const text = renderNoise(noise, 16, { color: false, columns: 100 });
  expect(text).toMatchInlineSnapshot(`
    "Noise of a processor, 2 cores, linux x64: 1 of 4 metrics cannot be decided here
      ycsb-a-short, journeys; InProc, measured; 16 blocks of four runs, all alike

                         one run ±   one block ±     floor   minimum effect   decidable
    Response time, p50         4 %           2 %    3.12 %              5 %         yes
    Response time, p99        20 %          10 %    18.3 %             10 %          no
    Requests failed        0.04 pp       0.02 pp   0.04 pp           0.2 pp         yes
    Told no more              20 %          10 %      10 %                —           —

    ±: standard deviation, of one run around the middle of all and of what one block of four runs says
    of an effect. Floor: the smallest effect that 16 blocks find in 95 of 100 comparisons. A metric
    whose minimum effect lies under its floor cannot be decided here: it is not waited for.
    "
  `);
});
