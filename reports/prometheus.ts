// Runs as Prometheus text, for the Pushgateway or the textfile collector of node_exporter. No timestamps: neither takes them.
// Source: Prometheus, Exposition formats (text format 0.0.4) and Metric and label naming.

import type { RunResult } from "../metrics/run-result.ts";
import { type Metric, metricsOf, runLabels } from "./metric-list.ts";
import { runNames } from "./report-file.ts";

type Labels = Readonly<Record<string, string>>;

interface Family {
  readonly name: string;
  readonly type: Metric["kind"];
  readonly help: string;
  readonly samples: string[];
}

/** All samples of one name stand together, whichever run they are of; `run` tells the runs apart. */
export function renderPrometheus(results: readonly RunResult[]): string {
  const names = runNames(results);
  const families = new Map<string, Family>();
  for (const [index, result] of results.entries()) {
    const labels = runLabels(result, names[index]!);
    for (const metric of metricsOf(result)) {
      const name = familyName(metric);
      const family = families.get(name) ?? { name, type: metric.kind, help: metric.help, samples: [] };
      families.set(name, family);
      family.samples.push(...samples(name, metric, labels));
    }
  }
  return [...families.values()]
    .flatMap(({ name, type, help, samples: lines }) => [
      `# HELP ${name} ${escapeHelp(help)}`,
      `# TYPE ${name} ${type}`,
      ...lines,
    ])
    .map((line) => `${line}\n`)
    .join("");
}

/** "sessionlab_response_p99_seconds"; a counter ends in _total. */
function familyName({ name, unit, kind }: Metric): string {
  return ["sessionlab", name, ...(unit === "" ? [] : [unit]), ...(kind === "counter" ? ["total"] : [])].join("_");
}

function samples(name: string, metric: Metric, labels: Labels): readonly string[] {
  if (metric.kind !== "histogram") {
    return metric.points.map((point) => sample(name, { ...labels, ...point.labels }, point.value));
  }
  const { boundsSeconds, counts, count, sumSeconds } = metric.buckets;
  let upTo = 0;
  const buckets = boundsSeconds.map((bound, index) => {
    upTo += counts[index]!;
    return sample(`${name}_bucket`, { ...labels, le: String(bound) }, upTo);
  });
  return [
    ...buckets,
    sample(`${name}_bucket`, { ...labels, le: "+Inf" }, count),
    sample(`${name}_sum`, labels, sumSeconds),
    sample(`${name}_count`, labels, count),
  ];
}

function sample(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escapeLabel(text)}"`);
  return `${name}{${pairs.join(",")}} ${value}`;
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}

function escapeHelp(text: string): string {
  return text.toWellFormed().replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
