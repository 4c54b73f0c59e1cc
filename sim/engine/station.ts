// A place with c servers and one queue, first come first served: the cores of a worker process, the workers of a store.
// Whoever is served keeps a server until it leaves; what it does meanwhile is its own affair.

import { assert } from "../../config/assert.ts";
import { createTally, type Tally } from "./tally.ts";

export interface Station {
  readonly busy: Tally;
  /** Starts at once, returning true; or queues, returning false, and comes out of a later `leave`. */
  enter(nowMs: number, id: number): boolean;
  /** Frees a server. Returns who takes it over, or −1. */
  leave(nowMs: number): number;
  /** Takes one that queues out of the queue. */
  expel(id: number): void;
  /** Everybody is gone, served or queueing. */
  empty(nowMs: number): void;
}

const NONE = -1;

/** @param linkOf the column of `next` links of those who queue here; each queues at one place at a time. */
export function createStation(servers: number, linkOf: () => Int32Array): Station {
  const busy = createTally();
  let first = NONE;
  let last = NONE;
  return {
    busy,
    enter(nowMs, id) {
      if (busy.level < servers) {
        busy.add(nowMs, 1);
        return true;
      }
      const next = linkOf();
      next[id] = NONE;
      if (last === NONE) first = id;
      else next[last] = id;
      last = id;
      return false;
    },
    leave(nowMs) {
      assert(busy.level > 0, "only a busy server is freed");
      const id = first;
      if (id === NONE) {
        busy.add(nowMs, -1);
        return NONE;
      }
      first = linkOf()[id];
      if (first === NONE) last = NONE;
      return id;
    },
    expel(id) {
      const next = linkOf();
      let before = NONE;
      for (let at = first; at !== id; at = next[at]) {
        assert(at !== NONE, "only who queues is taken out of the queue");
        before = at;
      }
      if (before === NONE) first = next[id];
      else next[before] = next[id];
      if (last === id) last = before;
    },
    empty(nowMs) {
      busy.add(nowMs, -busy.level);
      first = NONE;
      last = NONE;
    },
  };
}
