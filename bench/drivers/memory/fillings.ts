// The fillings of a memory run, one after another: put so many sessions there, read the memory, go on; and at last let them expire. What
// was read is kept as it comes, so that an interrupt loses no more than the filling under way.

import { setTimeout as delay } from "node:timers/promises";
import { InputError } from "../../../config/problem.ts";
import { createStream, type Stream } from "../../../workload/random-stream.ts";
import type { BenchOptions } from "../../bench-options.ts";
import { machineClock } from "../../clock.ts";
import { StoreError } from "../../providers/store-error.ts";
import {
  drawLevels,
  drawOrder,
  drawReaches,
  FILLINGS_PATIENCE_MS,
  isLastRound,
  LEVELS,
  type MemorySizes,
  ROUNDS,
  sessionSizes,
  sessionsOfFilling,
} from "./memory-plan.ts";
import type { Emptied, Filling } from "./memory-study.ts";
import type { Measure, MemorySubject, Reading, SubjectKind } from "./memory-subject.ts";

/** Added at once, so that an interrupt is heard and progress is told. */
const BATCH_SESSIONS = 250;
const BATCH_BYTES = 2 ** 20;
/** Put there before anything counts: to see whether the store takes them, and how fast. */
const PILOT_SESSIONS = 400;
const BASE_STATE_BYTES = 512;
/** A timeout that outlasts any filling of one store. */
const LONG_MS = 600_000;
/** How long a store may take to remove what has expired. */
const REMOVAL_PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 100;

/** What happened so far; kept when the run is cut short. */
export interface Journal {
  readonly fillings: Filling[];
  measures: readonly Measure[];
  engine: string | null;
  othersStored: number;
  whole: Emptied | null;
  /** Sessions that were put there and not found when counted. */
  missing: number;
  failure: StoreError | null;
}

export interface FillingOptions {
  readonly kind: SubjectKind;
  readonly sizes: MemorySizes;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onProgress: BenchOptions["onProgress"];
}

interface MemoryRun {
  readonly kind: SubjectKind;
  readonly sizes: MemorySizes;
  readonly options: FillingOptions;
  readonly journal: Journal;
  /** Of the longest filling, by size. */
  readonly tookMs: Map<number, number>;
  sessionsPerSecond: number;
}

/**
 * Fills every size in every round, until all is done, the signal says stop, or the store fails.
 * @throws InputError for a store that cannot be started or reached, or that takes no session of such a size.
 */
export async function fillAll(options: FillingOptions): Promise<Journal> {
  const { kind, sizes } = options;
  const journal: Journal = {
    fillings: [],
    measures: [],
    engine: null,
    othersStored: 0,
    whole: null,
    missing: 0,
    failure: null,
  };
  const run: MemoryRun = { kind, sizes, options, journal, tookMs: new Map(), sessionsPerSecond: 0 };
  try {
    await (kind.freshEachTime ? fillFresh(run) : fillStacked(run));
  } finally {
    await kind.close();
  }
  return journal;
}

/** Every filling in a store of its own; those of the last round are left to expire. */
async function fillFresh(run: MemoryRun): Promise<void> {
  await withSubject(run, (subject) => pilot(run, subject));
  await eachFilling(run, async (plan) => {
    await withSubject(run, async (subject) => {
      const { last, stateBytes } = plan;
      const timeoutMs = last || !run.kind.expiresByItself ? expiryAfter(run, stateBytes) : LONG_MS;
      const before = await subject.read();
      await subject.add(Array<number>(run.kind.baseSessions).fill(BASE_STATE_BYTES), timeoutMs);
      const filling = await fill(run, subject, before, { ...plan, timeoutMs });
      if (filling === null) return;
      const emptied = last ? await empty(run, subject, before, timeoutMs) : null;
      run.journal.fillings.push({ ...filling, emptied });
    });
  });
}

/** All fillings in one store, one on top of the other. */
async function fillStacked(run: MemoryRun): Promise<void> {
  const { kind, journal } = run;
  await withSubject(run, async (subject) => {
    const before = await subject.read();
    const timeoutMs = kind.expiresByItself ? wholeMinutes(kind, FILLINGS_PATIENCE_MS) : kind.minuteMs;
    await pilot(run, subject, timeoutMs);
    await eachFilling(run, async (plan) => {
      const filling = await fill(run, subject, before, { ...plan, timeoutMs });
      if (filling !== null) journal.fillings.push({ ...filling, emptied: null });
    });
    // In a store of somebody else's nothing of ours may stay, so there an interrupt does not end the waiting.
    if (journal.failure !== null || (run.options.signal.aborted && kind.ours)) return;
    journal.whole = await empty(run, subject, before, timeoutMs);
  });
}

async function withSubject(run: MemoryRun, work: (subject: MemorySubject) => Promise<void>): Promise<void> {
  const { journal, kind } = run;
  const subject = await kind.open();
  try {
    journal.measures = subject.measures;
    journal.engine = subject.engine;
    journal.othersStored = subject.othersStored;
    await work(subject);
  } finally {
    await subject.close();
  }
}

