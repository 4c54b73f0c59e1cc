// Events that may be cancelled, by handle. A cancelled one stays where it is and is passed over when its moment comes. A handle holds
// the place of its event and how often that place was used before, so that an old handle never cancels a newer event.

export interface Timers {
  /** @returns the place of a new timer. */
  start(kind: number, id: number): number;
  handleOf(timer: number): number;
  /** Whether such a handle was ever given out. */
  knows(handle: number): boolean;
  /** The timer that a handle stands for while it is to come; −1 when it has happened or was cancelled. */
  pending(handle: number): number;
  cancel(timer: number): void;
  isCancelled(timer: number): boolean;
  kindOf(timer: number): number;
  idOf(timer: number): number;
  /** The place is free again. */
  end(timer: number): void;
}

/** A handle is below 2^53: use × 2^27 + place. */
const PLACES = 2 ** 27;
/** A place that was used so often is used no more. */
const USES_MAX = 2 ** 26 - 1;
const CANCELLED = -1;
const NONE = -1;

export function createTimers(): Timers {
  let capacity = 64;
  let kinds = new Int32Array(capacity);
  /** Of a free place: the next free one. */
  let ids = new Int32Array(capacity);
  let uses = new Int32Array(capacity);
  let free = NONE;
  let top = 0;

  function longer(column: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
    const copy = new Int32Array(capacity);
    copy.set(column);
    return copy;
  }

  function grow(): void {
    capacity += capacity >> 1;
    kinds = longer(kinds);
    ids = longer(ids);
    uses = longer(uses);
  }

  return {
    start(newKind, newId) {
      let timer = free;
      if (timer === NONE) {
        if (top === capacity) grow();
        timer = top++;
      } else {
        free = ids[timer];
      }
      kinds[timer] = newKind;
      ids[timer] = newId;
      uses[timer]++;
      return timer;
    },
    handleOf: (timer) => uses[timer] * PLACES + timer,
    knows(handle) {
      const timer = handle % PLACES;
      return Number.isInteger(handle) && handle >= PLACES && timer < top && Math.floor(handle / PLACES) <= uses[timer];
    },
    pending(handle) {
      const timer = handle % PLACES;
      return timer < top && kinds[timer] !== CANCELLED && uses[timer] * PLACES + timer === handle ? timer : NONE;
    },
    cancel(timer) {
      kinds[timer] = CANCELLED;
    },
    kindOf: (timer) => kinds[timer],
    idOf: (timer) => ids[timer],
    isCancelled: (timer) => kinds[timer] === CANCELLED,
    end(timer) {
      kinds[timer] = CANCELLED;
      if (uses[timer] === USES_MAX) return;
      ids[timer] = free;
      free = timer;
    },
  };
}
