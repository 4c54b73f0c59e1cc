// Client and service are written apart from the same published rules. Here they meet: whatever is asked of the real service, the
// plain one in simple-state-server.ts answers alike.

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ByteStore } from "../../../../bench/providers/byte-store.ts";
import type { LockId } from "../../../../bench/providers/session-store.ts";
import { type StateServerProcess, startStateServer } from "../../../../bench/servers/state-server-process.ts";
import { until } from "../../processes.ts";
import { openClient } from "./open-client.ts";
import { startSimpleStateServer } from "./simple-state-server.ts";

let service: StateServerProcess;
beforeAll(async () => {
  service = await startStateServer({ minuteMs: 60_000 });
});
afterAll(() => service.stop());

const state = { bytes: Buffer.from("state"), timeoutMinutes: 20 };

type Call = { readonly id: string } & (
  | { readonly kind: "getItem" | "getItemExclusive" | "resetItemTimeout" | "createUninitializedItem" }
  | { readonly kind: "release" | "remove"; readonly lockId: number }
  | { readonly kind: "set"; readonly lockId: number; readonly timeoutMinutes: number; readonly newItem: boolean }
);

/** What the caller learns, but for the age of a lock: the two services have clocks of their own. */
async function answerTo(store: ByteStore, call: Call, place: string): Promise<unknown> {
  const id = `${place}${call.id}`;
  switch (call.kind) {
    case "getItem":
    case "getItemExclusive":
      return { ...(await store[call.kind](id)), lockAgeMs: 0 };
    case "resetItemTimeout":
      return store.resetItemTimeout(id);
    case "createUninitializedItem":
      return store.createUninitializedItem(id, { bytes: Buffer.from("empty"), timeoutMinutes: 20 });
    case "release":
      return store.releaseItemExclusive(id, call.lockId);
    case "remove":
      return store.removeItem(id, call.lockId);
    case "set": {
      const { lockId, timeoutMinutes, newItem } = call;
      const item = { bytes: Buffer.from(`set with ${lockId}`), timeoutMinutes };
      return store.setAndReleaseItemExclusive(id, item, newItem ? null : lockId, newItem);
    }
  }
}

const id = fc.constantFrom("a", "b");
const lockId = fc.integer({ min: 0, max: 5 });
const call: fc.Arbitrary<Call> = fc.oneof(
  fc.record({
    kind: fc.constantFrom("getItem", "getItemExclusive", "resetItemTimeout", "createUninitializedItem"),
    id,
  }),
  fc.record({ kind: fc.constantFrom("release", "remove"), id, lockId }),
  fc.record({
    kind: fc.constant("set" as const),
    id,
    lockId,
    timeoutMinutes: fc.constantFrom(20, 20, 30),
    newItem: fc.boolean(),
  }),
);

test("any calls in any order have the same answers from both", async () => {
  const [plain, real] = [
    await openClient((await startSimpleStateServer()).connection),
    await openClient(service.connection),
  ];
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 30 }), async (calls) => {
      const place = `run${run++}`;
      for (const one of calls) {
        expect(await answerTo(real, one, place), JSON.stringify(one)).toEqual(await answerTo(plain, one, place));
      }
    }),
    { numRuns: 300 },
  );
});

describe("our service, seen by our client,", () => {
  test("names its version, and gives a lock to one of many who ask at once", async () => {
    const store = await openClient(service.connection);
    expect(store.engine).toMatch(/^ASP\.NET state service \(X-AspNet-Version [2-9]\.\d+\.\d+\)$/);
    await store.setAndReleaseItemExclusive("raced", state, null, true);
    const gets = await Promise.all(Array.from({ length: 30 }, () => store.getItemExclusive("raced")));
    expect(gets.filter((got) => got.item !== null)).toHaveLength(1);
    const lockIds = new Set<LockId | null>(gets.map((got) => got.lockId));
    expect(lockIds).toEqual(new Set([2]));
  });

  test("knows a session under one name with the extra slash and without", async () => {
    const [with_, without] = [
      await openClient(service.connection),
      await openClient(service.connection, {}, { leadingSlash: false }),
    ];
    await with_.setAndReleaseItemExclusive("slashed", state, null, true);
    expect(await without.getItem("slashed")).toMatchObject({ item: state });
  });

  test("takes the lock cookie in either spelling", async () => {
    const store = await openClient(service.connection, {}, { lockCookieHeader: "Lock-Cookie" });
    await store.setAndReleaseItemExclusive("spelt", state, null, true);
    await store.getItemExclusive("spelt");
    await store.releaseItemExclusive("spelt", 2);
    expect(await store.getItem("spelt")).toMatchObject({ locked: false, item: state });
  });

  test("gives a session of two megabytes back byte for byte", async () => {
    const store = await openClient(service.connection);
    const bytes = Buffer.from(Array.from({ length: 2_097_152 }, (_, i) => (i * 31) % 251));
    await store.setAndReleaseItemExclusive("large", { bytes, timeoutMinutes: 20 }, null, true);
    const read = await store.getItem("large");
    expect(bytes.equals(read.item?.bytes ?? new Uint8Array())).toBe(true);
  });

  test("killed is unreachable, and started again has lost every session and serves", async () => {
    const own = await startStateServer({ minuteMs: 60_000 });
    try {
      const store = await openClient(own.connection);
      await store.setAndReleaseItemExclusive("lost", state, null, true);
      await own.kill();
      await expect(store.getItemExclusive("lost")).rejects.toMatchObject({ name: "StoreError", kind: "unreachable" });
      await own.restart();
      expect(await store.getItemExclusive("lost")).toMatchObject({ item: null, locked: false });
      await store.setAndReleaseItemExclusive("lost", state, null, true);
      expect(await store.getItem("lost")).toMatchObject({ item: state });
    } finally {
      await own.stop();
    }
  });

  test("expires a session of one minute after as long as a minute lasts in its run", async () => {
    const own = await startStateServer({ minuteMs: 50 });
    try {
      const store = await openClient(own.connection, { minuteMs: 50 });
      await store.setAndReleaseItemExclusive("brief", { ...state, timeoutMinutes: 1 }, null, true);
      // To look by reading would put it off: a get slides the expiry.
      await until("the sweep has removed it", async () => (await own.census?.())?.stored === 0);
      expect(await store.getItem("brief")).toMatchObject({ item: null });
    } finally {
      await own.stop();
    }
  });
});
