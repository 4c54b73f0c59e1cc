// The memory driver: what a stored session takes, found as the slope of memory on stored sessions, size by size. Each size is filled
// several times from the start, in processes of their own where the store allows it, and at last the sessions are left to expire.
// Whatever happens on the way, no process and no file is left behind.

import { setTimeout as delay } from "node:timers/promises";
import { InputError } from "../../../config/problem.ts";
import type { Scenario } from "../../../config/scenario.ts";
import { UNLIMITED_SESSIONS } from "../../../config/session-settings.ts";
import type { RunResult } from "../../../metrics/run-result.ts";
import { summariseStudy } from "../../../metrics/summarise-study.ts";
import { createStream } from "../../../workload/random-stream.ts";
import type { BenchOptions } from "../../bench-options.ts";
import { machineClock } from "../../clock.ts";
import { refuseUndrivable } from "../../host/host-settings.ts";
import { StoreError } from "../../providers/store-error.ts";
import { auditMemory } from "./memory-audit.ts";
import {
  drawLevels,
  drawOrder,
  drawReaches,
  FILLINGS_PATIENCE_MS,
  LEVELS,
  type MemorySizes,
  memorySizes,
  ROUNDS,
  sessionsOfFilling,
} from "./memory-plan.ts";
import { type Filling, memoryFigures, memoryStudy, type WholeExpiry } from "./memory-study.ts";
import type { Measure, MemorySubject, SubjectKind } from "./memory-subject.ts";
import { subjectKind } from "./subject-kind.ts";

/** Added at once, so that an interrupt is heard and progress is told. */
const BATCH_SESSIONS = 250;
const BATCH_BYTES = 2 ** 20;
/** Put there before anything counts: to see whether the store takes them, and how fast. */
const PILOT_SESSIONS = 400;
/** A timeout that outlasts any filling of one store. */
const LONG_MS = 600_000;
/** How long a store may take to remove what has expired. */
const REMOVAL_PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 100;

/** What happened so far; kept when the run is cut short. */
interface Journal {
  readonly fillings: Filling[];
  readonly tookMs: Map<number, number>;
  measures: readonly Measure[];
  engine: string | null;
  othersStored: number;
  whole: WholeExpiry | null;
  /** Sessions that were put there and not found when counted. */
  missing: number;
  failure: StoreError | null;
}

interface MemoryRun {
  readonly kind: SubjectKind;
  readonly sizes: MemorySizes;
  readonly options: BenchOptions;
  readonly scenario: Scenario;
  readonly journal: Journal;
  sessionsPerSecond: number;
}

/**
 * @throws InputError for a store whose memory cannot be told, that cannot be started or reached, or that takes no session of such a
 * size, and when the run was cut short before there was anything to tell.
 */
export async function runMemory(scenario: Scenario, options: BenchOptions): Promise<RunResult> {
  refuseWrongStore(scenario);
  const startedAt = new Date();
  const provider = scenario.site.mode === "InProc" ? "in-proc" : scenario.store.provider;
  const sizes = memorySizes(options.stateBytes, scenario.workload.stateBytes, provider);
  options.onProgress({ share: 0, note: "starting" });
  const kind = await subjectKind(scenario);
  const journal: Journal = {
    fillings: [],
    tookMs: new Map(),
    measures: [],
    engine: null,
    othersStored: 0,
    whole: null,
    missing: 0,
    failure: null,
  };
  const run: MemoryRun = { kind, sizes, options, scenario, journal, sessionsPerSecond: 0 };
  await (kind.freshEachTime ? fillFresh(run) : fillStacked(run));
  const { fillings, measures, failure, whole } = journal;
  const study = memoryStudy(measures, fillings, whole);
  if (study === null) throw nothingMeasured(journal);
  const complete = !options.signal.aborted && failure === null;
  const audit = auditMemory({ ...journal, study, complete, interrupted: options.signal.aborted, kind, provider });
  const tookMs = Date.now() - startedAt.getTime();
  return summariseStudy({
    scenario,
    store: journal.engine,
    settings: options.settings,
    command: options.command,
    study,
    figures: memoryFigures(study, measures, fillings, sizes.main),
    complete,
    tookMs,
    auditVerdict: audit.verdict,
    auditFindings: audit.findings,
    environment: options.environment(startedAt, tookMs / 1000),
  });
}

/** How many workers there are, a cap, a timeout and faults do not change what a session takes. */
function refuseWrongStore(scenario: Scenario): void {
  const oneWorker = { servers: 1, workersPerServer: 1, sessionsMax: UNLIMITED_SESSIONS, timeoutMs: LONG_MS };
  refuseUndrivable({ ...scenario, site: { ...scenario.site, ...oneWorker }, faults: [] });
}

function nothingMeasured({ failure }: Journal): Error {
  const expected = "at least one size filled and read three times";
  return new InputError("Nothing was measured", [
    failure === null
      ? { at: "the run", given: "cut short", expected, mend: "let it run for some seconds more" }
      : { at: "the store", given: `failing: ${failure.message}`, expected, mend: "see to the store" },
  ]);
}

