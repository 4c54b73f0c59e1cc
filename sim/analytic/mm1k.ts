// M/M/1/K: one server, room for K customers, whoever comes when all of it is taken is refused. Any load is in balance.

import { exp, expm1, log } from "../../config/elementary.ts";
import { load, notNegative, positive, requireAll, whole } from "./arguments.ts";

export interface MM1KInput {
  readonly arrivalsPerSecond: number;
  /** Mean service time. */
  readonly serviceSeconds: number;
  /** Customers there is room for, the one in service included. */
  readonly places: number;
}

export interface MM1K {
  readonly refusedShare: number;
  /** Share of the server's time that it works. */
  readonly utilisation: number;
  readonly customersMean: number;
  readonly queueMean: number;
  /** Served a second. */
  readonly servedPerSecond: number;
  /** Of those let in. */
  readonly waitSecondsMean: number;
  readonly responseSecondsMean: number;
}

/**
 * @throws InputError for an argument out of range.
 * Source: D. Gross, C. M. Harris, Fundamentals of Queueing Theory, section 2.4: P(n) = ρⁿ(1 − ρ)/(1 − ρ^(K+1)), and the mean of it.
 */
export function mm1k({ arrivalsPerSecond, serviceSeconds, places }: MM1KInput): MM1K {
  requireAll("M/M/1/K", [
    notNegative("arrivalsPerSecond", arrivalsPerSecond),
    positive("serviceSeconds", serviceSeconds),
    whole("places", places, 1),
    load("arrivalsPerSecond × serviceSeconds", arrivalsPerSecond * serviceSeconds),
  ]);
  const use = arrivalsPerSecond * serviceSeconds;
  const x = log(use);
  const refusedShare = use === 0 ? 0 : shareOf(places, x, places);
  const customersMean = use === 0 ? 0 : meanOf(x, places);
  const utilisation = use < 1 ? use * (1 - refusedShare) : 1 - shareOf(0, x, places);
  const queueMean = Math.max(0, customersMean - utilisation);
  const servedPerSecond = utilisation / serviceSeconds;
  const waitSecondsMean = use === 0 ? 0 : queueMean / servedPerSecond;
  return {
    refusedShare,
    utilisation,
    customersMean,
    queueMean,
    servedPerSecond,
    waitSecondsMean,
    responseSecondsMean: waitSecondsMean + serviceSeconds,
  };
}

/** P(n), counted from the end where the sum is largest, so that no power overflows. */
function shareOf(n: number, x: number, places: number): number {
  if (x === 0) return 1 / (places + 1);
  return x < 0
    ? (exp(n * x) * expm1(x)) / expm1((places + 1) * x)
    : (exp((n - places) * x) * expm1(-x)) / expm1(-(places + 1) * x);
}

/** With y = (K + 1) ln ρ: ρ/(1 − ρ) − (K + 1)/(e^(−y) − 1), or near ρ = 1 the same with the poles of both parts taken out. */
function meanOf(x: number, places: number): number {
  const y = (places + 1) * x;
  return Math.abs(y) > 1
    ? 1 / expm1(-x) - (places + 1) / expm1(-y)
    : places / 2 + (places + 1) * poleless(y) - poleless(x);
}

/** coth(y/2)/2 − 1/y. */
function poleless(y: number): number {
  if (Math.abs(y) >= 0.1) return 1 / expm1(y) + 0.5 - 1 / y;
  const square = y * y;
  return (y / 12) * (1 - (square / 60) * (1 - (square / 42) * (1 - square / 40)));
}
