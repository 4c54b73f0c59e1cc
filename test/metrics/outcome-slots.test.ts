// Several generators' outcomes are added up as if one had sent everything.

import fc from "fast-check";
import { expect, test } from "vitest";
import { createOutcomeLog, mergeOutcomes, type OutcomeSlots } from "../../metrics/outcome-slots.ts";

const outcome = fc.record({
  generator: fc.nat(2),
  dueMs: fc.double({ min: -0.5, max: 2_000, noNaN: true }),
  tookMs: fc.double({ min: 0, max: 500, noNaN: true }),
  failure: fc.constantFrom(null, "session store unreachable", "request timed out"),
});

test("the sum of several logs is the log of all requests", () => {
  fc.assert(
    fc.property(fc.array(outcome), (outcomes) => {
      const one = createOutcomeLog();
      const several = [createOutcomeLog(), createOutcomeLog(), createOutcomeLog()];
      for (const { generator, dueMs, tookMs, failure } of outcomes) {
        for (const log of [one, several[generator]]) {
          if (failure === null) log.completed(dueMs, tookMs);
          else log.failed(dueMs, dueMs + tookMs, failure);
        }
      }
      expect(inOrder(mergeOutcomes(several.map(({ slots }) => slots)))).toEqual(inOrder(one.slots));
    }),
  );
});

test("a merged log is a copy: what is counted afterwards stays out of it", () => {
  const log = createOutcomeLog();
  log.failed(0, 10, "http 500");
  const merged = mergeOutcomes([log.slots]);
  log.failed(0, 10, "http 500");
  expect(merged.failed).toEqual([{ dueSlot: 0, endedSlot: 0, failure: "http 500", count: 1 }]);
});

function inOrder(slots: OutcomeSlots): OutcomeSlots {
  const key = ({ dueSlot, endedSlot, failure }: OutcomeSlots["failed"][number]) => `${dueSlot} ${endedSlot} ${failure}`;
  return { ...slots, failed: slots.failed.toSorted((a, b) => key(a).localeCompare(key(b))) };
}
