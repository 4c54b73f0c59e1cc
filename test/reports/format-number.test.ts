import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  formatDuration,
  formatFigure,
  formatNumber,
  formatRelative,
  formatScaled,
  scaleFor,
} from "../../reports/format-number.ts";

test.each([
  [0, "0"],
  [650, "650"],
  [999.96, "1,000"],
  [1234.5, "1,235"],
  [1_234_567, "1,234,567"],
  [12.345, "12.35"],
  [9.9996, "10.00"],
  [0.0123456, "0.01235"],
  [0.0000123, "1.23×10⁻⁵"],
  [-5.5, "−5.500"],
  [1e16, "1.000×10¹⁶"],
  [Number.NaN, "—"],
])("the number %d is written %s", (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test("a number read back is within half of its fourth digit", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-4, max: 1e14, noNaN: true }), (value) => {
      const read = Number(formatNumber(value).replaceAll(",", ""));
      expect(Math.abs(read - value)).toBeLessThanOrEqual(Math.max(value * 5.001e-4, 0));
    }),
  );
});

test.each([
  [850, "850 ms"],
  [2340, "2.34 s"],
  [60_000, "1 min"],
  [750_000, "12 min 30 s"],
  [7_200_000, "2 h"],
  [277_200_000, "3 d 5 h"],
])("%d ms is %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

describe("a figure with its unit", () => {
  test.each([
    [0.0123, "share", "1.230 %"],
    [0.29, "share", "29 %"],
    [3, "/s", "3/s"],
    [44.7 * 1024 ** 2, "bytes", "44.70 MiB"],
    [1023, "bytes", "1,023 bytes"],
    [1200, "s", "20 min"],
    [512.34, "ms", "512.3 ms"],
    [65_000, "ms", "65 s"],
    [null, "ms", "—"],
    [883_150_198, "ns/iter", "883.2 ms/iter"],
    [3_270_682_913_000, "ns", "54.51 min"],
    [12_345, "ns/op", "12.35 µs/op"],
    [12.5, "ns", "12.50 ns"],
    [0, "ns", "0 ns"],
    [250, "us", "0.2500 ms"],
    [80, "us/op", "80 µs/op"],
    [2048, "B/op", "2 KiB/op"],
    [640, "B", "640 B"],
    [31_901, "ops/s", "31,901 ops/s"],
    [5e9, "MB/s", "5,000,000,000 MB/s"],
    [5e9, "ns/", "5,000,000,000 ns/"],
  ])("%d %s is %s", (value, unit, text) => {
    expect(formatFigure(value, unit)).toBe(text);
  });

  test("a row has one unit, that of its largest value, and its decimals line up", () => {
    const scale = scaleFor("bytes", [1024, 3.5 * 1024 ** 2, 2 * 1024 ** 2]);
    expect(scale.unit).toBe("MiB");
    expect(formatScaled(2 * 1024 ** 2, scale)).toBe("2.000");
    expect(formatScaled(1024, scale)).toBe("0.0009766");
  });
});

test.each([
  [0, "±0 %"],
  [0.031, "+3.10 %"],
  [-0.0004, "−0.04 %"],
  [-0.5, "−50.0 %"],
  [12, "+1,200 %"],
])("the relative difference %d is written %s", (difference, text) => {
  expect(formatRelative(difference)).toBe(text);
});
