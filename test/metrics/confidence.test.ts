import { expect, test } from "vitest";
import { logGamma, meanInterval, tQuantile } from "../../metrics/confidence.ts";
import { normalQuantile } from "../../workload/distributions.ts";
import { createStream } from "../../workload/random-stream.ts";

test("Student's t agrees with the printed tables", () => {
  // Source: NIST/SEMATECH e-Handbook of Statistical Methods, table 1.3.6.7.2.
  const table: [number, number, number][] = [
    [0.975, 1, 12.706],
    [0.975, 4, 2.776],
    [0.95, 10, 1.812],
    [0.995, 30, 2.75],
    [0.999, 100, 3.174],
  ];
  for (const [probability, degrees, value] of table) expect(tQuantile(probability, degrees)).toBeCloseTo(value, 3);
  expect(tQuantile(0.025, 4)).toBe(-tQuantile(0.975, 4));
  expect(tQuantile(0.975, 1e7)).toBeCloseTo(normalQuantile(0.975), 5);
});

test("the log-gamma function agrees with factorials and with Γ(1/2)", () => {
  expect(Math.exp(logGamma(11))).toBeCloseTo(3_628_800, 5);
  expect(Math.exp(logGamma(0.5))).toBeCloseTo(Math.sqrt(Math.PI), 12);
});

test("95 % intervals hold the mean of a normal law in 93 to 97 % of 2,000 seeded samples of 8", () => {
  const stream = createStream(4, "coverage");
  let held = 0;
  for (let sample = 0; sample < 2000; sample++) {
    const values = Array.from({ length: 8 }, () => 10 + 3 * normalQuantile(stream.next()));
    const interval = meanInterval(values, 0.95, "");
    if (interval !== null && interval.low <= 10 && 10 <= interval.high) held++;
  }
  expect(held / 2000).toBeGreaterThan(0.93);
  expect(held / 2000).toBeLessThan(0.97);
});

test("one value has no interval", () => {
  expect(meanInterval([5], 0.95, "")).toBeNull();
});
