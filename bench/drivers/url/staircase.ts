// What a site does with many requests of one session, told from response times alone: nothing (they run beside each other), one after
// another in a queue, or by polling for a lock. The yardstick are as many requests of as many sessions at the same page: what only the
// one session suffers is its lock's doing, and no lack of processors.
// Source of the polling: .NET reference source, SessionStateModule.cs: a locked session is looked at again each 500 ms.

import { medianOf } from "../../../metrics/confidence.ts";

/** Response times of the completed requests of each round, the round being so many requests at once. */
export type Rounds = readonly (readonly number[])[];

/** One step: rounds of so many requests of one session, and as many of as many sessions. */
export interface StairStep {
  readonly concurrency: number;
  readonly oneSession: Rounds;
  readonly ownSessions: Rounds;
}

export type LockKind = "none" | "queue" | "polling" | "unclear";

export interface Staircase {
  readonly kind: LockKind;
  /** Response time of a request alone; null where none was answered. */
  readonly aloneMs: number | null;
  /** With polling; estimated from the waits. */
  readonly pollMs: number | null;
  /** Of the highest step with answers to both: how much longer the slowest of a round takes with one session than with many. */
  readonly slowdown: number | null;
}

/** A wait shorter than this is the machine's noise. */
const WAIT_MS_MIN = 20;
/** A round of one session must take so many times as long as the usual one of many sessions to count as held up. */
const SLOWDOWN_MIN = 1.5;
/** A lock holds up most rounds; a hiccup of the machine holds up one, whosesoever sessions they are. */
const HELD_UP_SHARE_MIN = 0.5;
const HELD_UP_ADVANTAGE_MIN = 0.4;
/** Machines stand still for so long; a lock that is looked at each half second takes longer. */
const HICCUP_MS_MAX = 1_500;
/** Waits that are tried as multiples of an interval: fewer tell nothing. */
const WAITS_MIN = 5;
const POLL_MS_MIN = 40;
const POLL_MS_MAX = 5_000;
/** Mean cosine of the waits' phases: 1 when all are whole multiples, 0 when they lie anywhere. */
const CONCENTRATION_MIN = 0.8;
/** Of n waits that lie anywhere it deviates from 0 by 1/√(2n); among hundreds of intervals one is off by so many times that. */
const CHANCE = 4.2;
const CONCENTRATION_SURE = 0.95;
/** Of a long wait. */
const HICCUP_SHARE_MAX = 0.2;
/** What may happen beside the waiting, as a share of the interval. */
const BLUR_MAX = 0.05;

/** @param steps in order of concurrency; "unclear" where too few requests were answered to tell. */
export function readStaircase(steps: readonly StairStep[]): Staircase {
  const alone = steps.find(({ concurrency }) => concurrency === 1);
  const aloneMs = medianOrNull(alone?.oneSession.flat() ?? []) ?? medianOrNull(steps[0]?.ownSessions.flat() ?? []);
  const usable = steps.filter(
    ({ concurrency, oneSession, ownSessions }) =>
      concurrency > 1 && slowests(oneSession).length > 0 && slowests(ownSessions).length > 0,
  );
  const top = usable.at(-1);
  if (top === undefined) return { kind: "unclear", aloneMs, pollMs: null, slowdown: null };
  const slowdown = usualSlowestMs(top.oneSession) / usualSlowestMs(top.ownSessions);
  if (!usable.some(isHeldUp)) return { kind: "none", aloneMs, pollMs: null, slowdown };
  const waitsMs = usable.flatMap(waitsOf);
  const roughMs = estimatePollMs(waitsMs);
  // Where the processors were busy as well, waits are blurred; the steps without that know better.
  const clear = usable.filter(({ ownSessions }) => usualSlowestMs(ownSessions) <= (roughMs ?? 0) * BLUR_MAX);
  const pollMs = estimatePollMs(clear.flatMap(waitsOf)) ?? roughMs;
  if (pollMs === null) return { kind: waitsMs.length < WAITS_MIN ? "unclear" : "queue", aloneMs, pollMs, slowdown };
  // A queue's waits are multiples too: of the time that a request takes.
  const isQueue = pollMs <= 2 * (aloneMs ?? 0);
  return { kind: isQueue ? "queue" : "polling", aloneMs, pollMs: isQueue ? null : pollMs, slowdown };
}

