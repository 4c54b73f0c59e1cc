import { decodeFromCompressedBase64, type Histogram, HistogramLogReader, listTags } from "hdr-histogram-js";
import { describe, expect, test } from "vitest";
import {
  createHistogram,
  decodeHistogram,
  encodeHistogram,
  recordedValues,
  recordMs,
} from "../../metrics/latency-histogram.ts";
import { hdrLogs, percentileDistributions, renderHdrLog } from "../../reports/hdr-log.ts";
import { draws, makeResult } from "./fixture-result.ts";
import { makeStudyResult } from "./fixture-study.ts";
import { hostileResult } from "./hostile.ts";

const result = makeResult({ kind: "measured", samples: 5000, seriesPoints: 3 });

function readAll(log: string): readonly Histogram[] {
  const reader = new HistogramLogReader(log);
  const histograms: Histogram[] = [];
  for (let next = reader.nextIntervalHistogram(); next !== null; next = reader.nextIntervalHistogram()) {
    histograms.push(next);
  }
  return histograms;
}

describe("the interval log", () => {
  test("is read back by HdrHistogram equal bucket for bucket, each histogram under its tag", () => {
    const read = readAll(renderHdrLog(result));
    const tags = ["lockWait", "service", "startLag", ...Array(60).fill("response")];
    expect(read.map((histogram) => histogram.tag)).toEqual(tags);
    const originals = [
      ...["lockWait", "service", "startLag"].map((tag) => result.histograms[tag]!),
      ...result.responseIntervals.map((interval) => interval.histogram),
    ];
    for (const [index, histogram] of read.entries()) {
      expect(histogram.totalCount).toBe(originals[index]!.count);
      expect(recordedValues(histogram)).toEqual(recordedValues(decodeHistogram(originals[index]!)));
    }
  });

  test("has response times as stretches of time that add up to the whole histogram, bucket for bucket", () => {
    const stretches = readAll(renderHdrLog(result)).filter((histogram) => histogram.tag === "response");
    const whole = createHistogram();
    for (const stretch of stretches) whole.add(stretch);
    expect(recordedValues(whole)).toEqual(recordedValues(decodeHistogram(result.histograms.response!)));
    const startedAtMs = Date.parse(result.environment.startedAt);
    for (const [index, { fromMs, toMs }] of result.responseIntervals.entries()) {
      expect(stretches[index]!.startTimeStampMsec).toBeCloseTo(startedAtMs + fromMs, 3);
      expect(stretches[index]!.endTimeStampMsec).toBeCloseTo(startedAtMs + toMs, 3);
    }
  });

  test("of a run cut short has no stretches that never began", () => {
    const cut = makeResult({ kind: "measured", completeTo: 4_500_000 });
    const stretches = readAll(renderHdrLog(cut)).filter((histogram) => histogram.tag === "response");
    expect(stretches).toHaveLength(30);
    expect(stretches.reduce((sum, { totalCount }) => sum + totalCount, 0)).toBe(cut.histograms.response!.count);
  });

  test("of a result whose stretches do not add up has the whole histogram in their place", () => {
    const read = readAll(renderHdrLog({ ...result, responseIntervals: result.responseIntervals.slice(1) }));
    expect(read.map((histogram) => histogram.tag)).toEqual(["lockWait", "response", "service", "startLag"]);
  });

  test("of a lock experiment has the waits of each step under a tag of their own", () => {
    const study = makeStudyResult("locks");
    const read = readAll(renderHdrLog(study));
    const steps = study.study?.kind === "locks" ? study.study.steps.filter((step) => step.waits !== null) : [];
    expect(steps.length).toBeGreaterThan(2);
    expect(read.map((histogram) => histogram.tag)).toEqual(steps.map((step) => `lockWait_at_${step.concurrency}`));
    for (const [index, step] of steps.entries()) {
      expect(recordedValues(read[index]!)).toEqual(recordedValues(decodeHistogram(step.waits!)));
    }
  });

  test("keeps every value that was recorded, from a microsecond to hours", () => {
    const draw = draws(11);
    const histogram = createHistogram();
    const counts = new Map<number, number>();
    for (let i = 0; i < 3000; i++) {
      const us = Math.floor(1 + draw() * 10 ** (i % 11));
      recordMs(histogram, us / 1000);
      // Three digits: 2,048 values stand alone, twice as many go by twos, and so on.
      const width = 2 ** Math.max(0, Math.floor(Math.log2(us)) - 10);
      const lowest = Math.floor(us / width) * width;
      counts.set(lowest, (counts.get(lowest) ?? 0) + 1);
    }
    const log = renderHdrLog({
      ...result,
      responseIntervals: [],
      histograms: { response: encodeHistogram(histogram) },
    });
    const expected = [...counts].map(([us, count]) => ({ us, count })).sort((a, b) => a.us - b.us);
    expect(recordedValues(readAll(log)[0]!)).toEqual(expected);
  });

  test("has one interval of each other histogram, from the end of the warm-up to the end of the run, by the clock of the run", () => {
    const startedAtMs = Date.parse(result.environment.startedAt);
    for (const histogram of readAll(renderHdrLog(result)).filter(({ tag }) => tag !== "response")) {
      expect(histogram.startTimeStampMsec).toBe(startedAtMs + result.scenario.run.warmupMs);
      expect(histogram.endTimeStampMsec).toBe(startedAtMs + result.endedAtMs);
    }
    const cutInWarmup = readAll(renderHdrLog({ ...result, endedAtMs: 1000 }));
    expect(cutInWarmup[0]!.endTimeStampMsec - cutInWarmup[0]!.startTimeStampMsec).toBe(0);
  });

  test("has lines as HistogramLogReader of Java splits them: tag, start, length and maximum in seconds and ms, histogram", () => {
    const lines = renderHdrLog(result).split("\n");
    expect(lines.at(-1)).toBe("");
    expect(lines.filter((line) => line.startsWith("#[StartTime: ") || line.startsWith("#[BaseTime: "))).toEqual([
      "#[StartTime: 1714996800.000 (seconds since epoch), 2024-05-06T12:00:00.000Z]",
      "#[BaseTime: 1714996800.000 (seconds since epoch)]",
    ]);
    const intervals = lines.filter((line) => line !== "" && !/^[#"]/.test(line));
    expect(intervals).toHaveLength(63);
    for (const line of intervals)
      expect(line).toMatch(/^Tag=\w+,\d+\.\d{3},\d+\.\d{3},\d+\.\d{3},HISTF[A-Za-z0-9+/]+=*$/);
    for (const line of intervals.filter((one) => !one.startsWith("Tag=response"))) {
      expect(line).toMatch(/^Tag=\w+,1800\.000,5400\.000,\d+\.\d{3},HISTF[A-Za-z0-9+/]+=*$/);
    }
    const lockWait = intervals.find((line) => line.startsWith("Tag=lockWait"))!;
    expect(Number(lockWait.split(",")[3])).toBeCloseTo(500, -1);
  });

  test("stays readable whatever the run, its version and its histograms are called", () => {
    const hostile = hostileResult();
    const log = renderHdrLog(hostile);
    expect(readAll(log)).toHaveLength(Object.keys(hostile.histograms).length - 1 + hostile.responseIntervals.length);
    expect(listTags(log)).not.toContain("NO TAG");
    for (const line of log.split(/\r\n|\r|\n/).slice(0, -1)) expect(line).toMatch(/^(#|"Start|Tag=\S+$)/);
  });

  test("is made for results that have latencies, one each", () => {
    const empty = { ...result, histograms: { response: encodeHistogram(createHistogram()) } };
    expect(hdrLogs([result, { ...result, histograms: {} }, empty, result]).map((file) => file.name)).toEqual([
      "inproc-measured.hlog",
      "inproc-measured-4.hlog",
    ]);
  });
});

describe("the percentile distribution", () => {
  const files = percentileDistributions([result]);

  test("is one a histogram", () => {
    const names = ["lockWait", "response", "service", "startLag"].map((key) => `inproc-measured.${key}.hgrm`);
    expect(files.map((file) => file.name)).toEqual(names);
  });

  test("rises to the maximum, in milliseconds, and counts every value", () => {
    const { text } = files[1]!;
    const histogram = decodeFromCompressedBase64(result.histograms.response!.data, 32);
    const lines = text.trimEnd().split("\n");
    expect(lines[0]).toMatch(/^ +Value +Percentile +TotalCount +1\/\(1-Percentile\)$/);
    const rows = lines.filter((line) => /^ +\d/.test(line)).map((line) => line.trim().split(/ +/).map(Number));
    for (const [index, [ms, share, count]] of rows.entries()) {
      // The value at 0 % is the least of those that the histogram does not tell apart, in the table it is the largest.
      const beside = histogram.getValueAtPercentile(share! * 100) / 1000;
      expect(Math.abs(ms! - beside)).toBeLessThanOrEqual(beside * 0.001);
      const before = rows[index - 1] ?? [0, 0, 0];
      expect(ms).toBeGreaterThanOrEqual(before[0]!);
      expect(count).toBeGreaterThanOrEqual(before[2]!);
    }
    expect(rows.at(-1)).toEqual([histogram.maxValue / 1000, 1, result.histograms.response!.count]);
    expect(lines.at(-2)).toMatch(new RegExp(`^#\\[Max +=.*Total count +=\\s+${histogram.totalCount}\\]$`));
  });
});
