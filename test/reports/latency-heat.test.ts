import { describe, expect, test } from "vitest";
import { createHistogram, encodeHistogram, recordMs } from "../../metrics/latency-histogram.ts";
import type { RunResult } from "../../metrics/run-result.ts";
import { shadeOf } from "../../reports/html/charts/cells.ts";
import { renderHtml } from "../../reports/html/page.ts";
import { heatMaps } from "../../reports/latency-heat.ts";
import { makeResult } from "./fixture-result.ts";
import { makeStudyResult } from "./fixture-study.ts";

/** A result of two stretches of a second with these latencies in them. */
function stretches(...latenciesMs: readonly (readonly number[])[]): RunResult {
  const responseIntervals = latenciesMs.map((values, index) => {
    const histogram = createHistogram();
    for (const ms of values) recordMs(histogram, ms);
    return { fromMs: index * 1000, toMs: (index + 1) * 1000, histogram: encodeHistogram(histogram) };
  });
  return { ...makeResult(), responseIntervals };
}

describe("latency over time as cells", () => {
  test("gives every stretch the share of its own requests on each step, whatever the others had", () => {
    const heat = heatMaps([stretches([1.1, 1.1, 1.1, 105], [105])])!;
    const [first, second] = heat.maps[0]!.stretches;
    const stepAt = (ms: number) => heat.edgesMs.findLastIndex((edgeMs) => edgeMs <= ms);
    expect(first!.shares[stepAt(1.1)]).toBe(0.75);
    expect(first!.shares[stepAt(105)]).toBe(0.25);
    expect(second!.shares[stepAt(105)]).toBe(1);
    for (const { shares } of [first!, second!])
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  });

  test("has steps that rise by the same factor and hold the slowest of all results", () => {
    const { edgesMs } = heatMaps([stretches([0.5], [3]), stretches([20, 7999])])!;
    const factor = edgesMs[1]! / edgesMs[0]!;
    for (let step = 1; step < edgesMs.length; step++)
      expect(edgesMs[step]! / edgesMs[step - 1]!).toBeCloseTo(factor, 9);
    expect(edgesMs.length).toBeLessThanOrEqual(27);
    expect(edgesMs[0]).toBeLessThanOrEqual(0.5);
    expect(edgesMs.at(-1)).toBeGreaterThan(7999);
  });

  test("tells a stretch without requests from one of which nothing took so long", () => {
    const [, empty] = heatMaps([stretches([5], [])])!.maps[0]!.stretches;
    expect(empty).toMatchObject({ requests: 0, p50Ms: null, upperMs: null });
    expect(empty!.shares.every((share) => share === 0)).toBe(true);
  });

  test("draws no percentile that a stretch has too few requests for", () => {
    const many = Array.from({ length: 1000 }, (_, index) => 1 + index / 100);
    expect(heatMaps([stretches(many, many)])!).toMatchObject({ upperPercentile: 99 });
    const few = heatMaps([stretches(many.slice(0, 200), many.slice(0, 200), [3])])!;
    expect(few.upperPercentile).toBe(90);
    expect(few.maps[0]!.stretches.map(({ upperMs }) => upperMs === null)).toEqual([false, false, true]);
  });

  test("leaves out stretches that never began, and results without any", () => {
    const cut = makeResult({ kind: "measured", completeTo: 4_500_000 });
    const heat = heatMaps([makeStudyResult("locks"), cut])!;
    expect(heat.maps.map(({ index }) => index)).toEqual([1]);
    expect(heat.maps[0]!.stretches).toHaveLength(30);
    expect(heatMaps([makeStudyResult("locks")])).toBeNull();
  });

  test("takes less than 12 kB of the page a result", async () => {
    const page = await renderHtml([makeResult(), makeResult({ kind: "measured" })]);
    const maps = page.match(/<svg class="chart"[^>]*aria-label="[^"]*: response times over time.*?<\/svg>/gs)!;
    expect(maps).toHaveLength(2);
    for (const map of maps) expect(map.length).toBeLessThan(12_000);
  });
});

test("shades are bare for nothing, palest for a trace, darkest for most", () => {
  expect([0, 1e-9, 0.003, 0.029, 0.03, 0.3, 1].map(shadeOf)).toEqual([null, 0, 1, 2, 3, 5, 5]);
});
