import { describe, expect, test } from "vitest";
import type { Scenario } from "../../config/scenario.ts";
import { estimateFigure } from "../../metrics/estimate-figure.ts";
import { figureKinds } from "../../metrics/figures.ts";
import { precisionReached } from "../../metrics/precision.ts";
import type { RunRecord } from "../../metrics/run-record.ts";
import { nextRound, replicationsKnown } from "../../sim/replication-plan.ts";
import { createStream } from "../../workload/random-stream.ts";
import { recordOf } from "../metrics/record-of.ts";
import { normalOf } from "../metrics/synthetic.ts";
import { scenarioOf } from "../scenario-of.ts";

const asking = (run: string): Scenario => scenarioOf(`workload: { arrivals: 1 }\nrun: { ${run} }`);

/** All rounds; each replication is drawn by `record`. */
function runAll(scenario: Scenario, record: (number: number) => RunRecord): { records: RunRecord[]; rounds: number[] } {
  const records: RunRecord[] = [];
  const rounds: number[] = [];
  for (let round = nextRound(scenario, records); round.length > 0; round = nextRound(scenario, records)) {
    rounds.push(round.length);
    for (const { number } of round) records.push(record(number));
  }
  return { records, rounds };
}

describe("replications", () => {
  test("are as many as asked, in one round, the first with the seed of the scenario", () => {
    const round = nextRound(asking("replications: 3, seed: 7"), []);
    expect(round.map(({ number, mirrored }) => [number, mirrored])).toEqual([
      [0, false],
      [1, false],
      [2, false],
    ]);
    expect(round[0].seed).toBe(7);
    expect(new Set(round.map(({ seed }) => seed)).size).toBe(3);
    expect(
      nextRound(
        asking("replications: 3"),
        round.map(() => recordOf({ storedSessionsMean: 1 })),
      ),
    ).toEqual([]);
  });
  test("come in pairs of one seed when antithetic, an odd number rounded up", () => {
    const round = nextRound(asking("replications: 3, seed: 7, antithetic: true"), []);
    expect(round.map(({ mirrored }) => mirrored)).toEqual([false, true, false, true]);
    expect(round[1].seed).toBe(7);
    expect(round[2].seed).toBe(round[3].seed);
    expect(round[2].seed).not.toBe(7);
  });
});

test("of a run of several rounds all are known from the first on, so that what is done of it only grows", () => {
  const scenario = asking("replications: 250");
  const records: RunRecord[] = [];
  const known: number[] = [];
  for (let round = nextRound(scenario, records); round.length > 0; round = nextRound(scenario, records)) {
    known.push(replicationsKnown(scenario, records.length, round));
    for (const _ of round) records.push(recordOf({ storedSessionsMean: 1 }));
  }
  expect(known).toEqual([250, 250, 250]);
  const longer = asking("precision: { figure: storedSessionsMean, relativeHalfWidth: 0.01 }");
  expect(replicationsKnown(longer, 20, nextRound(scenario, []))).toBe(120);
});

describe("a precision", () => {
  const within = (relativeHalfWidth: number, more = "") =>
    asking(`precision: { figure: storedSessionsMean, relativeHalfWidth: ${relativeHalfWidth}${more} }`);

  test("takes ten replications where they agree, and no more", () => {
    expect(runAll(within(0.01), (number) => recordOf({ storedSessionsMean: 100 + (number % 2) * 0.1 })).rounds).toEqual(
      [10],
    );
  });
  test("takes as many as the square of the width wants, in rounds that at most double", () => {
    const stream = createStream(1, "precision");
    const { records, rounds } = runAll(within(0.005), () =>
      recordOf({ storedSessionsMean: 100 + 5 * normalOf(stream) }),
    );
    // (1.96 × 5 % / 0.5 %)² is 384, and a quarter more because a fifth fewer must do as well.
    expect(records.length).toBeGreaterThan(340);
    expect(records.length).toBeLessThan(700);
    let before = 0;
    for (const [index, round] of rounds.entries()) {
      if (index > 0) expect(round).toBeLessThanOrEqual(before);
      if (index > 0) expect(round).toBeGreaterThanOrEqual(Math.min(before * 0.25, 1000 - before));
      before += round;
    }
    expect(precisionReached(within(0.005), records)[0].reached).toBeLessThanOrEqual(0.005);
  });
  test("is given up after replicationsMax", () => {
    const stream = createStream(2, "precision");
    const scenario = within(0.0001, ", replicationsMax: 33");
    expect(runAll(scenario, () => recordOf({ storedSessionsMean: 100 + 5 * normalOf(stream) })).records).toHaveLength(
      33,
    );
  });
  test("of what never happens, or cannot be known, is given up at once", () => {
    expect(runAll(within(0.01), () => recordOf({ storedSessionsMean: 0 })).rounds).toEqual([10]);
    expect(runAll(within(0.01), () => recordOf({ storedSessionsMean: null })).rounds).toEqual([10]);
    const percentile = asking("precision: { figure: responseP99Ms, relativeHalfWidth: 0.1 }");
    expect(runAll(percentile, () => recordOf({ storedSessionsMean: 1 })).rounds).toEqual([10]);
  });
  test("of a percentile goes on while all replications together have too few values for it", () => {
    const percentile = asking("precision: { figure: responseP99Ms, relativeHalfWidth: 0.1 }");
    const stream = createStream(3, "few");
    const { records } = runAll(percentile, () =>
      recordOf({ responsesMs: Array.from({ length: 20 }, () => 100 + stream.next()) }),
    );
    expect(records.length * 20).toBeGreaterThanOrEqual(1000);
    expect(precisionReached(percentile, records)[0].reached).toBeLessThanOrEqual(0.1);
  });
  test("of several figures is reached when all are", () => {
    const both = asking(
      "precision: [{ figure: storedSessionsMean, relativeHalfWidth: 0.5 }, { figure: storedSessionsMean, relativeHalfWidth: 0.01 }]",
    );
    const stream = createStream(4, "both");
    const { records } = runAll(both, () => recordOf({ storedSessionsMean: 100 + 5 * normalOf(stream) }));
    expect(precisionReached(both, records).every(({ asked, reached }) => reached !== null && reached <= asked)).toBe(
      true,
    );
  });
  test("of antithetic pairs goes by whole pairs, ten at least", () => {
    const scenario = asking("antithetic: true, precision: { figure: storedSessionsMean, relativeHalfWidth: 0.01 }");
    expect(runAll(scenario, (number) => recordOf({ storedSessionsMean: number % 2 === 0 ? 90 : 110 })).rounds).toEqual([
      20,
    ]);
  });
  test("leaves intervals that hold the truth in 93 to 97 % of 1,000 runs, though a run stops when its interval is narrow", () => {
    const stored = figureKinds.find(({ key }) => key === "storedSessionsMean")!;
    const scenario = within(0.02);
    const stream = createStream(5, "stopping");
    let held = 0;
    for (let run = 0; run < 1000; run++) {
      const { records } = runAll(scenario, () => recordOf({ storedSessionsMean: 100 + 5 * normalOf(stream) }));
      const { interval } = estimateFigure(stored, scenario, records, {});
      if (interval !== null && interval.low <= 100 && 100 <= interval.high) held++;
    }
    expect(held).toBeGreaterThanOrEqual(930);
    expect(held).toBeLessThanOrEqual(970);
  });
});
