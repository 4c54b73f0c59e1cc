// From readings to a study, its figures and what is asked of them. Medians, and the range of the rounds beside them:
// the middle is not moved by a round in which the machine had other work.

import type { Target } from "../../config/scenario.ts";
import { medianOf } from "../../metrics/confidence.ts";
import type { Estimate } from "../../metrics/estimate.ts";
import type { Figure } from "../../metrics/run-result.ts";
import type { EngineCase, EngineStudy } from "../../metrics/study.ts";
import { valued } from "../../metrics/study-figures.ts";
import type { CaseReadings, TimedReading } from "./rounds.ts";

/** The case that all others are held against. */
const REFERENCE = "w2";

/** Cases that were never run to their end are left out. */
export function engineStudy(found: readonly CaseReadings[]): EngineStudy {
  const reference = found.find(({ kind }) => kind.name === REFERENCE)?.readings ?? [];
  const cases = found.flatMap((one) => caseOf(one, reference) ?? []);
  return { kind: "engine", rounds: Math.max(0, ...cases.map((one) => one.roundsEventsPerSecond.length)), cases };
}

function caseOf(found: CaseReadings, reference: readonly (TimedReading | null)[]): EngineCase | null {
  const { kind, hours } = found;
  const readings = found.readings.filter((reading) => reading !== null);
  if (readings.length === 0) return null;
  const rates = readings.map(({ events, runMs }) => (events * 1000) / runMs);
  const wholeRates = readings.map(({ events, wholeMs }) => (events * 1000) / wholeMs);
  const pairs = found.readings.flatMap((reading, round) => {
    const other = reference[round] ?? null;
    return reading === null || other === null ? [] : [{ reading, other }];
  });
  const times = (ms: "runMs" | "wholeMs") =>
    pairs.map(({ reading, other }) => reading[ms] / reading.events / (other[ms] / other.events));
  const arrays = readings.map(({ arrayBytes }) => arrayBytes).filter((bytes) => bytes !== null);
  const arrayBytes = kind.rival || arrays.length === 0 ? null : Math.max(...arrays);
  const { sessionsMax } = readings[0]!;
  const gcShares = readings.flatMap(({ gcMs, runMs }) => (gcMs === null ? [] : [gcMs / runMs]));
  return {
    name: kind.name,
    label: kind.label,
    events: kind.events,
    eventsPerRun: readings[0]!.events,
    hours,
    roundsEventsPerSecond: rates,
    eventsPerSecond: middle(rates),
    wholeEventsPerSecond: middle(wholeRates),
    timesW2: pairs.length === 0 ? null : middle(times("runMs")),
    wholeTimesW2: pairs.length === 0 ? null : middle(times("wholeMs")),
    roundsWholeTimesW2: times("wholeMs"),
    arrayBytes,
    arrayBytesPerSession: arrayBytes === null || sessionsMax === null ? null : arrayBytes / sessionsMax,
    rssMaxBytes: Math.max(...readings.map(({ rssMaxBytes }) => rssMaxBytes)),
    gcShare: gcShares.length === 0 ? null : medianOf(gcShares),
  };
}

/** The least and the most of n independent rounds hold the true median between them with chance 1 − 2^(1 − n). */
function middle(values: readonly number[]): Estimate {
  const value = medianOf(values);
  if (values.length < 2) return { value, interval: null };
  const sure = ((1 - 2 ** (1 - values.length)) * 100).toFixed(1);
  const method = `least to most of ${values.length} rounds, ${sure} % for the median`;
  return { value, interval: { low: Math.min(...values), high: Math.max(...values), method } };
}

/** Least and most of fewer hold the true median less often than in 95 of 100 benches; a figure then has no interval. */
const ROUNDS_FOR_INTERVAL = 6;

const measures = {
  eventsPerSecond: { label: "events", unit: "/s" },
  wholeEventsPerSecond: { label: "events, whole process", unit: "/s" },
  timesW2: { label: "time an event, of W2's", unit: "" },
  wholeTimesW2: { label: "time an event, of W2's, whole process", unit: "" },
  arrayBytesPerSession: { label: "arrays per session", unit: "bytes" },
  rssMaxBytes: { label: "resident, highest", unit: "bytes" },
  gcShare: { label: "collecting", unit: "share" },
} as const satisfies Partial<Record<keyof EngineCase, Pick<Figure, "label" | "unit">>>;

/** "engine.w2.eventsPerSecond": of every case its speed, and what else is asked of it. */
export function engineFigures({ cases }: EngineStudy, targets: readonly Target[]): readonly Figure[] {
  return cases.flatMap((one) =>
    (Object.keys(measures) as (keyof typeof measures)[]).flatMap((name): readonly Figure[] => {
      const key = figureKey(one.name, name);
      if (name !== "eventsPerSecond" && !targets.some(({ figure }) => figure === key)) return [];
      const { label, unit } = measures[name];
      const { value, interval } = valued(one[name]);
      const sure = interval !== undefined && one.roundsEventsPerSecond.length >= ROUNDS_FOR_INTERVAL;
      return [{ key, label: `${one.label}: ${label}`, unit, value, ...(sure ? { interval } : {}) }];
    }),
  );
}

/** What is asked of those cases that ran as long as it takes to judge them. */
export function engineTargets(found: readonly CaseReadings[]): readonly Target[] {
  return found
    .filter(({ kind, hours }) => hours === kind.hours)
    .flatMap(({ kind }) =>
      Object.entries(kind.targets).map(([name, bounds]) => ({ figure: figureKey(kind.name, name), ...bounds })),
    );
}

function figureKey(caseName: string, measure: string): string {
  return `engine.${caseName}.${measure}`;
}
