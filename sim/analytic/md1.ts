// M/D/1: one server, Poisson arrivals, service times all alike. The textbook sum for the wait takes ever larger numbers from each other;
// here the law of the queue, had from sums of positive numbers alone, gives the law of the wait, and far out its exponential tail does.

import { exp, expm1, log } from "../../config/elementary.ts";
import { balanced, notNegative, positive, requireAll, shareBelowOne } from "./arguments.ts";
import { type MG1, mg1 } from "./mg1.ts";
import { poissonCdf, poissonPmf } from "./poisson.ts";
import { largestReal } from "./search.ts";

export interface MD1Input {
  readonly arrivalsPerSecond: number;
  readonly serviceSeconds: number;
}

/** @throws InputError for an argument out of range, or more work than the server can do. Source: mg1, with a variance of 0. */
export function md1({ arrivalsPerSecond, serviceSeconds }: MD1Input): MG1 {
  loadOf({ arrivalsPerSecond, serviceSeconds });
  return mg1({
    arrivalsPerSecond,
    serviceSecondsMean: serviceSeconds,
    serviceSecondsVariance: 0,
    serviceSecondsThirdMoment: serviceSeconds * serviceSeconds * serviceSeconds,
  });
}

/** Beyond so many services the exponential tail is exact in a double's digits of the probability. */
const TAIL_FROM_SERVICES = 20;

/**
 * @returns P(W ≤ seconds) of the wait before service; absolute error about 1e-14.
 * @throws InputError as md1, or for a time below 0.
 * Source: G. J. Franx, A simple solution for the M/D/c waiting time distribution, Operations Research Letters 29, 2001; the tail:
 * H. C. Tijms, A First Course in Stochastic Models, 2003, section 9.2.
 */
export function md1WaitCdf(input: MD1Input, seconds: number): number {
  const load = loadOf(input);
  requireAll("M/D/1", [notNegative("seconds", seconds)]);
  if (load === 0) return 1;
  const services = seconds / input.serviceSeconds;
  return services < TAIL_FROM_SERVICES ? near(load, services) : 1 - far(load, services);
}

/** @param probability below 1. @returns seconds; 0 where as many need not wait at all. @throws InputError as md1. */
export function md1WaitQuantile(input: MD1Input, probability: number): number {
  const load = loadOf(input);
  requireAll("M/D/1", [shareBelowOne("probability", probability)]);
  if (probability <= 1 - load) return 0;
  // Markov: no more than the mean over t wait longer than t.
  const { waitSecondsMean } = md1(input);
  const max = (waitSecondsMean / (1 - probability)) * (1 + 1e-9);
  return largestReal(max, (seconds) => md1WaitCdf(input, seconds) < probability);
}

/** The next multiple of the service time is `ahead` services away: whoever is served by then was in the queue now, or came since. */
function near(load: number, services: number): number {
  const k = Math.floor(services) + 1;
  const ahead = k - services;
  const atMost = cumulative(queueLaw(load, k));
  let sum = 0;
  let part = exp(-load * ahead);
  for (let j = 0; j < k; j++) {
    sum += part * atMost[k - j];
    part *= (load * ahead) / (j + 1);
  }
  return Math.min(1, sum);
}

/** (1 − ρ)/(ρz − 1) e^(−λ(z − 1)t), z = e^y the root above 1 of e^(ρ(z − 1)) = z. */
function far(load: number, services: number): number {
  if (load < 1e-100) return 0;
  // Newton's steps come down on the root; where it is far up, by no more than 1 each.
  let y = -2 * log(load);
  for (let step = 0; step < 1000; step++) {
    const next = y - (load * expm1(y) - y) / (load * exp(y) - 1);
    if (next >= y) break;
    y = next;
  }
  return ((1 - load) / (y + load - 1)) * exp(-y * services);
}

/** P(n in the system) for n up to `last`: what leaves n + 1 downwards comes up from n and below. */
function queueLaw(load: number, last: number): number[] {
  const none = poissonPmf(0, load);
  const more = Array.from({ length: last + 1 }, (_, k) => 1 - poissonCdf(k, load));
  const law = [1 - load];
  for (let n = 0; n < last; n++) {
    let up = law[0] * more[n];
    for (let i = 1; i <= n; i++) up += law[i] * more[n - i + 1];
    law.push(up / none);
  }
  return law;
}

function cumulative(law: readonly number[]): number[] {
  let sum = 0;
  return law.map((share) => {
    sum += share;
    return sum;
  });
}

function loadOf({ arrivalsPerSecond, serviceSeconds }: MD1Input): number {
  const load = arrivalsPerSecond * serviceSeconds;
  requireAll("M/D/1", [
    notNegative("arrivalsPerSecond", arrivalsPerSecond),
    positive("serviceSeconds", serviceSeconds),
    balanced("arrivalsPerSecond × serviceSeconds", load, 1),
  ]);
  return load;
}
