// The order of a micro run. First each provider is made warm with each size, until it is known how many sessions a turn can have;
// then come the rounds. In a round every provider has one turn with every size, in an order that is turned round from one round to
// the next, so that what the machine does meanwhile strikes all alike.

import { randomBytes } from "node:crypto";
import type { InputError } from "../../../config/problem.ts";
import type { Scenario, StoreOperation } from "../../../config/scenario.ts";
import type { BenchOptions } from "../../bench-options.ts";
import { type Clock, machineClock } from "../../clock.ts";
import { storeSettings } from "../../host/host-settings.ts";
import { storeErrorAsInput } from "../../providers/open-session-store.ts";
import { StoreError } from "../../providers/store-error.ts";
import {
  collectGarbage,
  createCell,
  type MicroCell,
  measuringGauge,
  roughGauge,
  SAMPLE_MS_MIN,
} from "./micro-gauge.ts";
import type { MicroSubject } from "./micro-subject.ts";
import { type Gauge, takeTurn } from "./micro-turn.ts";

/** How much is spent on it. */
export interface MicroEffort {
  /** Of all turns of one provider together, the warm-up included. */
  readonly budgetMs: number;
  /** At the most, where they go on until the budget is spent. */
  readonly rounds: number;
  /** As many rounds as fit into the budget; else their turns have as many sessions as make so many rounds fill it. */
  readonly untilSpent?: boolean;
  /** Of a turn, where that is not left to the warm-up: runs that are compared should differ in nothing. */
  readonly sessions?: number;
  /** Calls to be measured; left out, all that a store has. */
  readonly operations?: readonly StoreOperation[];
  /** After a large preparation, before what is measured. */
  readonly settle: () => void;
}

/** Rounds enough for an interval that Student's t does not widen; time enough for thousands of calls over a wire. */
const wholeEffort = { budgetMs: 20_000, rounds: 20 };
const ROUNDS_MAX = 1_000;

export function effortFor({
  seconds,
  sessions,
  operations,
}: Pick<BenchOptions, "seconds" | "sessions" | "operations">): MicroEffort {
  const timed =
    seconds === undefined ? wholeEffort : { budgetMs: 1000 * seconds, rounds: ROUNDS_MAX, untilSpent: true };
  return { ...timed, sessions, operations, settle: collectGarbage };
}

/** What was found out about one subject. */
export interface MicroFinds {
  readonly subject: MicroSubject;
  /** In the order of sizes, then of calls. */
  readonly cells: readonly MicroCell[];
  readonly rounds: number;
  /** Sizes that the store does not take, and what it says. */
  readonly refusedSizes: ReadonlyMap<number, string>;
  /** The store failed in the midst of it: what it said. */
  readonly failure: string | null;
}

/** For one size. */
interface TurnPlan {
  readonly sessions: number;
  /** Of one round; more than one where so many sessions as may be are soon done with. */
  readonly turns: number;
  readonly passes: number;
}

interface Lane {
  readonly subject: MicroSubject;
  readonly cells: Map<string, MicroCell>;
  readonly plans: Map<number, TurnPlan>;
  readonly refusedSizes: Map<number, string>;
  rounds: number;
  failure: StoreError | null;
}

/** Of the budget, for the warm-up. */
const WARM_UP_SHARE = 0.15;
/** Each of the three parts of a turn has a few calls. */
const SESSIONS_MIN = 18;
const SESSIONS_MAX = 6_000;
/** What the sessions of a turn may weigh together. */
const TURN_BYTES_MAX = 32 * 1024 * 1024;
const TURNS_MAX = 8;
/** Rounds that a budget has room for at the least where they go on until it is spent. */
const ROUNDS_FITTING = 8;
/** Each of the three things that are measured has then had each place in a turn. */
const TURNS_ROTATING = 3;
/** The first finds everything cold. */
const WARM_UP_TURNS_MIN = 2;
/** Of calls too short for the clock: preparing a session takes a hundred times as long as one such call. */
const PASSES_OF_SHORT = 16;
/** Preparations of so much have the collector at work for a while; of less, collecting would take longer than the calls. */
const SETTLE_BYTES = 4 * 1024 * 1024;
/** Late rounds are left out when the machine turns out this much slower than in the warm-up. */
const OVERRUN = 1.5;
/** However slow: fewer make no interval worth the name. */
const ROUNDS_MIN = 4;

/**
 * @param sizes of state, bytes, each once.
 * @throws InputError when a store takes none of the sizes.
 */
export async function runRounds(
  subjects: readonly MicroSubject[],
  sizes: readonly number[],
  effort: MicroEffort,
  options: Pick<BenchOptions, "signal" | "onProgress">,
  clock: Clock = machineClock,
): Promise<readonly MicroFinds[]> {
  const { signal, onProgress } = options;
  const lanes = subjects.map(createLane);
  const beganMs = clock();
  const budgetMs = effort.budgetMs * lanes.length;
  const spentMs = () => clock() - beganMs;
  const report = (note: string) => onProgress({ share: spentMs() / budgetMs, note });

  for (const lane of lanes) {
    for (const bytes of sizes) {
      if (signal.aborted) break;
      report(`warming up: ${nameOf(lane)} with ${bytes} bytes`);
      await warmUp(lane, bytes, effort, sizes.length, clock);
    }
    if (lane.plans.size === 0 && lane.failure !== null) throw unusable(lane.subject.scenario, lane.failure);
  }
  const of = effort.untilSpent === true ? "" : ` of ${effort.rounds}`;
  const overMs = (effort.untilSpent === true ? 1 : OVERRUN) * budgetMs;
  for (let round = 0; round < effort.rounds && (round < ROUNDS_MIN || spentMs() < overMs); round++) {
    const order = round % 2 === 0 ? lanes : lanes.toReversed();
    for (const lane of order) for (const cell of lane.cells.values()) cell.roundsSamplesMs.push([]);
    for (const bytes of sizes) {
      for (const lane of order) {
        if (signal.aborted) return lanes.map(findsOf);
        report(`round ${round + 1}${of}: ${nameOf(lane)} with ${bytes} bytes`);
        await measureTurns(lane, bytes, round, effort);
      }
    }
    for (const lane of lanes) if (lane.failure === null) lane.rounds++;
  }
  return lanes.map(findsOf);
}