/**
 * Requests of one session took longer, but all their rounds were over so soon that the machine may have been held up meanwhile and not the
 * session: worth a second look.
 */
export function mayBeHiccup(step: StairStep): boolean {
  const tookMs = slowests(step.oneSession).reduce((sum, slowestMs) => sum + slowestMs, 0);
  return tookMs < HICCUP_MS_MAX && slowests(step.ownSessions).length > 0 && isHeldUp(step);
}

function isHeldUp({ oneSession, ownSessions }: StairStep): boolean {
  const limitMs = heldUpFromMs(ownSessions);
  const share = (rounds: Rounds) => {
    const all = slowests(rounds);
    return all.filter((slowestMs) => slowestMs >= limitMs).length / all.length;
  };
  return share(oneSession) >= HELD_UP_SHARE_MIN && share(oneSession) - share(ownSessions) >= HELD_UP_ADVANTAGE_MIN;
}

function waitsOf({ oneSession, ownSessions }: StairStep): number[] {
  return oneSession.flat().flatMap((tookMs) => {
    const waitMs = waitMsOf(tookMs, ownSessions);
    return waitMs > 0 ? [waitMs] : [];
  });
}

/** How long a request of one session waited, by how long those took that had a session each; 0 when it took no longer than they. */
export function waitMsOf(tookMs: number, ownSessions: Rounds): number {
  const usualMs = medianOrNull(ownSessions.flat());
  return usualMs !== null && tookMs >= heldUpFromMs(ownSessions) ? tookMs - usualMs : 0;
}

function heldUpFromMs(ownSessions: Rounds): number {
  const usualMs = usualSlowestMs(ownSessions);
  return Math.max(usualMs * SLOWDOWN_MIN, usualMs + WAIT_MS_MIN);
}

/** The slowest of the middle round. */
function usualSlowestMs(rounds: Rounds): number {
  return medianOrNull(slowests(rounds)) ?? 0;
}

function slowests(rounds: Rounds): number[] {
  return rounds.flatMap((round) => (round.length === 0 ? [] : [longestOf(round)]));
}

/** The longest interval of which the waits are whole multiples; null when there is none. */
export function estimatePollMs(allWaitsMs: readonly number[]): number | null {
  // Beside long waits, short ones are hiccups.
  const long = allWaitsMs.toSorted((a, b) => a - b)[Math.floor(allWaitsMs.length * 0.9)] ?? 0;
  const waitsMs = allWaitsMs.filter((waitMs) => waitMs >= long * HICCUP_SHARE_MAX);
  if (waitsMs.length < WAITS_MIN) return null;
  const enough = Math.max(CONCENTRATION_MIN, Math.min(CONCENTRATION_SURE, CHANCE / Math.sqrt(2 * waitsMs.length)));
  const concentration = (intervalMs: number) =>
    waitsMs.reduce((sum, waitMs) => sum + Math.cos((2 * Math.PI * waitMs) / intervalMs), 0) / waitsMs.length;
  let best: { intervalMs: number; score: number } | null = null;
  // From long to short in steps of half a percent; the first hill that is high enough is climbed to its top.
  for (let intervalMs = POLL_MS_MAX; intervalMs >= POLL_MS_MIN; intervalMs /= 1.005) {
    const score = concentration(intervalMs);
    if (score >= enough && intervalMs <= longestOf(waitsMs) * 1.2 && score > (best?.score ?? 0)) {
      best = { intervalMs, score };
    } else if (best !== null && score < best.score) break;
  }
  return best?.intervalMs ?? null;
}

function longestOf(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b));
}

function medianOrNull(values: readonly number[]): number | null {
  return values.length === 0 ? null : medianOf(values);
}
