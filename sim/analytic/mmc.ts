// M/M/c: one queue before c servers, Poisson arrivals, exponential service times, first come first served, nobody refused.

import { exp, log } from "../../config/elementary.ts";
import { balanced, notNegative, positive, requireAll, shareBelowOne, whole } from "./arguments.ts";
import { erlangC } from "./erlang-c.ts";

export interface MMcInput {
  readonly arrivalsPerSecond: number;
  /** Mean service time. */
  readonly serviceSeconds: number;
  readonly servers: number;
}

export interface MMc {
  /** Share of a server's time that it works. */
  readonly utilisation: number;
  /** Chance that an arrival has to wait. */
  readonly waitShare: number;
  /** Waiting, on average: Lq. */
  readonly queueMean: number;
  /** Waiting or in service, on average: L. */
  readonly customersMean: number;
  /** Mean wait, of those who need not wait too: Wq. */
  readonly waitSecondsMean: number;
  /** Wait and service: W. */
  readonly responseSecondsMean: number;
}

/**
 * @throws InputError for an argument out of range, or more work than the servers can do.
 * Source: L. Kleinrock, Queueing Systems I, 1975, section 3.5; Lq = C a/(c − a), W = Wq + s.
 */
export function mmc({ arrivalsPerSecond, serviceSeconds, servers }: MMcInput): MMc {
  const erlangs = erlangsOf({ arrivalsPerSecond, serviceSeconds, servers });
  const waitShare = erlangC(servers, erlangs);
  const waitSecondsMean = (waitShare * serviceSeconds) / (servers - erlangs);
  const queueMean = (waitShare * erlangs) / (servers - erlangs);
  return {
    utilisation: erlangs / servers,
    waitShare,
    queueMean,
    customersMean: queueMean + erlangs,
    waitSecondsMean,
    responseSecondsMean: waitSecondsMean + serviceSeconds,
  };
}

/** @returns the share of arrivals that wait longer than `seconds`: C e^(−(c − a) t/s). @throws InputError as mmc. */
export function mmcWaitTail(input: MMcInput, seconds: number): number {
  const erlangs = erlangsOf(input);
  requireAll("the tail of a wait", [notNegative("seconds", seconds)]);
  return erlangC(input.servers, erlangs) * exp((-(input.servers - erlangs) * seconds) / input.serviceSeconds);
}

/**
 * @param probability 0.95 for the wait that one arrival in twenty exceeds; below 1.
 * @returns seconds; 0 where as many need not wait at all.
 * @throws InputError as mmc.
 */
export function mmcWaitQuantile(input: MMcInput, probability: number): number {
  const erlangs = erlangsOf(input);
  requireAll("a quantile of a wait", [shareBelowOne("probability", probability)]);
  const waitShare = erlangC(input.servers, erlangs);
  const late = 1 - probability;
  return late >= waitShare ? 0 : (log(waitShare / late) * input.serviceSeconds) / (input.servers - erlangs);
}

function erlangsOf({ arrivalsPerSecond, serviceSeconds, servers }: MMcInput): number {
  const erlangs = arrivalsPerSecond * serviceSeconds;
  requireAll("M/M/c", [
    notNegative("arrivalsPerSecond", arrivalsPerSecond),
    positive("serviceSeconds", serviceSeconds),
    whole("servers", servers, 1),
    balanced("arrivalsPerSecond × serviceSeconds", erlangs, servers),
  ]);
  return erlangs;
}
