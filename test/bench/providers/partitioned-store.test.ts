import { describe, expect, test } from "vitest";
import { createSessionId } from "../../../bench/host/ids/session-id.ts";
import { partitionedStore, partitionOf } from "../../../bench/providers/partitioned-store.ts";
import { serialisingStore } from "../../../bench/providers/serialising-store.ts";
import { SessionItems } from "../../../bench/providers/session-items.ts";
import type { SessionStore } from "../../../bench/providers/session-store.ts";
import { createMemoryByteStore } from "./memory-byte-store.ts";

const TIMEOUT_MS = 1_200_000;

function setUp(count: number) {
  const backends = Array.from({ length: count }, createMemoryByteStore);
  const stores = backends.map((bytes) => serialisingStore(bytes, { minuteMs: 60_000, compress: false }));
  return { backends, stores };
}

const newItem = () => ({ items: new SessionItems().set("user", "Ed"), timeoutMs: TIMEOUT_MS });

describe("the partition of a session", () => {
  test("is the same on every machine and in every version", () => {
    const ids = ["4m4irghotazmxblpyakfaw1d", "15hgq1uszp2tjt45lkwxmb55", "aiaeqbqafqboaeebkycyqgyb", ""];
    expect(ids.map((id) => partitionOf(id, 4))).toEqual([3, 1, 3, 3]);
    expect(ids.map((id) => partitionOf(id, 1))).toEqual([0, 0, 0, 0]);
  });

  test.each([
    [2, createSessionId],
    [3, createSessionId],
    [8, createSessionId],
    [8, (index: number) => `session${index}`],
  ])("of %s is each as likely as the others", (partitions, idOf) => {
    const sessions = 20_000;
    const counts = new Array<number>(partitions).fill(0);
    for (let index = 0; index < sessions; index++) counts[partitionOf(idOf(index), partitions)]++;
    const expected = sessions / partitions;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // Of 1, 2 and 7 degrees of freedom, one in a million exceeds 24, 27.6 and 40.5.
    expect(chiSquare).toBeLessThan(41);
  });

  test("is where every call for that session goes", async () => {
    const { backends, stores } = setUp(3);
    const store = partitionedStore(stores, (id) => Number(id.at(-1)));
    await store.createUninitializedItem("a0", TIMEOUT_MS);
    await store.setAndReleaseItemExclusive("b2", newItem(), null, true);
    await store.releaseItemExclusive("c1", 2);
    await store.resetItemTimeout("d1");
    expect((await store.getItem("b2")).item?.items.get("user")).toBe("Ed");
    expect((await store.getItemExclusive("b2")).lockId).toBe(2);
    expect(backends.map(({ kept }) => [...kept.keys()])).toEqual([["a0"], [], ["b2"]]);
    expect(backends.map(({ calls }) => calls)).toEqual([[], ["release c1 2", "reset d1"], ["set b2 null true"]]);
    expect(await store.removeItem("a0", 1)).toBe(true);
    expect(backends[0].kept.size).toBe(0);
  });

  test("must be one that exists", () => {
    const store = partitionedStore(setUp(2).stores, () => 2);
    expect(() => store.getItem("a")).toThrow("one of the partitions");
  });
});

describe("partitions together", () => {
  test("count what all of them hold, and know what is live only if all do", async () => {
    const { backends, stores } = setUp(2);
    const store = partitionedStore(stores);
    for (let index = 0; index < 50; index++) {
      await store.setAndReleaseItemExclusive(`s${index}`, newItem(), null, true);
    }
    expect(await store.census?.()).toEqual({ stored: 50, live: 50, bytes: null });
    backends[1].census = async () => ({ stored: 7, live: null, bytes: 10 });
    expect(await partitionedStore(rewrap(backends)).census?.()).toMatchObject({ live: null, bytes: null });
  });

  test("cannot count when one of them cannot", () => {
    const { stores } = setUp(2);
    const { census: _, ...uncounted } = stores[1];
    expect(partitionedStore([stores[0], uncounted]).census).toBeUndefined();
  });

  test("are all closed, even if one of them fails at it", async () => {
    const { backends } = setUp(3);
    backends[0].close = () => Promise.reject(new Error("broken"));
    await expect(partitionedStore(rewrap(backends)).close?.()).rejects.toThrow("broken");
    expect(backends.slice(1).map(({ calls }) => calls)).toEqual([["close"], ["close"]]);
  });

  test("can do what the weakest can", () => {
    const { stores } = setUp(2);
    const weak: SessionStore = {
      ...stores[1],
      capabilities: { ...stores[1].capabilities, exclusiveLocks: false, liveReferences: true },
    };
    expect(partitionedStore([stores[0], weak]).capabilities).toEqual({
      exclusiveLocks: false,
      sessionEnd: false,
      survivesRecycle: true,
      sharedBetweenServers: true,
      liveReferences: true,
      heldByClient: false,
    });
  });

  test("are none without a store, and none where the id is the state", () => {
    const { stores } = setUp(1);
    const cookie = { ...stores[0], capabilities: { ...stores[0].capabilities, heldByClient: true } };
    expect(() => partitionedStore([])).toThrow("at least one partition");
    expect(() => partitionedStore([stores[0], cookie])).toThrow("itself the state");
  });
});

function rewrap(backends: ReturnType<typeof createMemoryByteStore>[]): SessionStore[] {
  return backends.map((bytes) => serialisingStore(bytes, { minuteMs: 60_000, compress: false }));
}