function unusable(scenario: Scenario, error: StoreError): InputError {
  return storeErrorAsInput(error, storeSettings(scenario, scenario.store.connections));
}

function createLane(subject: MicroSubject): Lane {
  return {
    subject,
    cells: new Map(),
    plans: new Map(),
    refusedSizes: new Map(),
    rounds: 0,
    failure: null,
  };
}

function findsOf({ subject, cells, rounds, refusedSizes, failure }: Lane): MicroFinds {
  return { subject, cells: [...cells.values()], rounds, refusedSizes, failure: failure?.message ?? null };
}

function nameOf({ subject }: Lane): string {
  return subject.engine ?? subject.scenario.site.mode;
}

/** Turns that grow until one is long enough to tell how many sessions the measured ones can have; the last makes the cells. */
async function warmUp(lane: Lane, bytes: number, effort: MicroEffort, sizes: number, clock: Clock): Promise<void> {
  const { untilSpent = false } = effort;
  const turnsFitting = untilSpent ? ROUNDS_FITTING * TURNS_ROTATING : effort.rounds;
  const turnMs = ((1 - WARM_UP_SHARE) * effort.budgetMs) / (turnsFitting * sizes);
  const untilMs = clock() + (WARM_UP_SHARE * effort.budgetMs) / sizes;
  const most = Math.max(SESSIONS_MIN, Math.min(SESSIONS_MAX, Math.floor(TURN_BYTES_MAX / Math.max(1, bytes))));
  const callMs = new Map<StoreOperation, number>();
  let sessions = effort.sessions ?? SESSIONS_MIN;
  try {
    for (let turnsTaken = 1; ; turnsTaken++) {
      const beganMs = clock();
      const passes = passesFor(callMs);
      await turn(lane, bytes, { sessions, passes }, effort, roughGauge(callMs));
      const nowMs = clock();
      const perSessionMs = (nowMs - beganMs) / sessions;
      const fitting = effort.sessions ?? Math.max(SESSIONS_MIN, Math.min(most, Math.floor(turnMs / perSessionMs)));
      const next = Math.min(fitting, sessions * 4);
      if (nowMs + next * perSessionMs > untilMs && turnsTaken >= WARM_UP_TURNS_MIN) {
        const turns = Math.max(1, Math.min(TURNS_MAX, Math.floor(turnMs / (fitting * perSessionMs))));
        lane.plans.set(bytes, { sessions: fitting, turns: untilSpent ? TURNS_ROTATING : turns, passes });
        break;
      }
      sessions = next;
    }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    lane.refusedSizes.set(bytes, error.message);
    if (lane.plans.size === 0) lane.failure = error;
    return;
  }
  lane.failure = null;
  for (const [operation, ms] of callMs) {
    const key = cellKey(operation, bytes);
    if (!lane.cells.has(key)) lane.cells.set(key, createCell(operation, keptBytes(operation, bytes), ms));
  }
}

function passesFor(callMs: ReadonlyMap<StoreOperation, number>): number {
  const shortest = Math.min(callMs.get("getItem") ?? SAMPLE_MS_MIN, callMs.get("resetItemTimeout") ?? SAMPLE_MS_MIN);
  return shortest < SAMPLE_MS_MIN ? PASSES_OF_SHORT : 1;
}

/** A session that is not initialised has no state, so that its making is one call whatever the size. */
function keptBytes(operation: StoreOperation, bytes: number): number {
  return operation === "createUninitializedItem" ? 0 : bytes;
}

function cellKey(operation: StoreOperation, bytes: number): string {
  return `${operation} ${keptBytes(operation, bytes)}`;
}

async function measureTurns(lane: Lane, bytes: number, round: number, effort: MicroEffort): Promise<void> {
  const plan = lane.plans.get(bytes);
  if (plan === undefined || lane.failure !== null) return;
  const cellOf = (operation: StoreOperation) => lane.cells.get(cellKey(operation, bytes)) as MicroCell;
  try {
    for (let n = 0; n < plan.turns; n++) {
      await turn(lane, bytes, plan, effort, measuringGauge(cellOf, round * plan.turns + n));
    }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    lane.failure = error;
  }
}

function turn(
  lane: Lane,
  stateBytes: number,
  { sessions, passes }: Omit<TurnPlan, "turns">,
  { settle, operations }: MicroEffort,
  gauge: Gauge,
): Promise<void> {
  const { store, scenario } = lane.subject;
  return takeTurn({
    store,
    ids: freshIds(sessions),
    stateBytes,
    timeoutMs: scenario.site.timeoutMs,
    operations,
    passes,
    gauge,
    settle: sessions * stateBytes >= SETTLE_BYTES ? settle : () => undefined,
  });
}

/** As ASP.NET's: 24 letters and digits. Those of two turns never meet. */
function freshIds(count: number): string[] {
  const turnId = randomBytes(9).toString("hex");
  return Array.from({ length: count }, (_, index) => `${turnId}${String(index).padStart(6, "0")}`);
}
