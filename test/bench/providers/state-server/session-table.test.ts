// Expiry and memory of the session table, with a clock held still; and the table beside a slow, obvious model.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createExpiryBuckets, type Filed } from "../../../../bench/providers/state-server/expiry-buckets.ts";
import {
  createSessionTable,
  ITEM_OVERHEAD_BYTES,
  type SessionTable,
} from "../../../../bench/providers/state-server/session-table.ts";

const MIB = 1024 * 1024;
const received = (bytes: number) => ({ bytes: Buffer.alloc(bytes), owned: false });
const newItem = (timeoutMinutes: number) => ({ timeoutMinutes, lockCookie: 1, uninitialized: false });

function tableAt(nowMs: number, minuteMs = 60_000): SessionTable {
  return createSessionTable({ minuteMs, memoryLimitBytes: MIB }, nowMs);
}

describe("expiry", () => {
  test("an item is found at its last millisecond and gone one after it", () => {
    for (const [atMs, found] of [
      [1_200_000, true],
      [1_200_001, false],
    ] as const) {
      const table = tableAt(0);
      table.insert("k", received(1), newItem(20), 0);
      expect(table.lookUp("k", atMs) !== undefined).toBe(found);
      expect(table.counts()).toMatchObject({ active: found ? 1 : 0, timedOut: found ? 0 : 1 });
    }
  });

  test("every look-up gives the item its whole time again", () => {
    const table = tableAt(0);
    table.insert("k", received(1), newItem(20), 0);
    expect(table.lookUp("k", 1_200_000)).toBeDefined();
    expect(table.lookUp("k", 2_400_000)).toBeDefined();
    expect(table.lookUp("k", 3_600_001)).toBeUndefined();
  });

  test("a slide of less than a second is not recorded, one of a second is", () => {
    for (const [slideMs, found] of [
      [999, false],
      [1_000, true],
    ] as const) {
      const table = tableAt(0);
      table.insert("k", received(1), newItem(1), 0);
      table.lookUp("k", slideMs);
      expect(table.lookUp("k", 60_001) !== undefined).toBe(found);
    }
  });

  test("an idle item goes at the first boundary of 20 s after its time", () => {
    const table = tableAt(5_000);
    table.insert("k", received(1), newItem(1), 5_000);
    table.sweep(60_000);
    expect(table.counts().active).toBe(1);
    table.sweep(80_000);
    expect(table.counts()).toMatchObject({ active: 0, timedOut: 1, lifetimesMs: 75_000, bytes: 0 });
  });

  test("a shorter minute shortens timeouts, slides and sweeps alike", () => {
    const table = tableAt(0, 600);
    table.insert("k", received(1), newItem(20), 0);
    table.lookUp("k", 9);
    table.sweep(12_000);
    expect(table.counts().active).toBe(0);
  });

  test("an item that looks for somebody else's key slides nothing", () => {
    const table = tableAt(0);
    table.insert("k", received(1), newItem(1), 0);
    expect(table.hasRoom("k", 10)).toBe(true);
    expect(table.lookUp("k", 60_001)).toBeUndefined();
  });

  test("as many items as a long pause let expire go at the next sweep", () => {
    const table = tableAt(0);
    for (let minutes = 1; minutes <= 100; minutes++) table.insert(`k${minutes}`, received(1), newItem(minutes), 0);
    table.sweep(6_000_000);
    expect(table.counts()).toMatchObject({ active: 0, timedOut: 100 });
  });
});

describe("memory", () => {
  test("what an item takes is given back when it ends, whatever became of it before", () => {
    const table = tableAt(0);
    table.insert("key", received(100), newItem(20), 0);
    expect(table.counts().bytes).toBe(ITEM_OVERHEAD_BYTES + 3 + 100);
    table.replaceBody(table.lookUp("key", 0)!, received(50));
    expect(table.counts().bytes).toBe(ITEM_OVERHEAD_BYTES + 3 + 50);
    table.supersede(table.lookUp("key", 0)!, received(70), newItem(30), 0);
    expect(table.counts().bytes).toBe(ITEM_OVERHEAD_BYTES + 3 + 70);
    table.abandon(table.lookUp("key", 0)!, 0);
    expect(table.counts().bytes).toBe(0);
  });

  test("a full table takes no new item, yet lets those it has be written as long as they do not grow", () => {
    const table = createSessionTable({ minuteMs: 60_000, memoryLimitBytes: ITEM_OVERHEAD_BYTES + 1 + 100 }, 0);
    expect(table.insert("k", received(101), newItem(20), 0)).toBe(false);
    expect(table.insert("k", received(100), newItem(20), 0)).toBe(true);
    const item = table.lookUp("k", 0)!;
    expect(table.hasRoom("l", 0)).toBe(false);
    expect(table.insert("l", received(0), newItem(20), 0)).toBe(false);
    expect(table.replaceBody(item, received(101))).toBe(false);
    expect(table.supersede(item, received(101), newItem(30), 0)).toBe(false);
    expect(item.body.length).toBe(100);
    expect(table.replaceBody(item, received(100))).toBe(true);
    expect(table.counts().total).toBe(1);
  });

  test("a body that a socket may still be sending is not written over", () => {
    const table = tableAt(0);
    table.insert("k", { bytes: Buffer.from("old"), owned: false }, newItem(20), 0);
    const item = table.lookUp("k", 0)!;
    const lent = item.body;
    item.lent = true;
    table.replaceBody(item, { bytes: Buffer.from("new"), owned: false });
    expect([lent.toString(), item.body.toString()]).toEqual(["old", "new"]);
  });
});

test("the buckets give each entry out at the first boundary at or after its time, slides included", () => {
  const step = fc.record({
    afterMs: fc.integer({ min: 0, max: 90_000 }),
    entry: fc.nat({ max: 5 }),
    act: fc.constantFrom("file", "slide", "unfile"),
    lifeMs: fc.integer({ min: 0, max: 2_000_000 }),
  });
  const widthMs = 20_000;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let nowMs = 7_777;
      const buckets = createExpiryBuckets<Filed>(widthMs, nowMs);
      const filed = new Map<number, Filed>();
      for (const { afterMs, entry, act, lifeMs } of steps) {
        const untilMs = nowMs + afterMs;
        for (let atMs = (Math.floor(nowMs / widthMs) + 1) * widthMs; atMs <= untilMs; atMs += widthMs) {
          const due = [...filed.values()].filter(({ expiresAtMs }) => expiresAtMs <= atMs);
          const given: Filed[] = [];
          buckets.sweep(atMs, (gone) => given.push(gone));
          expect(new Set(given)).toEqual(new Set(due));
          for (const [key, value] of filed) if (given.includes(value)) filed.delete(key);
        }
        nowMs = untilMs;
        const known = filed.get(entry);
        if (act === "file" && known === undefined) {
          const fresh: Filed = { expiresAtMs: nowMs + lifeMs, previous: null, next: null };
          buckets.file(fresh);
          filed.set(entry, fresh);
        } else if (act === "slide" && known !== undefined) {
          known.expiresAtMs = Math.max(known.expiresAtMs, nowMs + lifeMs);
        } else if (act === "unfile" && known !== undefined) {
          buckets.unfile(known);
          filed.delete(entry);
        }
      }
    }),
  );
});
