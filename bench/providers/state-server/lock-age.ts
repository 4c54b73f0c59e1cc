// How long a lock has been held, from what the state service says when it refuses a locked session.
// Source: .NET reference source, OutOfProcStateClientManager.cs (DoGet): seconds, unless a server of version 1 gives a date only.

import type { Answer } from "./response-parser.ts";

const YEAR_SECONDS = 365 * 24 * 60 * 60;
const TICKS_PER_MS = 10_000;
/** Of 1970-01-01 00:00, counted from the year 1. */
const UNIX_EPOCH_TICKS = 621_355_968_000_000_000;

/**
 * @param nowMs since 1970, as a wall clock shows it.
 * @param zoneOffsetMinutes of local time, as Date has it: UTC minus local. Server and client are taken to be in one time zone.
 * @returns real milliseconds, at least 0; 0 when what the service says cannot be.
 */
export function lockAgeMs(
  { lockAgeSeconds, lockDateTicks }: Pick<Answer, "lockAgeSeconds" | "lockDateTicks">,
  nowMs = Date.now(),
  zoneOffsetMinutes = new Date(nowMs).getTimezoneOffset(),
): number {
  if (lockAgeSeconds !== null && lockAgeSeconds >= 0) {
    return lockAgeSeconds < YEAR_SECONDS ? lockAgeSeconds * 1000 : 0;
  }
  if (lockDateTicks === null || lockDateTicks <= 0) return 0;
  const nowTicks = UNIX_EPOCH_TICKS + (nowMs - zoneOffsetMinutes * 60_000) * TICKS_PER_MS;
  return lockDateTicks < nowTicks ? (nowTicks - lockDateTicks) / TICKS_PER_MS : 0;
}
