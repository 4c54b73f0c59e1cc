import { expect, test } from "vitest";
import { memoryBand } from "../../metrics/memory-band.ts";
import type { MemoryLine } from "../../metrics/study.ts";

const interval = (value: number, half: number) => ({
  value,
  interval: { low: value - half, high: value + half, method: "95 %" },
});
const line: MemoryLine = {
  stateBytes: 1000,
  points: [0, 1000, 2000].map((sessions) => ({ sessions, bytes: 5000 + 10 * sessions })),
  bytesPerSession: interval(10, 1),
  interceptBytes: interval(5000, 1250),
  afterExpiryBytes: null,
  reclaimedShare: null,
};

test("the band is as wide at 0 sessions as the interval of the intercept, and narrowest in the middle of the readings", () => {
  const band = memoryBand(line);
  const half = ({ lowBytes, highBytes }: (typeof band)[number]) => (highBytes - lowBytes) / 2;
  const middle = band[12]!;
  expect(half(band[0]!)).toBeCloseTo(1250, 6);
  // 1,250² = level² + (1,000 × 1)², so the level is known to ± 750.
  expect(middle.sessions).toBe(1000);
  expect(half(middle)).toBeCloseTo(750, 6);
  expect(half(band.at(-1)!)).toBeCloseTo(1250, 6);
  expect(band.at(-1)!.bytes).toBe(25_000);
});

test("without intervals the band is the line", () => {
  const exact = {
    ...line,
    bytesPerSession: { value: 10, interval: null },
    interceptBytes: { value: 0, interval: null },
  };
  for (const { bytes, lowBytes, highBytes } of memoryBand(exact)) expect([lowBytes, highBytes]).toEqual([bytes, bytes]);
});
