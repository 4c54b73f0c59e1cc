import { describe, expect, test } from "vitest";
import { decodeHistogram } from "../../metrics/latency-histogram.ts";
import { poolRounds } from "../../metrics/pool-rounds.ts";
import type { RunResult } from "../../metrics/run-result.ts";
import { makeResult } from "../reports/fixture-result.ts";

function round(seed: number, changes: Partial<RunResult> = {}): RunResult {
  return { ...makeResult({ kind: "measured", seed, samples: 4_000, seriesPoints: 20 }), ...changes };
}

function figure({ figures }: RunResult, key: string) {
  return figures.find((one) => one.key === key);
}

describe("rounds of one run, pooled", () => {
  const rounds = [round(1), round(2), round(3)];
  const pooled = poolRounds(rounds);

  test("count together what each counted", () => {
    expect(pooled.counters.requests).toBe(rounds.reduce((sum, { counters }) => sum + counters.requests, 0));
    expect(pooled.measured.started).toBe(rounds.reduce((sum, { measured }) => sum + measured.started, 0));
    expect(pooled.environment.wallSeconds).toBe(183);
  });

  test("have the histograms of all, bucket for bucket, whole and by stretches of time", () => {
    const whole = decodeHistogram(pooled.histograms.response!);
    expect(whole.totalCount).toBe(12_000);
    const percentiles = rounds.map(({ histograms }) => decodeHistogram(histograms.response!).getValueAtPercentile(50));
    expect(whole.getValueAtPercentile(50)).toBeGreaterThanOrEqual(Math.min(...percentiles));
    expect(whole.getValueAtPercentile(50)).toBeLessThanOrEqual(Math.max(...percentiles));
    const inStretches = pooled.responseIntervals.reduce((sum, { histogram }) => sum + histogram.count, 0);
    expect(inStretches).toBe(12_000);
  });

  test("have for a figure the mean of the rounds and Student's interval over them", () => {
    const values = rounds.map((one) => figure(one, "responseP99Ms")!.value!);
    const mean = values.reduce((a, b) => a + b) / 3;
    const { value, interval } = figure(pooled, "responseP99Ms")!;
    expect(value).toBeCloseTo(mean, 9);
    const deviation = Math.sqrt(values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 2);
    // t with two degrees of freedom, 97.5 %: 4.3027 (NIST/SEMATECH e-Handbook, 1.3.6.7.2).
    expect(interval!.high - mean).toBeCloseTo((4.3027 * deviation) / Math.sqrt(3), 3);
    expect(interval!.method).toContain("3 rounds");
  });

  test("know a percentile that no round had values enough for", () => {
    expect(rounds.map((one) => figure(one, "responseP999Ms")?.value ?? null)).toEqual([null, null, null]);
    const p999 = decodeHistogram(pooled.histograms.response!).getValueAtPercentile(99.9) / 1000;
    expect(figure(pooled, "responseP999Ms")).toMatchObject({ value: p999 });
    expect(pooled.audit.percentileMax).toBe(99.9);
  });

  test("are as doubtful as the worst of them, and say of which rounds a finding is", () => {
    const audit = (verdict: "valid" | "invalid", findings: string[]) => ({ ...rounds[0]!.audit, verdict, findings });
    const { verdict, findings } = poolRounds([
      round(1, { audit: audit("valid", ["Of all."]) }),
      round(2, { audit: audit("invalid", ["Of all.", "Late."]) }),
    ]).audit;
    expect(verdict).toBe("invalid");
    expect(findings).toEqual(["Of all.", "Round 2 of 2: Late."]);
  });

  test("tell of the generator the worst of each number", () => {
    const generator = rounds[0]!.audit.generator!;
    const withSteps = (clockStepMs: number, busyShare: number | null) =>
      round(1, {
        audit: { ...rounds[0]!.audit, generator: { ...generator, clockStepMs, busyShare, droppedStarts: 2 } },
      });
    const worst = poolRounds([withSteps(3, 0.4), withSteps(-7, null)]).audit.generator;
    expect(worst).toMatchObject({ clockStepMs: -7, busyShare: 0.4, droppedStarts: 4 });
  });

  test("are complete only together, and one alone is itself", () => {
    expect(poolRounds([round(1), round(2, { complete: false })]).complete).toBe(false);
    expect(poolRounds([rounds[0]!])).toBe(rounds[0]);
  });
});
