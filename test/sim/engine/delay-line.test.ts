import fc from "fast-check";
import { expect, test } from "vitest";
import { createDelayLine } from "../../../sim/engine/delay-line.ts";

test("the first deadline is the earliest of those still set: beside a plain map", () => {
  const step = fc.record({
    id: fc.integer({ min: 0, max: 30 }),
    waitMs: fc.integer({ min: 0, max: 5 }),
    set: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const line = createDelayLine();
      const obvious = new Map<number, number>();
      let nowMs = 0;
      for (const { id, waitMs, set } of steps) {
        nowMs += waitMs;
        if (obvious.has(id)) {
          line.remove(id);
          obvious.delete(id);
        }
        if (set) {
          line.append(id, nowMs + 100);
          obvious.set(id, nowMs + 100);
        }
        expect(line.nextAtMs).toBe(Math.min(...obvious.values()));
        if (obvious.size > 0) expect(obvious.get(line.first)).toBe(line.nextAtMs);
        else expect(line.first).toBe(-1);
      }
    }),
  );
});

test("a deadline before the last one is refused: the delay is the same for all", () => {
  const line = createDelayLine();
  line.append(5000, 10);
  expect(() => line.append(1, 9)).toThrow("in the order of time");
});
