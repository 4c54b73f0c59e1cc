// Runs as OTLP metrics in JSON, ready to be posted to /v1/metrics of a collector: a resource a run, its metrics at the run's end.
// Source: OpenTelemetry protocol, JSON Protobuf encoding (64-bit numbers are strings, enumerations are numbers), metrics.proto.

import type { RunResult } from "../metrics/run-result.ts";
import { type Metric, metricsOf, runLabels } from "./metric-list.ts";
import { runNames } from "./report-file.ts";

const SCOPE = "sessionlab";
/** AGGREGATION_TEMPORALITY_CUMULATIVE of metrics.proto. */
const CUMULATIVE = 2;

/** Units as UCUM writes them; one that is not here goes through as it is. */
const ucum: Readonly<Record<string, string>> = { "": "1", seconds: "s", bytes: "By", ratio: "1", per_second: "1/s" };

type Attribute = { readonly key: string; readonly value: { readonly stringValue: string } };

interface Times {
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
}

/** An ExportMetricsServiceRequest, ending in a newline. */
export function renderOtlp(results: readonly RunResult[]): string {
  const names = runNames(results);
  const resourceMetrics = results.map((result, index) => {
    const { environment } = result;
    const resource = {
      "service.name": SCOPE,
      "service.version": environment.sessionlab,
      "service.instance.id": names[index]!,
      ...Object.fromEntries(
        Object.entries(runLabels(result, names[index]!)).map(([key, value]) => [`${SCOPE}.${key}`, value]),
      ),
      "process.runtime.name": "nodejs",
      "process.runtime.version": environment.node,
    };
    const times = timesOf(result);
    return {
      resource: { attributes: attributes(resource) },
      scopeMetrics: [
        {
          scope: { name: SCOPE, version: environment.sessionlab },
          metrics: metricsOf(result).map((metric) => otlpMetric(metric, times)),
        },
      ],
    };
  });
  return `${JSON.stringify({ resourceMetrics }, wellFormed, 2)}\n`;
}

/** A unit is no part of a name here, so a rate needs a word of its own beside the counter of the same things. */
function otlpMetric(metric: Metric, times: Times): object {
  const head = {
    name: `${SCOPE}.${metric.name}${metric.unit === "per_second" ? ".rate" : ""}`,
    description: metric.help,
    unit: ucum[metric.unit] ?? metric.unit,
  };
  if (metric.kind === "histogram") {
    const { boundsSeconds, counts, count, sumSeconds } = metric.buckets;
    const dataPoint = {
      attributes: [],
      ...times,
      count: String(count),
      sum: sumSeconds,
      bucketCounts: counts.map(String),
      explicitBounds: boundsSeconds,
    };
    return { ...head, histogram: { aggregationTemporality: CUMULATIVE, dataPoints: [dataPoint] } };
  }
  const dataPoints = metric.points.map(({ labels, value }) => ({
    attributes: attributes(labels),
    ...times,
    ...(metric.kind === "counter" ? { asInt: String(value) } : { asDouble: value }),
  }));
  if (metric.kind === "gauge") return { ...head, gauge: { dataPoints } };
  return { ...head, sum: { aggregationTemporality: CUMULATIVE, isMonotonic: true, dataPoints } };
}

/** Readers of Protobuf refuse half a surrogate pair. */
function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === "string" ? value.toWellFormed() : value;
}

function attributes(labels: Readonly<Record<string, string>>): readonly Attribute[] {
  return Object.entries(labels).map(([key, value]) => ({ key, value: { stringValue: value } }));
}

/** Of the clock on the wall, whatever scenario time went by. */
function timesOf({ environment }: RunResult): Times {
  const startedAtMs = Date.parse(environment.startedAt);
  const nanos = (ms: number) => `${BigInt(Math.round(ms)) * 1_000_000n}`;
  return {
    startTimeUnixNano: nanos(startedAtMs),
    timeUnixNano: nanos(startedAtMs + environment.wallSeconds * 1000),
  };
}
