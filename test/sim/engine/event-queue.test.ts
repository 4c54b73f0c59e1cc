// The queue beside the slow, obvious one: an array that is searched for the first of the earliest.

import fc from "fast-check";
import { expect, test } from "vitest";
import { createEventQueue, type EventQueue } from "../../../sim/engine/event-queue.ts";

interface Waiting {
  readonly atMs: number;
  readonly id: number;
  readonly handle: number;
}

/** Events in the order they were scheduled; the first to happen is the first among the earliest. */
function createObviousQueue() {
  const waiting: Waiting[] = [];
  const first = () => waiting.reduce((best, one) => (one.atMs < best.atMs ? one : best));
  return {
    waiting,
    nextAtMs: () => (waiting.length === 0 ? Number.POSITIVE_INFINITY : first().atMs),
    pop(): Waiting {
      const one = first();
      waiting.splice(waiting.indexOf(one), 1);
      return one;
    },
    cancel(handle: number): boolean {
      const index = waiting.findIndex((one) => one.handle === handle);
      if (index >= 0) waiting.splice(index, 1);
      return index >= 0;
    },
  };
}

const kindOf = (id: number) => (id * 7) & 0xffff;

function schedule(queue: EventQueue, atMs: number, id: number, cancellable: boolean): Waiting {
  if (cancellable) return { atMs, id, handle: queue.pushCancellable(atMs, kindOf(id), id) };
  queue.push(atMs, kindOf(id), id);
  return { atMs, id, handle: 0 };
}

/** Delays as they come in models: none, equal ones, of one scale, of scales far apart, and never. */
const delay = fc.oneof(
  fc.constantFrom(0, 0, 1, 1, 1_200_000, Number.POSITIVE_INFINITY),
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.double({ min: 0, max: 1000, noNaN: true }),
  fc.double({ min: 0, max: 1e-9, noNaN: true }),
  fc.double({ min: 0, max: 1e300, noNaN: true }),
  fc.integer({ min: 0, max: 20 }),
);

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ delays: fc.array(delay, { maxLength: 40 }), cancellable: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ pops: fc.integer({ min: 1, max: 60 }) }) },
  { weight: 2, arbitrary: fc.record({ cancelEvery: fc.integer({ min: 1, max: 5 }) }) },
);

test("events leave in the order of time, equal moments in the order they were scheduled, cancelled ones never", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), fc.nat(3), (steps, repeats) => {
      const queue = createEventQueue();
      const obvious = createObviousQueue();
      const handles: number[] = [];
      let nowMs = 0;
      let ids = 0;
      for (const one of steps) {
        if ("delays" in one) {
          // Repeats make the burst large enough to leave the heap.
          for (let n = 0; n < 8 ** repeats; n += 4) {
            for (const delayMs of one.delays) {
              const event = schedule(queue, nowMs + delayMs * (1 + n), ids++, one.cancellable);
              obvious.waiting.push(event);
              if (event.handle > 0) handles.push(event.handle);
            }
          }
        } else if ("pops" in one) {
          for (let n = 0; n < one.pops && obvious.waiting.length > 0; n++) {
            expect(queue.nextAtMs).toBe(obvious.nextAtMs());
            const expected = obvious.pop();
            queue.pop();
            if (queue.id !== expected.id || queue.kind !== kindOf(expected.id)) expect(queue.id).toBe(expected.id);
            nowMs = expected.atMs;
          }
        } else {
          for (let n = 0; n < handles.length; n += one.cancelEvery) {
            const done = queue.cancel(handles[n]);
            if (done !== obvious.cancel(handles[n])) expect.fail(`handle ${handles[n]} was cancelled: ${done}`);
          }
        }
        expect(queue.size).toBe(obvious.waiting.length);
        expect(queue.nextAtMs).toBe(obvious.nextAtMs());
      }
    }),
    { numRuns: 150 },
  );
});

/** A source of numbers for tests that need many, cheaply: above 0, below 1. */
function createNoise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return ((state >>> 0) + 0.5) / 2 ** 32;
  };
}

const laws: Record<string, (u: number) => number> = {
  "equal delays": () => 1000,
  "whole milliseconds": (u) => Math.floor(u * 50),
  "exponential delays": (u) => -Math.log(u) * 1000,
  "short delays beside very long ones": (u) => (u < 0.9 ? u * 1e-3 : u * 1e6),
  "delays of every scale": (u) => 10 ** (u * 24 - 12),
  "a heavy tail": (u) => u ** -2,
};

