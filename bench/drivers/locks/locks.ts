// Many requests of one session at once, and what waiting for its lock does to them: for each step so many are sent together, again
// when all are answered, until the step has had its rounds or its time. How a request is sent, and how its wait is known, is the
// caller's: our host tells the wait, somebody's site only lets it be told from the answers' times.
// Source: .NET reference source, SessionStateModule.cs: a locked session is looked at again each 500 ms, in no order.

import {
  createHistogram,
  encodeHistogram,
  type Histogram,
  percentileMs,
  recordMs,
} from "../../../metrics/latency-histogram.ts";
import type { Figure } from "../../../metrics/run-result.ts";
import type { LockStep } from "../../../metrics/study.ts";
import { studyFigure } from "../../../metrics/study-figures.ts";
import type { Clock } from "../../clock.ts";
import { aborted } from "../../waiting.ts";
import { type LockTimes, longestLockWaitForm } from "./lock-closed-form.ts";

export interface LockAnswer {
  readonly outcome: "completed" | "timed out" | "queue limit" | "failed";
  /** How long it waited for the lock; 0 when it found the session free. */
  readonly waitMs: number;
  /** What kind of failure it was; told of "failed" alone. */
  readonly failure?: string;
}

/** As they stand, since the site began; null where it does not tell. */
export interface LockCounts {
  readonly polls: number | null;
  readonly lostUpdates: number | null;
}

/** A step begins no further round after so many, or after so long. */
export interface LockBounds {
  readonly roundsMax: number;
  readonly stepMs: number;
}

export interface LockParts extends LockBounds {
  /** Requests at once, a step each, in order. */
  readonly steps: readonly number[];
  /** Over all steps; a round that would go beyond is not begun. */
  readonly requestsMax: number;
  readonly clock: Clock;
  /** Ends it early: what was answered until then is kept. */
  readonly signal: AbortSignal;
  /** One request of the session. It never rejects. @param place among those sent at once, from 0. */
  readonly send: (place: number) => Promise<LockAnswer>;
  readonly counts: () => Promise<LockCounts>;
  /** After each answer. @param share of the steps, 0 to 1. */
  readonly onAnswer: (share: number, concurrency: number) => void;
}

export interface LockMeasurement {
  /** Those of which at least one request was answered, in order. */
  readonly steps: readonly LockStep[];
  /** Lock waits and response times of the last step. */
  readonly waits: Histogram;
  readonly responses: Histogram;
  /** For lack of requests or of time. */
  readonly leftOut: readonly number[];
  /** false when it was cut short. */
  readonly complete: boolean;
}

/** A step under way. */
interface Tally {
  rounds: number;
  requests: number;
  completed: number;
  polled: number;
  timeOuts: number;
  queueRefusals: number;
  readonly failures: Record<string, number>;
  readonly waits: Histogram;
  readonly responses: Histogram;
}

/** Lives through the steps one after another. It begins no step once the requests are used up or `signal` has come. */
export async function measureLockSteps(parts: LockParts): Promise<LockMeasurement> {
  const { clock, signal, requestsMax } = parts;
  const over = new AbortController();
  const cut = aborted(signal, over.signal);
  const steps: LockStep[] = [];
  let last = emptyTally();
  let sent = 0;

  for (const [index, concurrency] of parts.steps.entries()) {
    if (signal.aborted || sent + concurrency > requestsMax) break;
    const tally = emptyTally();
    const before = await parts.counts();
    const startedAtMs = clock();
    const isOver = () =>
      signal.aborted ||
      tally.rounds >= parts.roundsMax ||
      clock() - startedAtMs >= parts.stepMs ||
      sent + concurrency > requestsMax;
    while (!isOver()) {
      tally.rounds++;
      sent += concurrency;
      const round = sendRound(parts, concurrency, tally, () => {
        const ofRounds = tally.requests / (parts.roundsMax * concurrency);
        const ofTime = (clock() - startedAtMs) / parts.stepMs;
        parts.onAnswer((index + Math.min(1, Math.max(ofRounds, ofTime))) / parts.steps.length, concurrency);
      });
      await Promise.race([round, cut]);
    }
    if (tally.requests === 0) break;
    const tookMs = clock() - startedAtMs;
    steps.push(stepOf(concurrency, tally, tookMs, before, await parts.counts()));
    last = tally;
  }
  over.abort();
  return {
    steps,
    waits: last.waits,
    responses: last.responses,
    leftOut: parts.steps.slice(steps.length),
    complete: !signal.aborted,
  };
}

