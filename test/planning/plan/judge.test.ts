import { describe, expect, test } from "vitest";
import type { Facts, Steps } from "../../../planning/plan/facts.ts";
import { countAtMost } from "../../../planning/plan/facts.ts";
import { judgeLimit, marginOf, predictionBound } from "../../../planning/plan/judge.ts";
import { limitsOf } from "../../../planning/plan/limits.ts";
import { createStream } from "../../../workload/random-stream.ts";
import { scenarioOf } from "../../scenario-of.ts";

const capped = scenarioOf("site: { sessionsMax: 100 }\nworkload: { arrivals: 1 }");
const limit = (figure: string, sides: { atMost?: number; atLeast?: number }) => limitsOf([{ figure, ...sides }])[0]!;

function factsOf(parts: Facts["parts"], response?: readonly number[]): Facts {
  const steps = response === undefined ? {} : { response: stepsOf(response) };
  return { parts, steps, refused: 0, lost: 0, measuredMs: 1000 };
}

function stepsOf(valuesMs: readonly number[]): Steps {
  const sorted = [...valuesMs].sort((a, b) => a - b);
  return { us: Float64Array.from(sorted, (ms) => ms * 1000), countUpTo: Float64Array.from(sorted, (_, i) => i + 1) };
}

const shares = (refused: readonly number[], arrivals: number) =>
  refused.map((part) => factsOf({ refusedShare: { part, whole: arrivals } }));

describe("a share", () => {
  test("is surely kept where it lies far below the limit, surely missed far above, and undecided at it", () => {
    const facts = shares([90, 110, 95, 105, 100, 100], 10_000);
    const met = (atMost: number) => judgeLimit(limit("refusedShare", { atMost }), capped, facts, 0.001, "s").met;
    expect([0.02, 0.0101, 0.005].map(met)).toEqual([true, null, false]);
  });

  test("that was never seen is bounded by how often it could have been", () => {
    const facts = shares([0, 0, 0, 0], 250);
    const judge = (atMost: number) => judgeLimit(limit("refusedShare", { atMost }), capped, facts, 0.05, "s");
    // 1 − 0.05^(1/1000) is the textbook bound, 3 in 1,000 (the rule of three).
    expect(judge(0.01).interval?.high).toBeCloseTo(0.002996, 5);
    expect(judge(0.0029).met).toBe(null);
    expect(judge(0.0031).met).toBe(true);
  });

  test("that no cap can refuse is 0 for certain", () => {
    const open = scenarioOf("workload: { arrivals: 1 }");
    expect(judgeLimit(limit("refusedShare", { atMost: 0 }), open, shares([0, 0], 10), 0.001, "s").met).toBe(true);
    expect(judgeLimit(limit("refusedShare", { atMost: 0 }), capped, shares([0, 0], 10), 0.001, "s").met).toBe(null);
  });

  test("counts few events by Poisson's law, not by how alike the runs happen to be", () => {
    const { interval } = judgeLimit(
      limit("refusedShare", { atMost: 0.5 }),
      capped,
      shares([1, 1, 1, 1, 1], 200),
      0.025,
      "s",
    );
    // Garwood's interval of 5 events: 1.62 to 11.67.
    expect(interval!.low * 1000).toBeCloseTo(1.623, 2);
    expect(interval!.high * 1000).toBeCloseTo(11.668, 2);
  });
});

test("the highest number of sessions that a cap allows is never above it, however it varies below", () => {
  const facts = [100, 97, 100, 99].map((part) => factsOf({ storedSessionsMax: { part, whole: 1 } }));
  expect(judgeLimit(limit("storedSessionsMax", { atMost: 100 }), capped, facts, 0.001, "s").met).toBe(true);
  expect(judgeLimit(limit("storedSessionsMax", { atMost: 99.9 }), capped, facts, 0.001, "s").met).toBe(null);
});

describe("a percentile", () => {
  const stream = createStream(7, "responses");
  const replications = Array.from({ length: 6 }, () =>
    factsOf(
      {},
      Array.from({ length: 4000 }, () => -100 * Math.log(stream.next())),
    ),
  );
  const judge = (sides: { atMost?: number; atLeast?: number }) =>
    judgeLimit(limit("responseP99Ms", sides), capped, replications, 0.001, "s");
  const truth = 100 * Math.log(100);

  test("has its value, and an interval that holds the truth", () => {
    const { value, interval } = judge({ atMost: 1 });
    expect(value).toBeGreaterThan(truth * 0.95);
    expect(value).toBeLessThan(truth * 1.05);
    expect(interval!.low).toBeLessThan(truth);
    expect(interval!.high).toBeGreaterThan(truth);
  });

  test("is judged as its interval says: met above it, missed below it, undecided within", () => {
    const { interval } = judge({ atMost: 1 });
    expect(judge({ atMost: interval!.high + 1 }).met).toBe(true);
    expect(judge({ atMost: interval!.low - 1 }).met).toBe(false);
    expect(judge({ atMost: truth }).met).toBe(null);
    expect(judge({ atLeast: interval!.low - 1 }).met).toBe(true);
    expect(judge({ atLeast: interval!.high + 1 }).met).toBe(false);
  });

  test("of too few values is not known", () => {
    const few = [factsOf({}, [1, 2, 3]), factsOf({}, [1, 2, 3])];
    expect(judgeLimit(limit("responseP99Ms", { atMost: 9 }), capped, few, 0.05, "s")).toMatchObject({
      value: null,
      met: null,
    });
  });
});

test("a verdict on a wrong side comes no more often than the error allowed", () => {
  // The truth lies at the limit: a "met" is wrong by a hair. 4,000 trials at 5 % allow for 200, with 3.3 standard deviations of chance.
  const stream = createStream(11, "trials");
  let wrong = 0;
  for (let trial = 0; trial < 4000; trial++) {
    const facts = Array.from({ length: 6 }, () => {
      const sum = Array.from({ length: 12 }, () => stream.next()).reduce((a, b) => a + b, 0);
      return factsOf({ responseMeanMs: { part: 100 + (sum - 6), whole: 1 } });
    });
    if (judgeLimit(limit("responseMeanMs", { atMost: 100 }), capped, facts, 0.05, "s").met === true) wrong++;
  }
  expect(wrong).toBeLessThan(246);
  expect(wrong).toBeGreaterThan(154);
});

test("margins are shares of the limit, above 0 where there is room", () => {
  expect(marginOf(limit("refusedShare", { atMost: 0.1 }), 0.05)).toBe(0.5);
  expect(marginOf(limit("refusedShare", { atLeast: 0.1 }), 0.05)).toBe(-0.5);
  expect(marginOf(limit("refusedShare", { atMost: 0 }), 0.05)).toBe(null);
});

test("steps count the values up to a limit", () => {
  const steps = stepsOf([1, 2, 2, 5]);
  expect([0, 1000, 2000, 4999, 5000, 9999].map((us) => countAtMost(steps, us))).toEqual([0, 1, 3, 3, 4, 4]);
});

test("what a month needs is above the mean, the more so the fewer runs were seen", () => {
  expect(predictionBound([10, 12], 0.95)).toBeGreaterThan(predictionBound([10, 12, 10, 12, 10, 12], 0.95));
  expect(predictionBound([10, 10], 0.95)).toBe(10);
});
