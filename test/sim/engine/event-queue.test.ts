import fc from "fast-check";
import { expect, test } from "vitest";
import { createEventQueue } from "../../../sim/engine/event-queue.ts";

test("events leave in the order of time, equal moments in the order they were scheduled: beside a sorted array", () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ push: fc.integer({ min: 0, max: 20 }) }) },
    { weight: 2, arbitrary: fc.constant("pop" as const) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const queue = createEventQueue();
      const obvious: { atMs: number; id: number }[] = [];
      let scheduled = 0;
      for (const one of steps) {
        if (one === "pop") {
          if (obvious.length === 0) continue;
          const expected = obvious.shift();
          expect(queue.nextAtMs).toBe(expected?.atMs);
          queue.pop();
          expect(queue.id).toBe(expected?.id);
        } else {
          const event = { atMs: one.push / 4, id: scheduled++ };
          queue.push(event.atMs, 1, event.id);
          obvious.push(event);
          obvious.sort((a, b) => a.atMs - b.atMs || a.id - b.id);
        }
        expect(queue.size).toBe(obvious.length);
      }
    }),
  );
});

test("ten thousand events come out sorted, each once", () => {
  const queue = createEventQueue();
  const count = 10_000;
  for (let id = 0; id < count; id++) queue.push((id * 7919) % 1000, id % 3, id);
  let beforeMs = -1;
  const seen = new Set<number>();
  while (queue.size > 0) {
    const atMs = queue.nextAtMs;
    queue.pop();
    expect(atMs).toBeGreaterThanOrEqual(beforeMs);
    expect(queue.kind).toBe(queue.id % 3);
    seen.add(queue.id);
    beforeMs = atMs;
  }
  expect(seen.size).toBe(count);
});

test("an empty queue has no next moment, and taking from it is a bug", () => {
  const queue = createEventQueue();
  expect(queue.nextAtMs).toBe(Number.POSITIVE_INFINITY);
  expect(() => queue.pop()).toThrow("popped only where there is one");
});
