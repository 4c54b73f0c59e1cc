// Which moments of a grid a visit covers, store by store: those at which it has a session there. However many sessions a visitor without
// cookies piles up, he counts once: a count of visits that come at random follows the Poisson law, and may be tilted.

import type { VisitTrace } from "./visit-trace.ts";

/** A moment on the grid may have lost its last digit. */
const HAIR = 1e-9;

/**
 * @param reachedIn scratch: one number a store.
 * @param tell called for each stretch of cells, none twice. An end at the very moment of a cell still covers it.
 */
export function coveredCells(
  trace: VisitTrace,
  spacingMs: number,
  cellMax: number,
  reachedIn: Int32Array,
  tell: (store: number, first: number, last: number) => void,
): void {
  if (trace.sessions > 1) reachedIn.fill(-1);
  for (let session = 0; session < trace.sessions; session++) {
    const store = trace.store[session];
    let first = Math.floor(trace.startMs[session] / spacingMs + HAIR) + 1;
    const last = Math.min(cellMax, Math.floor(trace.endMs[session] / spacingMs + HAIR));
    if (trace.sessions > 1) {
      if (first <= reachedIn[store]) first = reachedIn[store] + 1;
      if (last > reachedIn[store]) reachedIn[store] = last;
    }
    if (first <= last) tell(store, first, last);
  }
}
