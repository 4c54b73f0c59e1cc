import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fullestSlot } from "../../../bench/selftest/slots.ts";

describe("the fullest slot", () => {
  test("starts at equal distances fill every slot alike", () => {
    const starts = Array.from({ length: 5_000 }, (_, index) => index);
    expect(fullestSlot(starts, 100, 1_000)).toBe(1);
  });

  test("a burst counts wherever its slot begins", () => {
    const even = Array.from({ length: 1_000 }, (_, index) => index);
    const held = even.map((atMs) => (atMs >= 350 && atMs < 550 ? 550 : atMs));
    // 200 that were held up start together, and 99 more in the rest of the 100 ms.
    expect(fullestSlot(held, 100, 1_000)).toBe(3);
  });

  test("nothing started fills nothing", () => {
    expect(fullestSlot([], 100, 1_000)).toBe(0);
  });

  test("it is what counting every slot that begins at a start finds", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 80 }), (moments) => {
        const starts = moments.sort((a, b) => a - b);
        const most = Math.max(...starts.map((from) => starts.filter((at) => at >= from && at < from + 50).length));
        expect(fullestSlot(starts, 50, 20)).toBe(most);
      }),
    );
  });
});
