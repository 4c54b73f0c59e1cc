// Compiled code, and what a JavaScript engine learns of it, is memory that grows while things are done for the first time; it must not
// pass for that of the sessions. So all that will be done to a store is done before, again and again, with sessions that go at once.

import { setTimeout as delay } from "node:timers/promises";
import { machineClock } from "../../clock.ts";
import type { MemorySubject } from "./memory-subject.ts";

const SESSIONS = 700;
/** More than one item, and small enough for a cookie. */
const STATE_BYTES = 1_104;
/** By then the sessions are gone from a store that lets them go. */
const EMPTY_PATIENCE_MS = 2_000;

/**
 * @param minuteMs the timeout of the sessions.
 * @returns when the store is without sessions again, as far as it can tell.
 */
export async function rehearse(subject: MemorySubject, minuteMs: number, rounds: number): Promise<void> {
  const sizes = Array<number>(SESSIONS).fill(STATE_BYTES);
  for (let round = 0; round < rounds; round++) {
    await subject.add(sizes, minuteMs);
    await subject.read();
    await subject.removeExpired();
  }
  const untilMs = machineClock() + EMPTY_PATIENCE_MS;
  for (let left = 1; left > 0 && machineClock() < untilMs; ) {
    await delay(minuteMs);
    await subject.removeExpired();
    left = (await subject.read()).stored ?? 0;
  }
}
