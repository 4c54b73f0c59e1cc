import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Counters, RunResult } from "../../../metrics/run-result.ts";
import { summarise } from "../../../metrics/summarise.ts";
import { distributionPair, judgeLoad, relativeError, verdictOf } from "../../../metrics/validation/judge-load.ts";
import { scenarioOf } from "../../scenario-of.ts";
import { recordOf } from "../record-of.ts";

const scenario = scenarioOf(`
workload:
  arrivals: { kind: poisson, perSecond: 1 }
  requestsPerVisit: { kind: fixed, value: 1 }
  thinkSeconds: 1
  pages: [{ name: page, share: 1 }]
  stateBytes: 0
run: { durationMinutes: 1, warmupMinutes: 0, timeScale: 10 }
`);

function resultOf(
  kind: RunResult["kind"],
  measured: Partial<Counters>,
  { stored = 100, responsesMs = [10] as readonly number[] } = {},
): RunResult {
  const record = recordOf({ storedSessionsMean: stored, responsesMs, measured });
  const nowhere = {
    startedAt: "2026-01-01T00:00:00.000Z",
    wallSeconds: 1,
    sessionlab: "1",
    commit: null,
    node: "v24",
    platform: "linux",
    cpu: "x",
    cores: 1,
    memoryBytes: 1,
  };
  return summarise({
    kind,
    scenario,
    store: null,
    settings: null,
    command: "",
    records: [record],
    complete: true,
    closedForms: {},
    auditVerdict: "valid",
    auditFindings: [],
    environment: nowhere,
  });
}

const rowOf = (key: string, predicted: RunResult, measured: readonly RunResult[], replications = [{}]) =>
  judgeLoad({ predicted, measured, replications }).find((row) => row.key === key)!;

describe("a verdict", () => {
  test("is within up to the bound, and misses beyond it, where chance has no part", () => {
    expect(verdictOf(103, 100, { relative: 0.03 }, null)).toBe("within");
    expect(verdictOf(97, 100, { relative: 0.03 }, null)).toBe("within");
    expect(verdictOf(103.1, 100, { relative: 0.03 }, null)).toBe("misses");
    expect(verdictOf(96.9, 100, { relative: 0.03 }, null)).toBe("misses");
  });

  test("takes the absolute bound where that is wider", () => {
    expect(verdictOf(0.004, 0.001, { relative: 0.1, absolute: 0.005 }, null)).toBe("within");
    expect(verdictOf(0.0061, 0.001, { relative: 0.1, absolute: 0.005 }, null)).toBe("misses");
  });

  test("is not given without a bound, or a value of both worlds", () => {
    expect(verdictOf(1, 1, null, null)).toBe("not judged");
    expect(verdictOf(null, 1, { relative: 1 }, null)).toBe("not judged");
    expect(verdictOf(1, null, { relative: 1 }, null)).toBe("not judged");
  });

  test("says too few where chance exceeds the bound, unless the error exceeds both together", () => {
    expect(verdictOf(101, 100, { relative: 0.1 }, 20)).toBe("too few to tell");
    expect(verdictOf(125, 100, { relative: 0.1 }, 20)).toBe("too few to tell");
    expect(verdictOf(131, 100, { relative: 0.1 }, 20)).toBe("misses");
    expect(verdictOf(0, 0, { relative: 0.1 }, 0.01)).toBe("within");
  });

  test("never becomes worse when the error becomes smaller", () => {
    const rank = { within: 0, "too few to tell": 1, misses: 2, "not judged": 3 } as const;
    const positive = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(positive, positive, positive, (off, less, noise) => {
        const bound = { relative: 0.1 };
        const [near, far] = [Math.min(off, less), Math.max(off, less)];
        expect(rank[verdictOf(50 + near, 50, bound, noise)]).toBeLessThanOrEqual(
          rank[verdictOf(50 + far, 50, bound, noise)],
        );
      }),
    );
  });
});

describe("the error", () => {
  test("is of the prediction against the measurement", () => {
    expect(relativeError(90, 100)).toBeCloseTo(-0.1, 12);
    expect(relativeError(0, 0)).toBe(0);
    expect(relativeError(1, 0)).toBeNull();
    expect(relativeError(null, 1)).toBeNull();
  });
});

