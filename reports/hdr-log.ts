// Latencies for the tools of HdrHistogram: the interval log (.hlog) that HistogramLogProcessor and HistogramLogAnalyzer read, and the
// percentile distribution (.hgrm) that the plotter reads. The histograms are the ones of the result, bucket for bucket.
// Source: HdrHistogram, HistogramLogWriter and HistogramLogReader, log format 1.3.

import { decodeHistogram } from "../metrics/latency-histogram.ts";
import type { RunResult } from "../metrics/run-result.ts";
import { replicationsOf } from "./figure-rows.ts";
import { type ReportFile, runNames } from "./report-file.ts";

const US_PER_MS = 1000;
/** Lines of a distribution for each halving of the distance to 100 %: what the tools of HdrHistogram print by themselves. */
const TICKS_PER_HALF_DISTANCE = 5;

/** One log a result that has latencies: each histogram is one interval, tagged response, service, lockWait or startLag. */
export function hdrLogs(results: readonly RunResult[]): readonly ReportFile[] {
  const names = runNames(results);
  return results.flatMap((result, index) =>
    histogramKeys(result).length === 0 ? [] : [{ name: `${names[index]}.hlog`, text: renderHdrLog(result) }],
  );
}

/**
 * Times are scenario time, as in every report: an interval begins with the measured part, after the warm-up, in seconds since the
 * run began, and ends with the run. Values are in microseconds, the maximum of an interval in milliseconds.
 */
export function renderHdrLog(result: RunResult): string {
  const startedAtMs = Date.parse(result.environment.startedAt);
  const fromMs = Math.min(result.scenario.run.warmupMs, result.endedAtMs);
  const sinceEpoch = `${(startedAtMs / 1000).toFixed(3)} (seconds since epoch)`;
  const replications = replicationsOf(result);
  const together = replications > 1 ? `, of ${replications} replications together` : "";
  const interval = `${(fromMs / 1000).toFixed(3)},${((result.endedAtMs - fromMs) / 1000).toFixed(3)}`;
  const intervals = histogramKeys(result).map((key) => {
    const json = result.histograms[key]!;
    const maxMs = decodeHistogram(json).maxValue / US_PER_MS;
    return `Tag=${tagOf(key)},${interval},${maxMs.toFixed(3)},${json.data}`;
  });
  return `${[
    `#[Logged by sessionlab ${oneLine(result.environment.sessionlab)}: ${oneLine(result.label)}]`,
    "#[Histogram log format version 1.3]",
    "#Values are microseconds, Interval_Max is milliseconds: HistogramLogProcessor -outputValueUnitRatio 1000 prints milliseconds.",
    `#Times are scenario time since the start of the run; the one interval is the part after the warm-up${together}.`,
    `#[StartTime: ${sinceEpoch}, ${new Date(startedAtMs).toISOString()}]`,
    `#[BaseTime: ${sinceEpoch}]`,
    '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
    ...intervals,
  ].join("\n")}\n`;
}

/** One distribution a histogram, in milliseconds: "inproc-simulated.response.hgrm". */
export function percentileDistributions(results: readonly RunResult[]): readonly ReportFile[] {
  const names = runNames(results);
  return results.flatMap((result, index) =>
    histogramKeys(result).map((key) => ({
      name: `${names[index]}.${tagOf(key).replace(/[^\w-]/g, "_")}.hgrm`,
      text: decodeHistogram(result.histograms[key]!).outputPercentileDistribution(TICKS_PER_HALF_DISTANCE, US_PER_MS),
    })),
  );
}

/** Those with anything in them, in a fixed order. */
function histogramKeys(result: RunResult): readonly string[] {
  return Object.keys(result.histograms)
    .filter((key) => result.histograms[key]!.count > 0)
    .sort();
}

/** A tag ends at the first comma, blank or line break. */
function tagOf(key: string): string {
  return key.replace(/[,\s]/g, "_");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}
