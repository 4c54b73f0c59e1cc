// Latencies for the tools of HdrHistogram: the interval log (.hlog) that HistogramLogProcessor and HistogramLogAnalyzer read, and the
// percentile distribution (.hgrm) that the plotter reads. The histograms are the ones of the result, bucket for bucket.
// Source: HdrHistogram, HistogramLogWriter and HistogramLogReader, log format 1.3.

import { decodeHistogram } from "../metrics/latency-histogram.ts";
import type { HistogramInterval, HistogramJson, RunResult } from "../metrics/run-result.ts";
import { replicationsOf } from "./figure-rows.ts";
import { type ReportFile, runNames } from "./report-file.ts";

const US_PER_MS = 1000;
/** Lines of a distribution for each halving of the distance to 100 %: what the tools of HdrHistogram print by themselves. */
const TICKS_PER_HALF_DISTANCE = 5;

/** One log a result that has latencies, its histograms tagged response, service, lockWait, startLag or, of a step, lockWait_at_8. */
export function hdrLogs(results: readonly RunResult[]): readonly ReportFile[] {
  const names = runNames(results);
  return results.flatMap((result, index) =>
    histogramsOf(result).length === 0 ? [] : [{ name: `${names[index]}.hlog`, text: renderHdrLog(result) }],
  );
}

/**
 * Times are scenario time, as in every report, in seconds since the run began; of an experiment, which has no warm-up, real time.
 * Response times come as the stretches they were kept in, which add up to the whole; the others as one interval each, from the end of
 * the warm-up to the end of the run. Values are in microseconds, the maximum of an interval in milliseconds.
 */
export function renderHdrLog(result: RunResult): string {
  const startedAtMs = Date.parse(result.environment.startedAt);
  const sinceEpoch = `${(startedAtMs / 1000).toFixed(3)} (seconds since epoch)`;
  const replications = replicationsOf(result);
  const together = replications > 1 ? `, of ${replications} replications together` : "";
  const times =
    result.study === null
      ? `scenario time since the start of the run; the intervals lie in the part after the warm-up${together}`
      : "seconds since the experiment began; each interval is the whole of it";
  return `${[
    `#[Logged by sessionlab ${oneLine(result.environment.sessionlab)}: ${oneLine(result.label)}; the run is ${result.audit.verdict}]`,
    "#[Histogram log format version 1.3]",
    "#Values are microseconds, Interval_Max is milliseconds: HistogramLogProcessor -outputValueUnitRatio 1000 prints milliseconds.",
    `#Times are ${times}.`,
    `#[StartTime: ${sinceEpoch}, ${new Date(startedAtMs).toISOString()}]`,
    `#[BaseTime: ${sinceEpoch}]`,
    '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
    ...intervalsOf(result).map(logLine),
  ].join("\n")}\n`;
}

interface TaggedInterval extends HistogramInterval {
  readonly tag: string;
}

/** In the order in which they begin. */
function intervalsOf(result: RunResult): readonly TaggedInterval[] {
  const fromMs = result.study === null ? Math.min(result.scenario.run.warmupMs, result.endedAtMs) : 0;
  const stretches = responseStretches(result);
  const wholes = histogramsOf(result).filter(([key]) => key !== "response" || stretches.length === 0);
  return [
    ...wholes.map(([key, histogram]) => ({ tag: tagOf(key), fromMs, toMs: result.endedAtMs, histogram })),
    ...stretches.map((stretch) => ({ ...stretch, tag: "response" })),
  ];
}

/** Those that had begun when the run ended; none where they do not add up to the histogram of the result. */
function responseStretches({ responseIntervals, histograms, endedAtMs }: RunResult): readonly HistogramInterval[] {
  const count = responseIntervals.reduce((sum, { histogram }) => sum + histogram.count, 0);
  if (count === 0 || count !== histograms.response?.count) return [];
  return responseIntervals
    .filter(({ fromMs, histogram }) => fromMs < endedAtMs || histogram.count > 0)
    .map((stretch) => ({ ...stretch, toMs: Math.max(stretch.fromMs, Math.min(stretch.toMs, endedAtMs)) }));
}

function logLine({ tag, fromMs, toMs, histogram }: TaggedInterval): string {
  const maxMs = histogram.count === 0 ? 0 : decodeHistogram(histogram).maxValue / US_PER_MS;
  const times = [fromMs / 1000, (toMs - fromMs) / 1000, maxMs].map((value) => value.toFixed(3)).join(",");
  return `Tag=${tag},${times},${histogram.data}`;
}

/** One distribution a histogram, in milliseconds: "inproc-simulated.response.hgrm". */
export function percentileDistributions(results: readonly RunResult[]): readonly ReportFile[] {
  const names = runNames(results);
  return results.flatMap((result, index) =>
    histogramsOf(result).map(([key, histogram]) => ({
      name: `${names[index]}.${tagOf(key).replace(/[^\w-]/g, "_")}.hgrm`,
      text: decodeHistogram(histogram).outputPercentileDistribution(TICKS_PER_HALF_DISTANCE, US_PER_MS),
    })),
  );
}

/** Those with anything in them, by name; after them the waits of each step of a lock experiment. */
function histogramsOf({ histograms, study }: RunResult): readonly (readonly [key: string, histogram: HistogramJson])[] {
  const named = Object.keys(histograms)
    .sort()
    .map((key) => [key, histograms[key]!] as const);
  const waits = (study?.kind === "locks" ? study.steps : []).flatMap((step) =>
    step.waits === null ? [] : [[`lockWait_at_${step.concurrency}`, step.waits] as const],
  );
  return [...named, ...waits].filter(([, histogram]) => histogram.count > 0);
}

/** A tag ends at the first comma, blank or line break. */
function tagOf(key: string): string {
  return key.replace(/[,\s]/g, "_");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}
