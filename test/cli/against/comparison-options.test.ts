import { describe, expect, test } from "vitest";
import { refuseBesideComparison } from "../../../cli/against/comparison-options.ts";
import type { BenchCommandOptions } from "../../../cli/bench/bench-options.ts";

describe("the options of bench", () => {
  test.each<[string, BenchCommandOptions]>([
    ["of one run", { driver: "micro", seconds: 1, out: "out" }],
    [
      "of a comparison",
      { against: ["HEAD"], budgetMinutes: 5, build: "make", strict: true, noiseFile: "n", out: "out" },
    ],
    ["of a calibration", { calibrateNoise: true, blocksMax: 20, noiseFile: "n" }],
  ])("%s go together", (_what, options) => {
    expect(() => refuseBesideComparison(options)).not.toThrow();
  });

  test.each<[string, BenchCommandOptions, RegExp]>([
    [
      "of one run, beside a comparison",
      { against: ["HEAD"], log: "x", rounds: 3 },
      /--rounds is given.*--log is given/s,
    ],
    [
      "of a foreign site, beside a comparison",
      { against: ["HEAD"], url: "http://x/" },
      /--url is given.*none with --against/,
    ],
    ["of a comparison, without one", { strict: true, blocksMax: 3 }, /--blocks-max is given.*--strict is given/s],
    ["of a comparison, beside a calibration", { calibrateNoise: true, waivers: "w" }, /--waivers is given/],
    [
      "of both at once",
      { calibrateNoise: true, against: ["HEAD"] },
      /--against is beside --calibrate-noise.*both sides alike/,
    ],
  ])("%s are refused, all of them", (_what, options, message) => {
    expect(() => refuseBesideComparison(options)).toThrow(message);
  });
});
