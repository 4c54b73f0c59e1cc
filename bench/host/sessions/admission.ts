// The cap of classic ASP: who would need a new session while `max` are stored is refused. A session counts from the start of the
// request that will store it, so that requests under way cannot overshoot the cap together.
// Source: AspSessionMax documentation (ms525857): "HTTP 500, Server Too Busy"; existing sessions go on.

import { assert } from "../../../config/assert.ts";

export interface Admission {
  /** A request wants a new session under this id. @returns false when it is refused. Each true needs one `settle`. */
  admit(id: string): boolean;
  /** The store has the session now. */
  started(id: string): void;
  /** The request that was admitted is over, whether or not it stored the session. */
  settle(id: string): void;
  /** Times a new session was wanted and the outcome is known: started or refused. */
  arrivals(): number;
  refused(): number;
}

interface Place {
  requests: number;
  started: boolean;
}

/** @param stored sessions now in the store. */
export function createAdmission(sessionsMax: number, stored: () => number): Admission {
  const places = new Map<string, Place>();
  let open = 0;
  let wanted = 0;
  let refused = 0;

  return {
    admit(id) {
      const place = places.get(id);
      if (place !== undefined) {
        place.requests++;
        return true;
      }
      wanted++;
      if (stored() + open >= sessionsMax) {
        refused++;
        return false;
      }
      places.set(id, { requests: 1, started: false });
      open++;
      return true;
    },
    started(id) {
      const place = places.get(id);
      assert(place !== undefined, "no session is stored that was not admitted");
      if (place.started) wanted++;
      else open--;
      place.started = true;
    },
    settle(id) {
      const place = places.get(id);
      assert(place !== undefined, "only an admitted request is settled");
      place.requests--;
      if (place.requests > 0) return;
      places.delete(id);
      if (place.started) return;
      open--;
      wanted--;
    },
    arrivals: () => wanted - open,
    refused: () => refused,
  };
}
