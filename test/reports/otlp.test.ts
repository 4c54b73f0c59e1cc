import { describe, expect, test } from "vitest";
import * as z from "zod";
import { renderOtlp } from "../../reports/otlp.ts";
import { makeResult } from "./fixture-result.ts";
import { hostileResult } from "./hostile.ts";

// metrics.proto of the OpenTelemetry protocol in its JSON encoding: 64-bit numbers are decimal strings, enumerations numbers.
const uint64 = z.string().regex(/^\d{1,20}$/);
const attributes = z.array(
  z.strictObject({ key: z.string().min(1), value: z.strictObject({ stringValue: z.string() }) }),
);
const times = { attributes, startTimeUnixNano: uint64, timeUnixNano: uint64 };
const asDouble = z.strictObject({ ...times, asDouble: z.number() });
const asInt = z.strictObject({ ...times, asInt: z.string().regex(/^-?\d+$/) });
const histogramPoint = z.strictObject({
  ...times,
  count: uint64,
  sum: z.number(),
  bucketCounts: z.array(uint64),
  explicitBounds: z.array(z.number()),
});
const head = { name: z.string().regex(/^[a-zA-Z][\w./-]{0,254}$/), description: z.string(), unit: z.string() };
const metric = z.union([
  z.strictObject({ ...head, gauge: z.strictObject({ dataPoints: z.array(asDouble).min(1) }) }),
  z.strictObject({
    ...head,
    sum: z.strictObject({
      aggregationTemporality: z.literal(2),
      isMonotonic: z.literal(true),
      dataPoints: z.array(asInt).min(1),
    }),
  }),
  z.strictObject({
    ...head,
    histogram: z.strictObject({ aggregationTemporality: z.literal(2), dataPoints: z.array(histogramPoint).length(1) }),
  }),
]);
const request = z.strictObject({
  resourceMetrics: z.array(
    z.strictObject({
      resource: z.strictObject({ attributes }),
      scopeMetrics: z.array(
        z.strictObject({
          scope: z.strictObject({ name: z.string(), version: z.string() }),
          metrics: z.array(metric),
        }),
      ),
    }),
  ),
});

function parse(text: string): z.infer<typeof request>["resourceMetrics"] {
  return request.parse(JSON.parse(text)).resourceMetrics;
}

describe("OTLP", () => {
  const measured = { ...makeResult({ kind: "measured" }), store: "Redis 7.0" };
  const [resource] = parse(renderOtlp([measured]));
  const metrics = resource!.scopeMetrics[0]!.metrics;

  test("is an ExportMetricsServiceRequest with a resource a run, named apart", () => {
    const resources = parse(renderOtlp([measured, measured]));
    const attributeOf = (key: string) =>
      resources.map((one) => one.resource.attributes.find((found) => found.key === key)?.value.stringValue);
    expect(attributeOf("service.name")).toEqual(["sessionlab", "sessionlab"]);
    expect(attributeOf("service.instance.id")).toEqual(["inproc-measured", "inproc-measured-2"]);
    expect(attributeOf("sessionlab.store")).toEqual(["Redis 7.0", "Redis 7.0"]);
  });

  test("has every metric once: one name, one meaning", () => {
    for (const result of [measured, hostileResult()]) {
      const names = parse(renderOtlp([result]))[0]!.scopeMetrics[0]!.metrics.map((one) => one.name);
      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    }
  });

  test("has no half of a surrogate pair, which readers of Protobuf refuse", () => {
    const text = renderOtlp([hostileResult()]);
    expect(parse(text)).toHaveLength(1);
    expect(text).not.toMatch(/\\ud[89a-f]/i);
  });

  test("has counters as monotonic sums, figures as gauges in UCUM units, latencies as histograms that add up", () => {
    const named = (name: string) => metrics.find((one) => one.name === name);
    expect(named("sessionlab.requests")).toMatchObject({
      unit: "1",
      sum: { dataPoints: [{ asInt: String(measured.counters.requests) }] },
    });
    const p99 = measured.figures.find((one) => one.key === "responseP99Ms")!.value!;
    const gauge = named("sessionlab.response_p99");
    expect(gauge).toMatchObject({ unit: "s" });
    expect("gauge" in gauge! && gauge.gauge.dataPoints[0]!.asDouble).toBeCloseTo(p99 / 1000, 12);
    const histograms = metrics.flatMap((one) => ("histogram" in one ? one.histogram.dataPoints : []));
    expect(histograms).toHaveLength(Object.keys(measured.histograms).length);
    for (const { count, bucketCounts, explicitBounds } of histograms) {
      expect(bucketCounts).toHaveLength(explicitBounds.length + 1);
      expect(bucketCounts.reduce((sum, one) => sum + Number(one), 0)).toBe(Number(count));
      expect(explicitBounds).toEqual([...explicitBounds].sort((a, b) => a - b));
    }
  });

  test("has the start and the end of the run on the clock of the wall, in nanoseconds", () => {
    const times = metrics.flatMap((one) => ("gauge" in one ? one.gauge.dataPoints : []));
    for (const { startTimeUnixNano, timeUnixNano } of times) {
      expect(startTimeUnixNano).toBe("1714996800000000000");
      expect(timeUnixNano).toBe("1714996861000000000");
    }
  });
});
