// When visits begin: at a steady rate, or by the hour of the day. Both are Poisson processes; how far the log is from one is said by
// its dispersion index, since a workload keeps the rate of a log but not its clusters.

import { log } from "../../config/elementary.ts";
import type { Arrivals } from "../../config/scenario.ts";
import type { StartTally } from "../log/arrivals.ts";
import { chiSquareUpper, type DispersionTest, dispersionTest } from "./goodness-of-fit.ts";

export interface ArrivalCandidate {
  readonly law: Arrivals;
  /** Akaike's criterion, up to a constant that both laws share. */
  readonly aic: number;
  readonly dispersion: (DispersionTest & { readonly binSeconds: number }) | null;
}

export interface HourOfDay {
  /** 0 … 23, UTC. */
  readonly hour: number;
  readonly sessions: number;
  /** How many hours of this kind lie between the first and the last start. */
  readonly coveredHours: number;
  /** null where the log covers none of this hour. */
  readonly perHour: number | null;
}

export interface ArrivalFit {
  readonly chosen: ArrivalCandidate;
  readonly why: string;
  readonly n: number;
  /** (n − 1) / (last start − first start); null with fewer than two starts that differ. */
  readonly perSecond: number | null;
  readonly standardError: number | null;
  /** Against a steady rate: is every hour of the day alike? null where the log covers less than a day. */
  readonly profileTest: {
    readonly statistic: number;
    readonly degreesOfFreedom: number;
    readonly pValue: number;
  } | null;
  readonly hoursOfDay: readonly HourOfDay[];
  readonly candidates: readonly ArrivalCandidate[];
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A log that seems longer has a row with a broken clock, and no profile: twenty years. */
const HOURS_MAX = 24 * 366 * 20;

/** @param spanMs from the first to the last request: the rate of a single visit is one in this time. */
export function fitArrivals(starts: StartTally, spanMs: number): ArrivalFit {
  const n = starts.count();
  const lengthMs = starts.lastMs() - starts.firstMs();
  const known = n > 1 && lengthMs > 0;
  const perSecond = known ? (n - 1) / (lengthMs / 1000) : null;
  const hoursOfDay = byHourOfDay(starts);
  const steadyRate = perSecond ?? n / Math.max(1, spanMs / 1000);
  const likeliestRate = known ? n / (lengthMs / 1000) : steadyRate;
  const poisson: ArrivalCandidate = {
    law: { kind: "poisson", perSecond: steadyRate },
    aic: 2 - 2 * (n * log(likeliestRate) - n),
    dispersion: steadyDispersion(starts),
  };
  const common = { n, perSecond, standardError: perSecond === null ? null : perSecond / Math.sqrt(n - 1), hoursOfDay };
  if (lengthMs < DAY_MS || lengthMs > HOURS_MAX * HOUR_MS) {
    const why = !known
      ? "there are not two visits that begin at different times, so the rate is one in the length of the log"
      : "the log covers less than a day, so there is no daily profile";
    return { ...common, chosen: poisson, why, profileTest: null, candidates: [poisson] };
  }
  const perHour = hoursOfDay.map((hour) => hour.perHour ?? 0);
  const likelihood = hoursOfDay.reduce(
    (sum, { sessions, perHour: rate }) => (sessions > 0 ? sum + sessions * log((rate ?? 0) / 3600) : sum),
    -n,
  );
  const profile: ArrivalCandidate = {
    law: { kind: "profile", perHour, startHour: 0 },
    aic: 48 - 2 * likelihood,
    dispersion: profileDispersion(starts, perHour),
  };
  // The likelihood ratio of the two laws is chi-square with the parameters between them, if the rate is steady.
  const statistic = Math.max(0, poisson.aic - 2 - (profile.aic - 48));
  const profileTest = { statistic, degreesOfFreedom: 23, pValue: chiSquareUpper(statistic, 23) };
  const chosen = profile.aic < poisson.aic ? profile : poisson;
  const p = profileTest.pValue < 0.001 ? "below 0.001" : profileTest.pValue.toFixed(3);
  const why =
    chosen === profile
      ? `the hours of the day differ (likelihood ratio test, p ${p}) and the profile has the smaller AIC`
      : `the hours of the day do not differ enough for a profile (likelihood ratio test, p ${p})`;
  return { ...common, chosen, why, profileTest, candidates: [poisson, profile].toSorted((a, b) => a.aic - b.aic) };
}

/** The clock is UTC. Only the part of an hour that lies between the first and the last start counts as covered. */
function byHourOfDay(starts: StartTally): HourOfDay[] {
  const sessions = new Array<number>(24).fill(0);
  for (const [hour, count] of starts.byHour()) sessions[((hour % 24) + 24) % 24] += count;
  const coveredMs = new Array<number>(24).fill(0);
  const from = Math.floor(starts.firstMs() / HOUR_MS);
  const to = Math.floor(starts.lastMs() / HOUR_MS);
  for (let hour = from; hour <= to && hour - from <= HOURS_MAX; hour++) {
    const begin = Math.max(hour * HOUR_MS, starts.firstMs());
    const end = Math.min((hour + 1) * HOUR_MS, starts.lastMs());
    coveredMs[((hour % 24) + 24) % 24] += end - begin;
  }
  return sessions.map((count, hour) => ({
    hour,
    sessions: count,
    coveredHours: coveredMs[hour] / HOUR_MS,
    perHour: coveredMs[hour] > 0 ? count / (coveredMs[hour] / HOUR_MS) : null,
  }));
}

/** Bins no finer than five starts each, none of them cut short by the end of the log. */
const STARTS_PER_BIN = 5;

function steadyDispersion(starts: StartTally): ArrivalCandidate["dispersion"] {
  const { binMs, counts } = starts.bins();
  if (counts.length === 0) return null;
  const join = Math.max(1, Math.ceil((STARTS_PER_BIN * counts.length) / starts.count()));
  const joined: number[] = [];
  for (let i = 0; i + join <= counts.length - 1; i += join) {
    joined.push(counts.subarray(i, i + join).reduce((sum, count) => sum + count, 0));
  }
  const mean = joined.reduce((sum, count) => sum + count, 0) / joined.length;
  const test = dispersionTest(joined, new Array<number>(joined.length).fill(mean), 1);
  return test === null ? null : { ...test, binSeconds: (binMs * join) / 1000 };
}

/** Whole hours between the first and the last start against what the profile expects of each. */
function profileDispersion(starts: StartTally, perHour: readonly number[]): ArrivalCandidate["dispersion"] {
  const counts: number[] = [];
  const expected: number[] = [];
  const last = Math.floor(starts.lastMs() / HOUR_MS);
  for (let hour = Math.ceil(starts.firstMs() / HOUR_MS); hour < last; hour++) {
    counts.push(starts.byHour().get(hour) ?? 0);
    expected.push(perHour[((hour % 24) + 24) % 24]);
  }
  const test = dispersionTest(counts, expected, 24);
  return test === null ? null : { ...test, binSeconds: 3600 };
}