/** Every filling in a store of its own; those of the last round are left to expire. */
async function fillFresh(run: MemoryRun): Promise<void> {
  await withSubject(run, (subject) => pilot(run, subject));
  await eachFilling(run, async (plan) => {
    await withSubject(run, async (subject) => {
      const last = plan.round === ROUNDS - 1;
      const timeoutMs = last || !run.kind.expiresByItself ? expiryAfter(run, plan.stateBytes) : LONG_MS;
      const filling = await fill(run, subject, { ...plan, timeoutMs });
      if (filling === null) return;
      const afterExpiry = last ? await expire(run, subject, timeoutMs) : null;
      run.journal.fillings.push({ ...filling, afterExpiry });
    });
  });
}

/** All fillings in one store, one on top of the other; each is told as if it stood alone on what was there at first. */
async function fillStacked(run: MemoryRun): Promise<void> {
  const { kind, journal } = run;
  await withSubject(run, async (subject) => {
    const before = await subject.read();
    const timeoutMs = kind.expiresByItself ? wholeMinutes(kind, FILLINGS_PATIENCE_MS) : kind.minuteMs;
    await pilot(run, subject, timeoutMs);
    await eachFilling(run, async (plan) => {
      const start = await subject.read();
      const filling = await fill(run, subject, { ...plan, timeoutMs });
      if (filling === null) return;
      const alone = (bytes: readonly number[]) => bytes.map((now, i) => now - start.bytes[i] + before.bytes[i]);
      const points = filling.points.map(({ sessions, bytes }) => ({ sessions, bytes: alone(bytes) }));
      journal.fillings.push({ ...filling, points, afterExpiry: null });
    });
    // In a store of somebody else's nothing of ours may stay, so there an interrupt does not end the waiting.
    if (run.options.signal.aborted && kind.ours) return;
    const full = await subject.read();
    const empty = await expire(run, subject, timeoutMs);
    if (empty !== null) journal.whole = { fullBytes: full.bytes, emptyBytes: empty, bytesBefore: before.bytes };
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
  const { all, main } = run.sizes;
  try {
    for (const stateBytes of all.toReversed()) await subject.add(1, stateBytes, timeoutMs);
    await subject.add(PILOT_SESSIONS, main, timeoutMs);
    const startedAtMs = machineClock();
    await subject.add(PILOT_SESSIONS, main, timeoutMs);
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

async function eachFilling(run: MemoryRun, work: OneFilling): Promise<void> {
  const chance = createStream(run.scenario.run.seed, "memory levels");
  const reaches = new Map(run.sizes.all.map((stateBytes) => [stateBytes, drawReaches(chance)]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const stateBytes of drawOrder(run.sizes.all, chance)) {
      if (run.options.signal.aborted) return;
      try {
        await work({ round, stateBytes, reach: reaches.get(stateBytes)?.[round] ?? 1, chance });
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        run.journal.failure = error;
        return;
      }
    }
  }
}

interface FillingPlan {
  readonly round: number;
  readonly stateBytes: number;
  /** Share of the sessions that the bounds allow. */
  readonly reach: number;
  readonly timeoutMs: number;
  readonly chance: ReturnType<typeof createStream>;
}

/** @returns null when it was interrupted before there were readings enough, or when sessions went missing. */
async function fill(
  run: MemoryRun,
  subject: MemorySubject,
  { round, stateBytes, reach, timeoutMs, chance }: FillingPlan,
): Promise<Omit<Filling, "afterExpiry"> | null> {
  const { sizes, kind, options, journal } = run;
  const startedAtMs = machineClock();
  const most = sessionsOfFilling(stateBytes, sizes.all.length, !kind.freshEachTime, run.sessionsPerSecond);
  const sessions = Math.ceil(reach * most);
  const batch = Math.max(1, Math.min(BATCH_SESSIONS, Math.floor(BATCH_BYTES / (stateBytes + 1))));
  const already = (await subject.read()).stored ?? 0;
  const points: { sessions: number; bytes: readonly number[] }[] = [];
  let stored = 0;
  for (const level of drawLevels(sessions, chance)) {
    while (stored < level) {
      if (options.signal.aborted) return points.length < LEVELS / 2 ? null : { round, stateBytes, points };
      const more = Math.min(batch, level - stored);
      await subject.add(more, stateBytes, timeoutMs);
      stored += more;
      report(run, round, stored / sessions, `${stored} of ${sessions} sessions of ${stateBytes} bytes`);
    }
    const reading = await subject.read();
    if (reading.stored !== null && reading.stored - already !== stored) {
      journal.missing += stored - (reading.stored - already);
      return null;
    }
    points.push({ sessions: stored, bytes: reading.bytes });
  }
  journal.tookMs.set(stateBytes, Math.max(journal.tookMs.get(stateBytes) ?? 0, machineClock() - startedAtMs));
  return { round, stateBytes, points };
}

/** Long enough for sessions to outlive the filling, by what the fillings before it took. */
function expiryAfter({ kind, journal }: MemoryRun, stateBytes: number): number {
  if (!kind.expiresByItself) return kind.minuteMs;
  return wholeMinutes(kind, 2 * (journal.tookMs.get(stateBytes) ?? 0) + 1_500);
}

function wholeMinutes({ minuteMs }: SubjectKind, ms: number): number {
  return Math.ceil(ms / minuteMs) * minuteMs;
}

/** @returns the memory once the sessions of the store have expired and were removed; null when that did not come to pass. */
async function expire(run: MemoryRun, subject: MemorySubject, timeoutMs: number): Promise<readonly number[] | null> {
  const { kind, options } = run;
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
      if (stored === 0) return bytes;
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
