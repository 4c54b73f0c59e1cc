// Whether any store may have been full: an upper bound of what each holds, from sessions counted in narrow strips of time. Most runs are
// seen at once to refuse nobody, and need not be run with the cap.

import type { VisitTrace } from "./visit-trace.ts";

export interface LevelBound {
  clear(fromMs: number, untilMs: number): void;
  add(trace: VisitTrace): void;
  mayFill(sessionsMax: number): boolean;
}

const STRIPS = 1024;

export function createLevelBound(stores: number): LevelBound {
  const starts = new Int32Array(STRIPS * stores);
  const ends = new Int32Array(STRIPS * stores);
  let fromMs = 0;
  let stripsPerMs = 0;
  const stripOf = (atMs: number) => Math.max(0, Math.floor((atMs - fromMs) * stripsPerMs));
  return {
    clear(from, until) {
      starts.fill(0);
      ends.fill(0);
      fromMs = from;
      stripsPerMs = STRIPS / (until - from);
    },
    add(trace) {
      for (let session = 0; session < trace.sessions; session++) {
        const from = trace.store[session] * STRIPS;
        const start = stripOf(trace.startMs[session]);
        const end = stripOf(trace.endMs[session]);
        if (start < STRIPS) starts[from + start]++;
        if (start < STRIPS && end < STRIPS) ends[from + end]++;
      }
    },
    mayFill(sessionsMax) {
      for (let store = 0; store < stores; store++) {
        let level = 0;
        for (let strip = store * STRIPS; strip < (store + 1) * STRIPS; strip++) {
          level += starts[strip];
          // Nobody is refused who does not come, and finds less than the cap at most.
          if (starts[strip] > 0 && level > sessionsMax) return true;
          level -= ends[strip];
        }
      }
      return false;
    },
  };
}
