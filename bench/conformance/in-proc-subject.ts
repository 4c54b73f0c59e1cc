// The InProc provider as a subject of the kit: it lives in its host's process, so nobody opens it by a connection. Its sweep, which
// the host starts every 20 s, is not needed here: what is over is gone for every reader, swept or not.

import { machineClock } from "../clock.ts";
import { createInProcStore } from "../providers/in-proc.ts";
import type { OpenedStore } from "../providers/open-session-store.ts";

/** MIN_UPDATE_DELTA, 1 s of a minute of 60. Source: .NET reference source, cacheexpires.cspp. */
const SLIDE_MIN_MINUTES = 1 / 60;

/** @param minuteMs how long a minute of session timeout lasts, in real milliseconds. */
export function openInProc(minuteMs: number): OpenedStore {
  const store = createInProcStore({
    clock: machineClock,
    expirySlideMinMs: SLIDE_MIN_MINUTES * minuteMs,
    events: { started: () => undefined, ended: () => undefined },
  });
  const census = () => ({ stored: store.stored(), live: store.live(), bytes: null });
  return {
    store: { ...store, census },
    engine: `in process, Node.js ${process.versions.node}`,
    close: async () => undefined,
  };
}
