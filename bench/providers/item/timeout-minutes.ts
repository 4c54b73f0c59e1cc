// Out of process a session's timeout is whole minutes: that is all the bytes, the wire and the tables have room for. In a compressed
// run a minute is shorter than 60,000 ms; what it stands for stays the same.
// Source: .NET reference source, SessionStateUtil.cs; [MS-ASP] (Timeout header).

import { StoreError } from "../store-error.ts";

/** Real and scenario time are turned into each other with fractions, so a whole number of minutes may come out this far off. */
const ROUNDING = 1e-6;
const MINUTES_MAX = 2 ** 31 - 1;

/**
 * @param timeoutMs real milliseconds; null means never.
 * @param minuteMs what a minute of timeout lasts.
 * @throws StoreError when the timeout is not whole minutes, at least one.
 */
export function toTimeoutMinutes(timeoutMs: number | null, minuteMs: number): number {
  if (timeoutMs === null) {
    throw new StoreError(
      "state",
      'A session without a timeout ("Infinite") cannot be kept out of process, where timeouts are whole minutes: ' +
        "set timeout to a number of minutes, 525600 for a year, or keep the sessions in-proc.",
    );
  }
  const minutes = Math.round(timeoutMs / minuteMs);
  if (!(minutes >= 1) || minutes > MINUTES_MAX || Math.abs(timeoutMs / minuteMs - minutes) > ROUNDING * minutes) {
    throw new StoreError(
      "state",
      `A timeout of ${timeoutMs} ms, with ${minuteMs} ms a minute, is not a whole number of minutes from 1 on, and out of ` +
        "process nothing else can be stored: set timeout to whole minutes.",
    );
  }
  return minutes;
}
