// The ring against a plain list of deadlines: whatever is added, touched and removed, sessions come out at their deadline, in order.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createExpiryRing } from "../../../sim/model/expiry-ring.ts";
import {
  createSessionRows,
  EXPIRES_AT,
  MOMENTS,
  newStanding,
  removedStanding,
  STANDING,
  WORDS,
} from "../../../sim/model/session-rows.ts";

type Deed = { readonly afterMs: number; readonly kind: "add" | "touch" | "remove"; readonly which: number };

const deedOf = (gapMaxMs: number): fc.Arbitrary<Deed> =>
  fc.record({
    afterMs: fc.oneof(fc.constant(0), fc.double({ min: 0, max: gapMaxMs, noNaN: true })),
    kind: fc.constantFrom("add", "add", "touch", "touch", "remove"),
    which: fc.nat(),
  });

/** @returns moments of expiry, in order, by the ring and by looking through all deadlines. */
function expiriesOf(deeds: readonly Deed[], timeoutMs: number): [number[], number[]] {
  const rows = createSessionRows();
  const ring = createExpiryRing(rows, timeoutMs);
  const deadlines = new Map<number, number>();
  const fromRing: number[] = [];
  const plain: number[] = [];

  function until(nowMs: number): void {
    while (ring.nextAtMs() < nowMs) {
      const atMs = ring.nextAtMs();
      const session = ring.take();
      expect(deadlines.get(session)).toBe(atMs);
      expect(Math.min(...deadlines.values())).toBe(atMs);
      deadlines.delete(session);
      rows.give(session);
      fromRing.push(atMs);
    }
  }
  function slide(session: number, nowMs: number): void {
    deadlines.set(session, nowMs + timeoutMs);
    rows.moments[session * MOMENTS + EXPIRES_AT] = nowMs + timeoutMs;
  }

  let nowMs = 0;
  for (const { afterMs, kind, which } of deeds) {
    nowMs += afterMs;
    until(nowMs);
    const present = [...deadlines.keys()];
    if (kind === "add" || present.length === 0) {
      const session = rows.take();
      expect(deadlines.has(session)).toBe(false);
      const at = session * WORDS + STANDING;
      rows.words[at] = newStanding(rows.words[at], 0);
      slide(session, nowMs);
      ring.add(session);
      continue;
    }
    const session = present[which % present.length];
    if (kind === "touch") {
      slide(session, nowMs);
    } else {
      deadlines.delete(session);
      rows.words[session * WORDS + STANDING] = removedStanding(rows.words[session * WORDS + STANDING]);
    }
  }
  plain.push(...fromRing, ...[...deadlines.values()].sort((a, b) => a - b));
  until(Number.POSITIVE_INFINITY);
  return [fromRing, plain];
}

describe("the expiry ring", () => {
  test.each([
    ["long beside the gaps", 1_200_000, 500],
    ["of the length of the gaps", 1000, 900],
    ["shorter than a bucket can be", 1e-4, 5],
    ["far shorter than the gaps", 10, 1_000_000],
  ])("gives each session up at its deadline, in order, with a timeout %s", (_words, timeoutMs, gapMaxMs) => {
    const deeds = fc.array(deedOf(gapMaxMs), { maxLength: 400, size: "max" });
    fc.assert(
      fc.property(deeds, (list) => {
        const [fromRing, plain] = expiriesOf(list, timeoutMs);
        expect(fromRing).toEqual(plain);
      }),
      { seed: 7, numRuns: 60 },
    );
  });

  test("keeps the order while it grows, sessions added by the ten thousand, many at one moment", () => {
    const rows = createSessionRows();
    const ring = createExpiryRing(rows, 60_000);
    const deadlines: number[] = [];
    for (let n = 0; n < 60_000; n++) {
      const atMs = Math.floor(n / 7) * 3 + 60_000;
      const session = rows.take();
      rows.words[session * WORDS + STANDING] = newStanding(0, 0);
      rows.moments[session * MOMENTS + EXPIRES_AT] = atMs;
      ring.add(session);
      deadlines.push(atMs);
    }
    const taken = deadlines.map(() => {
      const atMs = ring.nextAtMs();
      ring.take();
      return atMs;
    });
    expect(taken).toEqual(deadlines);
    expect(ring.nextAtMs()).toBe(Number.POSITIVE_INFINITY);
  });
});
