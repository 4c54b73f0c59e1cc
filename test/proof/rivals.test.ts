import { execFileSync } from "node:child_process";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { simpyVersion } from "../../proof/engine/cases.ts";
import { runJsSimulator } from "../../proof/engine/rivals/js-simulator.ts";
import { runSimjs } from "../../proof/engine/rivals/simjs.ts";
import { type W2Model, type W2Outcome, w2Model } from "../../proof/engine/rivals/w2-model.ts";
import { yardstickScenario } from "../../proof/yardstick.ts";
import { erlangB } from "../../sim/analytic/erlang.ts";
import { simulate } from "../../sim/simulate.ts";

/** A ten thousandth of the yardstick's arrivals: 7.35 erlangs, for a thousand sessions' lengths and more. */
const SIZE = 1e-4;
const HOURS = 1_000;
const CAP = 7;
const ERLANGS = 7.35;

const rivals: readonly (readonly [string, string | null, (model: W2Model) => W2Outcome])[] = [
  ["simjs", null, runSimjs],
  ["js-simulator", null, runJsSimulator],
  ["SimPy", simpyVersion() === null ? "SimPy (python3-simpy3)" : null, runSimpy],
];

function runSimpy(model: W2Model): W2Outcome {
  const script = path.join(import.meta.dirname, "../../proof/engine/rivals/simpy_w2.py");
  const said = execFileSync("/usr/bin/python3", [script, JSON.stringify(model)]).toString();
  return JSON.parse(said).outcome as W2Outcome;
}

function ours(sessionsMax?: number): W2Outcome {
  const cap = sessionsMax === undefined ? {} : { sessionsMax };
  const { counters, figures } = simulate(yardstickScenario({ size: SIZE, hours: HOURS, ...cap }));
  const figure = (key: string) => figures.find((one) => one.key === key)?.value ?? Number.NaN;
  return { ...counters, storedMean: figure("storedSessionsMean"), storedMax: figure("storedSessionsMax") };
}

function small(cap: number | null): W2Model {
  const model = w2Model(HOURS, 1, cap);
  return { ...model, arrivalsPerSecond: model.arrivalsPerSecond * SIZE };
}

describe.each([["our own engine", null, null] as const, ...rivals])("%s", (_, lacking, run) => {
  test.skipIf(lacking !== null)(
    `simulates W2 as Little's law has it${lacking === null ? "" : ` (no ${lacking})`}`,
    () => {
      const outcome = run === null ? ours() : run(small(null));
      expect(outcome.refused).toBe(0);
      expect(Math.abs(outcome.storedMean - ERLANGS)).toBeLessThan(0.3);
      expect(outcome.requests / outcome.visits).toBeGreaterThan(9.7);
      expect(outcome.requests / outcome.visits).toBeLessThan(10.3);
      const left = outcome.visits - outcome.expired;
      expect(left).toBeGreaterThanOrEqual(0);
      expect(left).toBeLessThan(25);
    },
  );

  test.skipIf(lacking !== null)("refuses at a cap what Erlang B says", () => {
    const outcome = run === null ? ours(CAP) : run(small(CAP));
    const truth = erlangB(CAP, ERLANGS);
    expect(Math.abs(outcome.refused / outcome.visits - truth)).toBeLessThan(0.02);
    expect(Math.abs(outcome.storedMean - ERLANGS * (1 - truth))).toBeLessThan(0.15);
    expect(outcome.storedMax).toBe(CAP);
  });
});
