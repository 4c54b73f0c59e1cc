// Access logs of a site whose truth is known: visitors of a queue with so many cores, as IIS would have logged them.

import { createLogTimes, type LogTimes } from "../../../planning/calibration/log-times.ts";
import { createRow } from "../../../workload/log/row.ts";

export interface KnownSite {
  /** Time on a core, for a uniform number. */
  readonly coreMs: (u: number) => number;
  /** Time without one. */
  readonly waitMs: (u: number) => number;
  readonly cores: number;
  /** Pages a second, hour after hour. */
  readonly perSecond: readonly number[];
  /** What is logged for what was taken. */
  readonly logged?: (tookMs: number) => number;
  readonly seed?: number;
}

const HOUR_MS = 3_600_000;
const STEM = new TextEncoder().encode("/page.aspx");

/** First come, first served; the moment logged is the end, in whole seconds. */
export function logTimesOf({ coreMs, waitMs, cores, perSecond, logged = Math.round, seed = 1 }: KnownSite): LogTimes {
  const draw = draws(seed);
  const times = createLogTimes();
  const row = createRow();
  row.bytes = STEM;
  row.stemEnd = STEM.length;
  row.status = 200;
  const freeAtMs = new Array<number>(cores).fill(0);
  for (const [hour, rate] of perSecond.entries()) {
    for (let atMs = hour * HOUR_MS; ; ) {
      atMs += (-Math.log(1 - draw()) / rate) * 1000;
      if (atMs >= (hour + 1) * HOUR_MS) break;
      const core = freeAtMs.indexOf(Math.min(...freeAtMs));
      const endsMs = Math.max(atMs, freeAtMs[core]!) + coreMs(draw());
      freeAtMs[core] = endsMs;
      const doneMs = endsMs + waitMs(draw());
      row.atMs = Math.floor(doneMs / 1000) * 1000;
      row.timeTakenMs = logged(doneMs - atMs);
      times.take(row);
    }
  }
  return times;
}

/** Numbers from 0 up to 1; mulberry32. */
function draws(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