async function sendRound({ clock, send, signal }: LockParts, concurrency: number, tally: Tally, onAnswer: () => void) {
  const sentAtMs = clock();
  const answers = Array.from({ length: concurrency }, async (_, place) => {
    const answer = await send(place);
    if (signal.aborted) return;
    count(tally, answer, clock() - sentAtMs);
    onAnswer();
  });
  await Promise.all(answers);
}

function count(tally: Tally, { outcome, waitMs, failure }: LockAnswer, tookMs: number): void {
  tally.requests++;
  if (waitMs > 0) recordMs(tally.waits, waitMs);
  if (waitMs > 0 || outcome === "queue limit") tally.polled++;
  if (outcome === "completed") {
    tally.completed++;
    recordMs(tally.responses, tookMs);
  } else if (outcome === "timed out") tally.timeOuts++;
  else if (outcome === "queue limit") tally.queueRefusals++;
  else tally.failures[failure ?? outcome] = (tally.failures[failure ?? outcome] ?? 0) + 1;
}

function emptyTally(): Tally {
  return {
    rounds: 0,
    requests: 0,
    completed: 0,
    polled: 0,
    timeOuts: 0,
    queueRefusals: 0,
    failures: {},
    waits: createHistogram(),
    responses: createHistogram(),
  };
}

function stepOf(concurrency: number, tally: Tally, tookMs: number, from: LockCounts, to: LockCounts): LockStep {
  const { rounds, requests, completed, polled, timeOuts, queueRefusals, failures, waits, responses } = tally;
  return {
    concurrency,
    rounds,
    requests,
    completed,
    requestsPerSecond: tookMs > 0 ? (completed * 1000) / tookMs : 0,
    responses: encoded(responses),
    waits: encoded(waits),
    polledShare: shareOf(polled, requests),
    polls: growth(from.polls, to.polls),
    timeOuts,
    queueRefusals,
    failures,
    lostUpdates: growth(from.lostUpdates, to.lostUpdates),
  };
}

function encoded(histogram: Histogram) {
  return histogram.totalCount === 0 ? null : encodeHistogram(histogram);
}

function growth(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : to - from;
}

/**
 * What the steps say for the whole: the most at once, and all lost updates.
 * @param times where they are known, the wait has its formula beside it.
 */
export function lockFigures({ steps, waits }: LockMeasurement, times?: LockTimes): Figure[] {
  const top = steps.at(-1);
  const share = (count: number) => (top === undefined || top.requests === 0 ? null : count / top.requests);
  const closedForm = top === undefined || times === undefined ? null : longestLockWaitForm(top, times);
  const lost = steps.map((step) => step.lostUpdates);
  return [
    studyFigure("lockPolledShare", top === undefined || top.requests === 0 ? null : top.polledShare),
    { ...studyFigure("lockWaitMaxMs", percentileMs(waits, 100)), ...(closedForm === null ? {} : { closedForm }) },
    studyFigure("lockTimeOutShare", share(top?.timeOuts ?? 0)),
    studyFigure("lockQueueRefusedShare", share(top?.queueRefusals ?? 0)),
    studyFigure(
      "lockLostUpdates",
      lost.reduce<number | null>((sum, n) => (sum === null || n === null ? null : sum + n), 0),
    ),
  ];
}

function shareOf(count: number, whole: number): number {
  return whole === 0 ? 0 : count / whole;
}
