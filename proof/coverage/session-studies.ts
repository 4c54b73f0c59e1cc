// The yardstick without a cap, where Little's law holds, and with one, where Erlang's loss formula does: by replications, by batches of
// one run, until a precision is reached, and two caps under the same luck.

import type { Scenario } from "../../config/scenario.ts";
import type { Interval } from "../../metrics/estimate.ts";
import { estimateFigure, poolHistograms } from "../../metrics/estimate-figure.ts";
import { pairedDifferences } from "../../metrics/paired.ts";
import type { RunRecord } from "../../metrics/run-record.ts";
import { erlangB, runReplications } from "../../sim/simulate.ts";
import { w2 } from "../w2.ts";
import { type YardstickChoice, yardstickScenario } from "../yardstick.ts";
import { type CoverageStudy, kindNamed } from "./coverage-study.ts";

/** A five hundredth of the yardstick: 147 sessions live. */
const SIZE = 0.002;
const ERLANGS = w2.liveErlangs * SIZE;
const CAP = 140;
const CAP_HIGHER = 150;
const SHARE_REFUSED = erlangB(CAP, ERLANGS);
const WARMUP_HOURS = 3;
const HOURS = WARMUP_HOURS + 5;
const REPLICATIONS = 10;
/** As many as a run has that says nothing. */
const REPLICATIONS_DEFAULT = 5;

function site(seed: number, choice: YardstickChoice): Scenario {
  return yardstickScenario({
    hours: HOURS,
    replications: REPLICATIONS,
    ...choice,
    size: SIZE,
    warmupHours: WARMUP_HOURS,
    seed,
  });
}

function intervalOf(key: string, scenario: Scenario, records: readonly RunRecord[]): Interval | null {
  return estimateFigure(kindNamed(key), scenario, records, poolHistograms(records)).interval;
}

const replications: CoverageStudy = {
  name: "Sessions, replications",
  subjects: [
    { what: "sessions stored, mean, 5 replications", truth: ERLANGS, unit: "" },
    { what: "sessions stored, mean, 10 replications", truth: ERLANGS, unit: "" },
    { what: "share refused at a cap, 5 replications", truth: SHARE_REFUSED, unit: "share" },
    { what: "share refused at a cap, 10 replications", truth: SHARE_REFUSED, unit: "share" },
    {
      what: "share refused at a higher cap less that, same luck, 10 pairs",
      truth: erlangB(CAP_HIGHER, ERLANGS) - SHARE_REFUSED,
      unit: "share",
    },
  ],
  repeat(seed) {
    const [free, capped, higher] = [{}, { sessionsMax: CAP }, { sessionsMax: CAP_HIGHER }].map((cap) => {
      const scenario = site(seed, cap);
      return { scenario, records: runReplications(scenario) };
    });
    const few = (records: readonly RunRecord[]) => records.slice(0, REPLICATIONS_DEFAULT);
    const paired = pairedDifferences(capped, higher).find(({ figure }) => figure === "refusedShare");
    return [
      intervalOf("storedSessionsMean", free.scenario, few(free.records)),
      intervalOf("storedSessionsMean", free.scenario, free.records),
      intervalOf("refusedShare", capped.scenario, few(capped.records)),
      intervalOf("refusedShare", capped.scenario, capped.records),
      paired?.difference.interval ?? null,
    ];
  },
  cost: 150,
};

const batches: CoverageStudy = {
  name: "Sessions, one run",
  subjects: [
    { what: "sessions stored, mean, batches of one run", truth: ERLANGS, unit: "" },
    { what: "share refused at a cap, batches of one run", truth: SHARE_REFUSED, unit: "share" },
  ],
  repeat: (seed) =>
    (
      [
        ["storedSessionsMean", {}],
        ["refusedShare", { sessionsMax: CAP }],
      ] as const
    ).map(([key, cap]) => {
      const scenario = site(seed, { hours: WARMUP_HOURS + 60, replications: 1, ...cap });
      return intervalOf(key, scenario, runReplications(scenario));
    }),
  cost: 40,
};

const PRECISION = 0.0125;

const precision: CoverageStudy = {
  name: "Sessions, until a precision is reached",
  subjects: [{ what: `sessions stored, mean, stopped at ±${100 * PRECISION} %`, truth: ERLANGS, unit: "" }],
  repeat(seed) {
    const plain = site(seed, {});
    const asked = { figure: "storedSessionsMean", relativeHalfWidth: PRECISION, replicationsMax: 200 };
    const scenario: Scenario = { ...plain, run: { ...plain.run, precision: [asked] } };
    return [intervalOf("storedSessionsMean", scenario, runReplications(scenario))];
  },
  cost: 75,
};

export const sessionStudies: readonly CoverageStudy[] = [replications, batches, precision];
