// Whether a simulation agrees with the closed forms beside its figures. Each interval is widened until, were all forms true, one of a
// hundred reports had a disagreement in it; what lies beyond that and the form's own tolerance is no chance.

import { tQuantile } from "../metrics/confidence.ts";
import type { Counters, Figure, RunResult } from "../metrics/run-result.ts";

/** Chance that a report in which all forms are true has a disagreement. */
const FALSE_ALARMS = 0.01;
/** Of the chance of 95 % intervals. */
const OUTSIDE = 0.05;
/** The fewest batches that an interval of one run is made of. */
const BATCHES_MIN = 10;
/** Of a share that comes about by so few events the interval says too little: they come in clumps. */
const EVENTS_MIN = 200;
/** Sums of many numbers are off by as much. */
const ROUNDING = 1e-6;

export interface FormAgreement {
  /** Those whose form disagrees say so. */
  readonly figures: readonly Figure[];
  readonly findings: readonly string[];
}

/** Two or three values may be alike by chance, and their interval is then as narrow as nothing. */
const INDEPENDENT_MIN = 5;

/** @param independent values that the intervals are made of: replications, or antithetic pairs; 1 for the batches of one run. */
export function judgeForms({ figures, measured }: RunResult, independent: number): FormAgreement {
  const judged =
    independent > 1 && independent < INDEPENDENT_MIN ? [] : figures.filter((figure) => isJudged(figure, measured));
  const freedom = (independent > 1 ? independent : BATCHES_MIN) - 1;
  const widening =
    tQuantile(1 - FALSE_ALARMS / Math.max(1, judged.length) / 2, freedom) / tQuantile(1 - OUTSIDE / 2, freedom);
  const findings: string[] = [];
  const marked = figures.map((figure): Figure => {
    if (!judged.includes(figure) || agrees(figure, widening)) return figure;
    findings.push(describe(figure));
    return figure.closedForm === undefined
      ? figure
      : { ...figure, closedForm: { ...figure.closedForm, disagrees: true } };
  });
  return { figures: marked, findings };
}

function isJudged({ key, value, interval, closedForm }: Figure, measured: Counters): boolean {
  if (value === null || interval === undefined || closedForm === undefined) return false;
  if (key !== "refusedShare" || closedForm.value === 0) return true;
  return Math.max(measured.refused, closedForm.value * measured.arrivals) >= EVENTS_MIN;
}

function agrees({ value, interval, closedForm }: Figure, widening: number): boolean {
  if (value === null || interval === undefined || closedForm === undefined) return true;
  const off = Math.abs(closedForm.value) * ((closedForm.tolerance ?? 0) + ROUNDING);
  const low = value - (value - interval.low) * widening;
  const high = value + (interval.high - value) * widening;
  return low <= closedForm.value + off && high >= closedForm.value - off;
}

function describe({ key, unit, value, interval, closedForm }: Figure): string {
  const say = (number: number) => Number(number.toPrecision(4));
  const measure = unit === "" || unit === "share" ? "" : ` ${unit}`;
  const between = interval === undefined ? "" : ` (${say(interval.low)} to ${say(interval.high)})`;
  const tolerance = closedForm?.tolerance ?? 0;
  const within = tolerance < 0.0005 ? "" : `, good to ±${Number((tolerance * 100).toPrecision(2))} %`;
  return (
    `Closed form disagrees: ${key} is ${say(value ?? 0)}${measure}${between} in the simulation, ` +
    `${say(closedForm?.value ?? 0)}${measure} by ${closedForm?.name}${within}: ${closedForm?.sum}. One of the two does not describe this site.`
  );
}
