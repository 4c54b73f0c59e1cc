import { describe, expect, test } from "vitest";
import type { MetricComparison } from "../../../metrics/compare/comparison.ts";
import { metricRows } from "../../../reports/comparison/metric-rows.ts";
import { layOutEffects } from "../../../reports/html/charts/effect-layout.ts";
import { shortened } from "../../../reports/html/charts/shortened.ts";
import {
  cannotTellMetric,
  makeComparison,
  makeMetric,
  regressedMetric,
  shareMetrics,
  waivedMetric,
} from "./fixture-comparison.ts";

const layOut = (...metrics: readonly MetricComparison[]) =>
  layOutEffects(metricRows(makeComparison({ metrics })).map((row) => ({ ...row, sign: "" })));

describe("effects laid out", () => {
  test("have what is worse on the right, whichever way a metric is good, and keep their sign in words", () => {
    const [slower, fewer] = layOut(regressedMetric, waivedMetric).places;
    expect(slower).toMatchObject({ shortText: "+10.4 %" });
    expect(slower!.value).toBeCloseTo(10.4, 1);
    expect(fewer).toMatchObject({ shortText: "−9.00 %" });
    expect(fewer!.value).toBeCloseTo(9, 1);
    expect(fewer!.low).toBeCloseTo(6, 1);
    expect(fewer!.high).toBeCloseTo(12, 1);
  });

  test("of shares are in percentage points, relative ones in per cent, with minimum effect and floor alike", () => {
    const points = layOut(shareMetrics[1]!);
    expect(points.unit).toBe("pp");
    expect(points.places[0]).toMatchObject({ value: 0, minimum: 0.5, floor: 0.21 });
    expect(layOut(regressedMetric).unit).toBe("%");
    const bytes = makeMetric({
      unit: "bytes",
      rule: { better: "low", scale: "absolute", minimumEffect: 2048 },
      effect: { value: 4096, interval: null },
      floor: null,
    });
    expect(layOut(bytes)).toMatchObject({
      unit: "KiB",
      places: [{ value: 4, low: 4, high: 4, minimum: 2, floor: null }],
    });
  });

  test("show the whole band of the minimum effect, and 0, however small the effects are", () => {
    const { domain } = layOut(makeMetric({ effect: { value: 0.0001, interval: null } }));
    expect(domain[0]).toBeLessThan(-5);
    expect(domain[1]).toBeGreaterThan(5);
  });

  test("are not flattened by one that is huge: it stands at the edge", () => {
    const huge = makeMetric({ key: "huge", effect: { value: 40, interval: { low: 30, high: 50, method: "" } } });
    const vast = makeMetric({ key: "vast", effect: { value: -0.9, interval: null } });
    const { domain, places } = layOut(huge, vast, regressedMetric, cannotTellMetric, makeMetric());
    expect(domain[1]).toBeLessThan(70);
    const ofHuge = places.find(({ shortText }) => shortText === "+4,000 %");
    expect(ofHuge).toMatchObject({ beyond: "worse", value: domain[1] });
    expect(places.find(({ shortText }) => shortText === "−90.0 %")).toMatchObject({ beyond: "better" });
  });
});

test("a name without room keeps its beginning and its end", () => {
  const name = "setAndReleaseItemExclusive, 65536 bytes, processor";
  expect(shortened(name, 60)).toBe(name);
  expect(shortened(name, 38, 22)).toBe("setAndReleaseIt…65536 bytes, processor");
  expect(shortened(name, 38, 22)).toHaveLength(38);
});