for (const [name, law] of Object.entries(laws)) {
  test(`${name}: 200,000 changes to a queue of 20,000 come out in order, each event once`, () => {
    const queue = createEventQueue();
    const noise = createNoise(7);
    const atMs: number[] = [];
    const handles: number[] = [];
    const gone = new Uint8Array(500_000);
    let waiting = 0;
    const add = (nowMs: number) => {
      const id = atMs.length;
      atMs.push(nowMs + law(noise()));
      handles.push(id % 3 === 0 ? schedule(queue, atMs[id], id, true).handle : 0);
      if (id % 3 !== 0) schedule(queue, atMs[id], id, false);
      waiting++;
    };
    for (let n = 0; n < 20_000; n++) add(0);
    let lastMs = 0;
    let lastId = -1;
    const take = () => {
      const nextMs = queue.nextAtMs;
      queue.pop();
      const { id } = queue;
      const inOrder = nextMs > lastMs || (nextMs === lastMs && id > lastId) || lastId < 0;
      if (!inOrder || nextMs !== atMs[id] || gone[id] === 1) expect.fail(`event ${id} at ${nextMs} after ${lastId}`);
      gone[id] = 1;
      lastMs = nextMs;
      lastId = id;
      waiting--;
    };
    for (let n = 0; n < 200_000; n++) {
      take();
      add(lastMs);
      const other = Math.floor(noise() * atMs.length);
      if (handles[other] === 0) continue;
      if (queue.cancel(handles[other]) === (gone[other] === 1)) expect.fail(`event ${other} was cancelled wrongly`);
      if (gone[other] === 0) waiting--;
      gone[other] = 1;
      if (queue.size !== waiting) expect(queue.size).toBe(waiting);
    }
    while (queue.size > 0) take();
    expect(waiting).toBe(0);
    expect(queue.nextAtMs).toBe(Number.POSITIVE_INFINITY);
  });
}

test("an event that never comes is the last, and those at the end of time keep their order", () => {
  const queue = createEventQueue();
  for (let id = 0; id < 1000; id++) queue.push(id % 2 === 0 ? Number.POSITIVE_INFINITY : 1000 - id, 1, id);
  for (let id = 999; id > 0; id -= 2) {
    queue.pop();
    expect(queue.id).toBe(id);
  }
  for (let id = 0; id < 1000; id += 2) {
    expect(queue.nextAtMs).toBe(Number.POSITIVE_INFINITY);
    queue.pop();
    expect(queue.id).toBe(id);
  }
  expect(queue.size).toBe(0);
});

test("deadlines that are put off all the time leave no more behind than there are events to come", () => {
  const queue = createEventQueue();
  const sessions = 3000;
  const handles = Array.from({ length: sessions }, (_, id) => queue.pushCancellable(1000, 1, id));
  const bytesBefore = process.memoryUsage().arrayBuffers;
  for (let n = 0; n < 1_000_000; n++) {
    const id = (n * 7919) % sessions;
    if (!queue.cancel(handles[id])) expect.fail(`the deadline of ${id} is still to come`);
    handles[id] = queue.pushCancellable(1000 + n, 1, id);
  }
  expect(queue.size).toBe(sessions);
  // A million cancelled events would take 28 MB.
  expect(process.memoryUsage().arrayBuffers - bytesBefore).toBeLessThan(2_000_000);
  for (let n = 1_000_000 - sessions; n < 1_000_000; n++) {
    expect(queue.nextAtMs).toBe(1000 + n);
    queue.pop();
  }
  expect(queue.size).toBe(0);
});

test("a handle is good for one event, even when its place is used again", () => {
  const queue = createEventQueue();
  const first = queue.pushCancellable(1, 5, 17);
  expect(queue.cancel(first)).toBe(true);
  expect(queue.cancel(first)).toBe(false);
  const second = queue.pushCancellable(2, 6, 18);
  expect(queue.cancel(first)).toBe(false);
  expect([queue.size, queue.nextAtMs]).toEqual([1, 2]);
  queue.pop();
  expect([queue.kind, queue.id]).toEqual([6, 18]);
  expect(queue.cancel(second)).toBe(false);
});

test("an empty queue has no next moment, and taking from it is a bug", () => {
  const queue = createEventQueue();
  expect(queue.nextAtMs).toBe(Number.POSITIVE_INFINITY);
  expect(() => queue.pop()).toThrow("popped only where there is one");
});