describe("a load in both worlds", () => {
  test("tells requests a second of real time", () => {
    const row = rowOf("requestsPerSecond", resultOf("simulated", { requests: 500 }), [
      resultOf("measured", { requests: 400 }),
    ]);
    // 500 in a second of scenario time, which runs ten times faster.
    expect(row.predicted).toBe(5000);
    expect(row.measured).toBe(4000);
    expect(row.error).toBeCloseTo(0.25, 12);
    expect(row.verdict).toBe("misses");
  });

  test("takes the median of several runs and shows how far they lie apart", () => {
    const runs = [90, 130, 100].map((stored) => resultOf("measured", {}, { stored }));
    const row = rowOf("storedSessionsMean", resultOf("simulated", {}, { stored: 101 }), runs);
    expect(row).toMatchObject({ measured: 100, measuredRange: { low: 90, high: 130 }, verdict: "within" });
  });

  test("leaves out a run that does not know a figure, as long as another does", () => {
    const unknown = resultOf("measured", {}, { stored: 100 });
    const without = {
      ...unknown,
      figures: unknown.figures.map((one) => (one.key === "storedSessionsMean" ? { ...one, value: null } : one)),
    };
    const predicted = resultOf("simulated", {}, { stored: 100 });
    const row = rowOf("storedSessionsMean", predicted, [without, resultOf("measured", {}, { stored: 99 })]);
    expect(row).toMatchObject({ measured: 99, verdict: "within" });
    expect(rowOf("storedSessionsMean", predicted, [without])).toMatchObject({ measured: null, verdict: "not judged" });
  });

  test("calls a share of few events too few, and of many what it is", () => {
    const share = (lockWaits: number, requests: number) => ({ lockWaits, requests });
    const predicted = resultOf("simulated", share(52, 1000));
    const few = rowOf("lockWaitShare", predicted, [resultOf("measured", share(50, 1000))]);
    expect(few.noise).toBeCloseTo((1.96 * Math.sqrt(50)) / 1000, 12);
    expect(few.verdict).toBe("too few to tell");
    const many = rowOf("lockWaitShare", predicted, [resultOf("measured", share(5000, 100_000))]);
    expect(many.verdict).toBe("within");
  });

  test("takes the chance that same visitors leave from their runs, where three or more of them agree", () => {
    const runs = [500, 502, 498].map((lockWaits) => resultOf("measured", { lockWaits, requests: 100_000 }));
    const row = rowOf("lockWaitShare", resultOf("simulated", { lockWaits: 510, requests: 100_000 }), runs);
    // Student's t of two degrees of freedom, 4.303, times 2 in 100,000, by the root of three.
    expect(row.noise).toBeCloseTo((4.3027 * 0.00002) / Math.sqrt(3), 8);
    expect(row.verdict).toBe("within");
  });

  test("says too few of a percentile that the responses do not support", () => {
    const responsesMs = Array.from({ length: 400 }, (_, i) => 1 + i);
    const runs = [resultOf("measured", {}, { responsesMs })];
    const row = rowOf("responseP99Ms", resultOf("simulated", {}, { responsesMs }), runs);
    expect(row).toMatchObject({ predicted: null, measured: null, verdict: "too few to tell" });
  });

  test("knows how far order statistics lie from a percentile", () => {
    const responsesMs = Array.from({ length: 10_000 }, (_, i) => 100 + i / 100);
    const runs = [resultOf("measured", {}, { responsesMs })];
    const row = rowOf("responseP90Ms", resultOf("simulated", {}, { responsesMs }), runs);
    // 1.96 × √(0.9 × 0.1 × 10,000) = 58.8 places of 0.01 ms; the histogram tells 0.1 ms apart.
    expect(Math.abs(row.noise! - 0.588)).toBeLessThan(0.11);
    expect(row.verdict).toBe("within");
  });

  test("has an interval for one run with other visitors", () => {
    const replications = [10, 12, 14].map((storedSessionsMean) => ({ storedSessionsMean }));
    const predicted = resultOf("simulated", {}, { stored: 10 });
    const row = rowOf("storedSessionsMean", predicted, [resultOf("measured", {}, { stored: 10 })], replications);
    const halfWidth = 4.302652 * 2 * Math.sqrt(4 / 3);
    expect(row.predictedInterval!.low).toBeCloseTo(12 - halfWidth, 4);
    expect(row.predictedInterval!.high).toBeCloseTo(12 + halfWidth, 4);
    const two = rowOf("storedSessionsMean", predicted, [predicted], replications.slice(0, 2));
    expect(two.predictedInterval).toBeNull();
  });

  test("has the responses of all counted runs in one distribution", () => {
    const responses = (from: number) => Array.from({ length: 200 }, (_, i) => from + i / 1000);
    const pair = distributionPair(resultOf("simulated", {}, { responsesMs: responses(5) }), [
      resultOf("measured", {}, { responsesMs: responses(1) }),
      resultOf("measured", {}, { responsesMs: responses(9) }),
    ]);
    const at = (percentile: number) => pair.percentiles.indexOf(percentile);
    expect(pair.measuredMs[at(25)]).toBeCloseTo(1.1, 1);
    expect(pair.measuredMs[at(75)]).toBeCloseTo(9.1, 1);
    expect(pair.predictedMs[at(50)]).toBeCloseTo(5.1, 1);
    expect(pair.predictedMs[at(99)]).toBeNull();
  });
});
