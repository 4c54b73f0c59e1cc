import { describe, expect, test } from "vitest";
import { type DriverOptions, refuseUnheeded } from "../../../cli/bench/driver-options.ts";
import { benchDriverNames } from "../../../metrics/run-result.ts";

describe("an option that a driver would not heed", () => {
  test("is refused with all others like it, saying which drivers heed it", () => {
    const asked: DriverOptions = { driver: "memory", log: "u_ex.log", connectionsMax: 3, stateBytes: [1024] };
    expect(() => refuseUnheeded(asked)).toThrow(
      /--connections-max is with --driver memory; expected only with --driver journeys, slo; .*\n.*--log is with .*journeys, saturation, locks/,
    );
    expect(() => refuseUnheeded(asked)).not.toThrow(/--state-bytes/);
  });

  test.each<[string, DriverOptions]>([
    ["--concurrency", { concurrency: [4] }],
    ["--state-bytes", { stateBytes: [1024] }],
    ["--straight", { driver: "micro", straight: true }],
    ["--generators", { driver: "locks", generators: 2 }],
    ["--faults", { driver: "slo", faults: "recycle" }],
    ["--seed", { driver: "micro", seed: 4 }],
    ["--time-scale", { driver: "locks", timeScale: 60 }],
    ["--concurrency", { driver: "saturation", concurrency: [8, 64] }],
  ])("is refused: %s of %j", (option, asked) => {
    expect(() => refuseUnheeded(asked)).toThrow(`Cannot run: ${option} is`);
  });

  test("is not one that asks for what every driver does anyway", () => {
    for (const driver of benchDriverNames) refuseUnheeded({ driver, generators: 1, faults: "none" });
  });

  test("is none of those that the journeys heed, nor the sizes and numbers of other drivers", () => {
    refuseUnheeded({
      straight: true,
      generators: 2,
      connectionsMax: 3,
      faults: "recycle",
      seed: 1,
      timeScale: 2,
      log: "x",
    });
    refuseUnheeded({ driver: "saturation", concurrency: [64], generators: 2, log: "x", timeScale: 60 });
    refuseUnheeded({ driver: "locks", concurrency: [1, 2], seed: 3 });
  });
});
