// Which moments of a grid a visit covers, store by store: those at which it has a session there, of which there is one at most. A count
// of visits that come at random and do not know of each other follows the Poisson law, and may be tilted.

import type { VisitTrace } from "./visit-trace.ts";

/** A moment on the grid may have lost its last digit. */
const HAIR = 1e-9;

/**
 * @param cellMax cells beyond it are left out.
 * @param tell called for each stretch of cells, from the first to the last of them; cell c is the moment c × spacing. An end at the
 * very moment of a cell still covers it, a start does not.
 */
export function coveredCells(
  trace: VisitTrace,
  spacingMs: number,
  cellMax: number,
  tell: (store: number, first: number, last: number) => void,
): void {
  for (let session = 0; session < trace.sessions; session++) {
    const first = Math.floor(trace.startMs[session] / spacingMs + HAIR) + 1;
    const last = Math.min(cellMax, Math.floor(trace.endMs[session] / spacingMs + HAIR));
    if (first <= last) tell(trace.store[session], first, last);
  }
}
