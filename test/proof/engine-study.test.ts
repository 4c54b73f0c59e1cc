import { describe, expect, test } from "vitest";
import { engineCases } from "../../proof/engine/cases.ts";
import { engineFigures, engineStudy, engineTargets } from "../../proof/engine/engine-study.ts";
import type { CaseReadings, TimedReading } from "../../proof/engine/rounds.ts";

/** Rounds that took so many milliseconds for a million events. */
function readingsOf(name: string, roundsMs: readonly (number | null)[]): CaseReadings {
  const kind = engineCases.find((one) => one.name === name)!;
  const reading = (runMs: number): TimedReading => ({
    events: 1_000_000,
    runMs,
    wholeMs: runMs + 100,
    gcMs: kind.rival ? null : runMs / 100,
    arrayBytes: 2_800_000,
    sessionsMax: 100_000,
    rssMaxBytes: 80_000_000 + runMs,
  });
  return { kind, hours: kind.hours, readings: roundsMs.map((runMs) => (runMs === null ? null : reading(runMs))) };
}

const found = [
  readingsOf("w2", [100, 400, 110, 120, 100]),
  readingsOf("simjs", [1_000, 4_000, 1_320, null, 1_000]),
  readingsOf("w2x100", [null]),
];
const study = engineStudy(found);
const caseOf = (name: string) => study.cases.find((one) => one.name === name);

describe("the study of the engine", () => {
  test("gives the median of the rounds, and how far they lay apart", () => {
    expect(caseOf("w2")!.eventsPerSecond.value).toBeCloseTo(1e9 / 110);
    expect(caseOf("w2")!.eventsPerSecond.interval).toMatchObject({ low: 2.5e6, high: 1e7 });
    expect(caseOf("w2")!.eventsPerSecond.interval!.method).toBe("least to most of 5 rounds, 93.8 % for the median");
    expect(caseOf("w2")!.arrayBytesPerSession).toBe(28);
    expect(caseOf("w2")!.gcShare).toBeCloseTo(0.01);
  });

  test("compares with W2 within a round, so that a slow round strikes both", () => {
    expect(caseOf("simjs")!.timesW2).toMatchObject({ value: 10, interval: { low: 10, high: 12 } });
    expect(caseOf("simjs")!.roundsWholeTimesW2).toHaveLength(4);
    expect(caseOf("simjs")!.wholeTimesW2!.interval!.low).toBeCloseTo(5.5);
    expect(caseOf("w2")!.timesW2).toMatchObject({ value: 1, interval: { low: 1, high: 1 } });
  });

  test("does not speak of another's arrays, nor of what never ran", () => {
    expect(caseOf("simjs")).toMatchObject({ arrayBytes: null, gcShare: null });
    expect(caseOf("w2x100")).toBeUndefined();
  });

  test("is judged only by what ran as long as it takes", () => {
    const short = found.map((one) => ({ ...one, hours: 0.5 }));
    expect(engineTargets(short)).toEqual([]);
    const targets = engineTargets(found);
    expect(targets).toContainEqual({ figure: "engine.simjs.wholeTimesW2", atLeast: 12 });
    const figures = engineFigures(study, targets);
    for (const { figure } of targets.filter((target) => !target.figure.includes("w2x100"))) {
      expect(figures.some(({ key, value }) => key === figure && value !== null)).toBe(true);
    }
  });

  test("gives a figure an interval once the rounds are enough for one of 95 %", () => {
    const intervalOf = (rounds: number) => {
      const six = engineStudy([readingsOf("w2", [100, 120, 110, 105, 130, 140].slice(0, rounds))]);
      return engineFigures(six, [])[0]!.interval;
    };
    expect(intervalOf(5)).toBeUndefined();
    expect(intervalOf(6)!.method).toBe("least to most of 6 rounds, 96.9 % for the median");
  });
});
