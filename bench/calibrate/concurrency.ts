// How many calls a store works on at one time: a closed loop of getItem by 1, 2, 4 … callers, until more callers get no more done. By
// Little's law the calls a second at the plateau, times what one call takes at the store alone, are the calls under way there.

import { randomBytes } from "node:crypto";
import type { Scenario } from "../../config/scenario.ts";
import { machineClock } from "../clock.ts";
import { openMicroSubject } from "../drivers/micro/micro-subject.ts";
import { changeItems, SessionItems } from "../providers/session-items.ts";
import type { SessionStore } from "../providers/session-store.ts";
import { SMALL_BYTES } from "./phases.ts";

const CALLERS = [1, 2, 4, 8, 16, 32] as const;
const STEP_MS = 700;
const SESSIONS = 64;
/** There and back again, so that what the machine does meanwhile strikes few callers and many. */
const ROUNDS = [CALLERS, CALLERS.toReversed()] as const;

export interface Concurrency {
  /** The better of two rounds, in the order of CALLERS. */
  readonly steps: readonly { readonly callers: number; readonly callsPerSecond: number }[];
  /** Processor share of the calling process, of one core, at the highest rate. */
  readonly callerBusyShare: number;
  /** As the store's census tells it; null where room is given back at once. */
  readonly reuseAfterMs: number | null;
}

/** @throws StoreError when the store fails. */
export async function measureConcurrency(scenario: Scenario, signal: AbortSignal): Promise<Concurrency> {
  const subject = await openMicroSubject(scenario);
  try {
    const ids = await storeSessions(subject.store);
    await drive(subject.store, ids, 8, STEP_MS, signal);
    const best = new Map<number, Step>();
    for (const callers of ROUNDS.flat()) {
      if (signal.aborted) break;
      const step = await drive(subject.store, ids, callers, STEP_MS, signal);
      if (step.callsPerSecond > (best.get(callers)?.callsPerSecond ?? 0)) best.set(callers, step);
    }
    const steps = CALLERS.flatMap((callers) => {
      const step = best.get(callers);
      return step === undefined ? [] : [{ callers, ...step }];
    });
    const top = steps.reduce((most, step) => (step.callsPerSecond > most.callsPerSecond ? step : most), steps[0]);
    return {
      steps: steps.map(({ callers, callsPerSecond }) => ({ callers, callsPerSecond })),
      callerBusyShare: top?.busyShare ?? 0,
      reuseAfterMs: (await subject.store.census?.())?.reuseAfterMs ?? null,
    };
  } finally {
    await subject.close();
  }
}

interface Step {
  readonly callsPerSecond: number;
  readonly busyShare: number;
}

async function storeSessions(store: SessionStore): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < SESSIONS; n++) {
    const id = `${randomBytes(9).toString("hex")}${String(n).padStart(6, "0")}`;
    const items = new SessionItems();
    changeItems(items, SMALL_BYTES);
    ids.push((await store.setAndReleaseItemExclusive(id, { items, timeoutMs: 1_200_000 }, null, true)) ?? id);
  }
  return ids;
}

async function drive(
  store: SessionStore,
  ids: readonly string[],
  callers: number,
  lengthMs: number,
  signal: AbortSignal,
): Promise<Step> {
  const cpuBefore = process.cpuUsage();
  const beganMs = machineClock();
  const untilMs = beganMs + lengthMs;
  let calls = 0;
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      for (let n = caller; machineClock() < untilMs && !signal.aborted; n += callers) {
        await store.getItem(ids[n % ids.length]);
        calls++;
      }
    }),
  );
  const tookMs = machineClock() - beganMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { callsPerSecond: (calls * 1000) / tookMs, busyShare: (user + system) / 1000 / tookMs };
}

/** @param storeMs what one call takes at the store and on the way, alone. @returns no more than called when most was done. */
export function callsAtOnce({ steps }: Concurrency, storeMs: number): number {
  const none = { callers: 1, callsPerSecond: 0 };
  const top = steps.reduce((most, step) => (step.callsPerSecond > most.callsPerSecond ? step : most), none);
  return Math.max(1, Math.min(top.callers, Math.round((top.callsPerSecond * storeMs) / 1000)));
}
