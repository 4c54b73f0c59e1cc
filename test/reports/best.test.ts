import { describe, expect, test } from "vitest";
import { betterOf, rivals, standings, standingsOf } from "../../reports/best.ts";
import { makeResult } from "./fixture-result.ts";
import { makeStudyResult } from "./fixture-study.ts";

const about = (value: number, half: number) => ({
  value,
  interval: { low: value - half, high: value + half, method: "95 %" },
});

describe("the best of several", () => {
  test("is the one ahead when its interval meets no other", () => {
    expect(standings([about(10, 1), about(13, 1), about(20, 1)], "lower")).toEqual(["best", null, null]);
    expect(standings([about(10, 1), about(13, 1), about(20, 1)], "higher")).toEqual([null, null, "best"]);
  });

  test("cannot be told among those whose intervals meet that of the foremost", () => {
    expect(standings([about(10, 1), about(11.5, 1), about(20, 1)], "lower")).toEqual(["even", "even", null]);
    // The third meets the second but not the foremost.
    expect(standings([about(10, 1), about(12, 1), about(14, 1)], "lower")).toEqual(["even", "even", null]);
  });

  test("is the lowest or highest and no more where an interval is missing, and is not told of one, of equals or of the unknown", () => {
    expect(standings([{ value: 3 }, { value: 2 }, { value: null }], "lower")).toEqual([null, "lowest", null]);
    expect(standings([about(10, 1), { value: 30 }], "higher")).toEqual([null, "highest"]);
    expect(standings([{ value: 3 }, { value: null }], "lower")).toEqual([null, null]);
    expect(standings([{ value: 3 }, { value: 3 }], "lower")).toEqual([null, null]);
    expect(standings([{ value: 3 }, { value: 2 }], null)).toEqual([null, null]);
  });

  test("is told among runs made alike: no simulation beats a measurement, no experiment another", () => {
    const results = [makeResult(), makeResult({ kind: "measured" }), makeStudyResult("locks"), makeResult()];
    expect(rivals(results)).toEqual([[0, 3], [1], [2]]);
    const cells = [5, 1, 0.1, 4].map((value) => ({ value }));
    expect(standingsOf(results, cells, "lower")).toEqual([null, null, null, "lowest"]);
  });

  test("wants less time and memory and more throughput; how many came is nobody's merit", () => {
    expect(betterOf("responseP99Ms", "ms")).toBe("lower");
    expect(betterOf("memoryBytesPerSession", "bytes")).toBe("lower");
    expect(betterOf("sloRequestsPerSecond", "/s")).toBe("higher");
    expect(betterOf("visitsPerSecond", "/s")).toBeNull();
  });
});
