// Deadlines that are all equally far ahead when they are set. The newest is then always the latest, so a list in order of setting is
// a list in order of time: setting, moving and cancelling cost the same few writes however many there are, and no heap is needed.

import { assert } from "../../config/assert.ts";

export interface DelayLine {
  /** Deadline of the first entry; Infinity when there is none. */
  readonly nextAtMs: number;
  /** The first entry; −1 when there is none. */
  readonly first: number;
  /** Puts `id` at the end. Its deadline is at or after all others. */
  append(id: number, deadlineMs: number): void;
  remove(id: number): void;
}

const NONE = -1;

export function createDelayLine(): DelayLine {
  let before = new Int32Array(1024);
  let after = new Int32Array(1024);
  let deadlines = new Float64Array(1024);
  let last = NONE;
  // Fields, no accessors: an engine is slow to reach what an accessor of a literal gives.
  const line = { nextAtMs: Number.POSITIVE_INFINITY, first: NONE, append, remove };

  function grow(id: number): void {
    let capacity = deadlines.length;
    while (capacity <= id) capacity *= 2;
    const larger = {
      before: new Int32Array(capacity),
      after: new Int32Array(capacity),
      at: new Float64Array(capacity),
    };
    larger.before.set(before);
    larger.after.set(after);
    larger.at.set(deadlines);
    before = larger.before;
    after = larger.after;
    deadlines = larger.at;
  }

  function startWith(id: number): void {
    line.first = id;
    line.nextAtMs = id === NONE ? Number.POSITIVE_INFINITY : deadlines[id];
  }

  function append(id: number, deadlineMs: number): void {
    if (id >= deadlines.length) grow(id);
    assert(last === NONE || deadlines[last] <= deadlineMs, "deadlines are set in the order of time");
    deadlines[id] = deadlineMs;
    before[id] = last;
    after[id] = NONE;
    if (last === NONE) startWith(id);
    else after[last] = id;
    last = id;
  }

  function remove(id: number): void {
    const previous = before[id];
    const next = after[id];
    if (previous === NONE) startWith(next);
    else after[previous] = next;
    if (next === NONE) last = previous;
    else before[next] = previous;
  }

  return line;
}