/** A session of each size, and then so many of the main one that the pace of the store is known. */
async function pilot(run: MemoryRun, subject: MemorySubject, timeoutMs = LONG_MS): Promise<void> {
  const { all } = run.sizes;
  const sessions = sessionSizes(run.sizes, run.sizes.main, 0, PILOT_SESSIONS);
  try {
    await subject.add(all.toReversed(), timeoutMs);
    await subject.add(sessions, timeoutMs);
    const startedAtMs = machineClock();
    await subject.add(sessions, timeoutMs);
    run.sessionsPerSecond = (PILOT_SESSIONS * 1000) / (machineClock() - startedAtMs);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw new InputError("Cannot measure the memory of a session", [
      {
        at: "--state-bytes",
        given: all.join(","),
        expected: `sizes that the store takes; it says: ${error.message}`,
        mend: "name smaller ones, or see to the store",
      },
    ]);
  }
}

type OneFilling = (plan: Omit<FillingPlan, "timeoutMs">) => Promise<void>;

async function eachFilling({ options, sizes, journal }: MemoryRun, work: OneFilling): Promise<void> {
  const chance = createStream(options.seed, "memory levels");
  const reaches = new Map(sizes.all.map((stateBytes) => [stateBytes, drawReaches(chance)]));
  const startedAtMs = machineClock();
  for (let round = 0, last = false; !last; round++) {
    last = isLastRound(round, machineClock() - startedAtMs);
    for (const stateBytes of drawOrder(sizes.all, chance)) {
      if (options.signal.aborted) return;
      try {
        await work({ round, last, stateBytes, reach: reaches.get(stateBytes)?.[round] ?? 1, chance });
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        journal.failure = error;
        return;
      }
    }
  }
}

interface FillingPlan {
  readonly round: number;
  readonly last: boolean;
  readonly stateBytes: number;
  /** Share of the sessions that the bounds allow. */
  readonly reach: number;
  readonly timeoutMs: number;
  readonly chance: Stream;
}

/**
 * Fills and reads. Where sessions are there already, the memory is told as if these stood alone on what was there before all.
 * @param before when the store was without sessions of ours.
 * @returns null when it was interrupted before there were readings enough, or when sessions went missing.
 */
async function fill(
  run: MemoryRun,
  subject: MemorySubject,
  before: Reading,
  { round, stateBytes, reach, timeoutMs, chance }: FillingPlan,
): Promise<Omit<Filling, "emptied"> | null> {
  const { sizes, kind, options, journal, tookMs } = run;
  const startedAtMs = machineClock();
  const most = sessionsOfFilling(stateBytes, sizes.all.length, !kind.freshEachTime, run.sessionsPerSecond);
  const sessions = Math.ceil(reach * most);
  const batch = Math.max(1, Math.min(BATCH_SESSIONS, Math.floor(BATCH_BYTES / (stateBytes + 1))));
  const start = await subject.read();
  const already = start.stored ?? 0;
  const alone = (bytes: readonly number[]) =>
    already === 0 ? bytes : bytes.map((now, measure) => now - start.bytes[measure] + before.bytes[measure]);
  const points: { sessions: number; bytes: readonly number[] }[] = [];
  let stored = 0;
  for (const level of drawLevels(sessions, chance)) {
    while (stored < level) {
      if (options.signal.aborted) return points.length < LEVELS / 2 ? null : { round, stateBytes, points };
      const more = Math.min(batch, level - stored);
      await subject.add(sessionSizes(sizes, stateBytes, stored, more), timeoutMs);
      stored += more;
      report(run, round, stored / sessions, `${stored} of ${sessions} sessions of ${stateBytes} bytes`);
    }
    const reading = await subject.read();
    if (reading.stored !== null && reading.stored - already !== stored) {
      journal.missing += stored - (reading.stored - already);
      return null;
    }
    points.push({ sessions: stored, bytes: alone(reading.bytes) });
  }
  tookMs.set(stateBytes, Math.max(tookMs.get(stateBytes) ?? 0, machineClock() - startedAtMs));
  return { round, stateBytes, points };
}

/** Long enough for sessions to outlive the filling, by what the fillings before it took. */
function expiryAfter({ kind, tookMs }: MemoryRun, stateBytes: number): number {
  if (!kind.expiresByItself) return kind.minuteMs;
  return wholeMinutes(kind, 2 * (tookMs.get(stateBytes) ?? 0) + 1_500);
}

function wholeMinutes({ minuteMs }: SubjectKind, ms: number): number {
  return Math.ceil(ms / minuteMs) * minuteMs;
}

/** @returns null when the sessions were not seen to go. */
async function empty(
  run: MemoryRun,
  subject: MemorySubject,
  before: Reading,
  timeoutMs: number,
): Promise<Emptied | null> {
  const { kind, options } = run;
  const full = await subject.read();
  const expiredAtMs = machineClock() + timeoutMs;
  for (;;) {
    if (options.signal.aborted && kind.ours) return null;
    const leftMs = expiredAtMs - machineClock();
    report(
      run,
      ROUNDS - 1,
      1,
      leftMs > 0 ? `waiting ${(leftMs / 1000).toFixed(1)} s for expiry` : "waiting for removal",
    );
    if (leftMs <= 0) {
      await subject.removeExpired();
      const { stored, bytes } = await subject.read();
      if (stored === 0) return { before: before.bytes, full: full.bytes, after: bytes };
      if (leftMs < -REMOVAL_PATIENCE_MS || stored === null) return null;
    }
    await delay(Math.min(LOOK_EVERY_MS, Math.max(1, leftMs)));
  }
}

/** @param share of the filling under way. */
function report({ options, sizes, journal }: MemoryRun, round: number, share: number, note: string): void {
  const total = ROUNDS * sizes.all.length;
  options.onProgress({
    share: Math.min(1, (journal.fillings.length + share) / total),
    note: `round ${round + 1} of ${ROUNDS}: ${note}`,
  });
}
