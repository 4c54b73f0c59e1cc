import { describe, expect, test } from "vitest";
import { createInProcStore } from "../../../bench/providers/in-proc.ts";
import { countLostUpdates } from "../../../bench/providers/lost-updates.ts";
import { SessionItems } from "../../../bench/providers/session-items.ts";
import type { GetResult, SessionStore } from "../../../bench/providers/session-store.ts";
import { StoreError } from "../../../bench/providers/store-error.ts";

const missing: GetResult = { item: null, locked: false, lockAgeMs: 0, lockId: null, initialize: false };

/** Without locks; every get answers a copy. A call waits for `held` before it does anything, where that is set. */
function lockFreeStore() {
  const sessions = new Map<string, SessionItems>();
  const control: { held: Promise<void> | null } = { held: null };
  let lockId = 0;
  async function get(id: string): Promise<GetResult> {
    await control.held;
    const items = sessions.get(id);
    if (items === undefined) return missing;
    return { ...missing, item: { items: new SessionItems(items), timeoutMs: 60_000 }, lockId: ++lockId };
  }
  const store: SessionStore = {
    capabilities: {
      exclusiveLocks: false,
      sessionEnd: false,
      survivesRecycle: false,
      sharedBetweenServers: false,
      liveReferences: false,
      heldByClient: false,
    },
    getItem: get,
    getItemExclusive: get,
    async setAndReleaseItemExclusive(id, { items }) {
      await control.held;
      sessions.set(id, items);
      return undefined;
    },
    releaseItemExclusive: async () => undefined,
    removeItem: async (id) => sessions.delete(id),
    resetItemTimeout: async () => undefined,
    createUninitializedItem: async (id) => void sessions.set(id, sessions.get(id) ?? new SessionItems()),
  };
  return { store, control, sessions };
}

function counted(store: SessionStore) {
  const count = { lost: 0 };
  return { count, store: countLostUpdates(store, () => count.lost++) };
}

function fresh() {
  return { items: new SessionItems([["n", 0]]), timeoutMs: 60_000 };
}

async function read(store: SessionStore, id = "a") {
  const { item, lockId } = await store.getItemExclusive(id);
  if (item === null) throw new Error("the session must be there");
  return { item, write: () => store.setAndReleaseItemExclusive(id, item, lockId, false) };
}

describe("without locks", () => {
  test("two requests read, both write: the second loses the first one's update", async () => {
    const { store, count } = counted(lockFreeStore().store);
    await store.setAndReleaseItemExclusive("a", fresh(), null, true);
    const first = await read(store);
    const second = await read(store);
    await first.write();
    expect(count.lost).toBe(0);
    await second.write();
    expect(count.lost).toBe(1);
  });

  test("requests one after another lose nothing", async () => {
    const { store, count } = counted(lockFreeStore().store);
    await store.setAndReleaseItemExclusive("a", fresh(), null, true);
    for (let i = 0; i < 5; i++) await (await read(store)).write();
    expect(count.lost).toBe(0);
  });

  test("of three that have read one version, two writes are lost", async () => {
    const { store, count } = counted(lockFreeStore().store);
    await store.setAndReleaseItemExclusive("a", fresh(), null, true);
    const all = [await read(store), await read(store), await read(store)];
    for (const request of all) await request.write();
    expect(count.lost).toBe(2);
  });

  test("a reader that only reads loses nothing, and sessions do not mix", async () => {
    const { store, count } = counted(lockFreeStore().store);
    await store.setAndReleaseItemExclusive("a", fresh(), null, true);
    await store.setAndReleaseItemExclusive("b", fresh(), null, true);
    const a = await read(store, "a");
    const b = await read(store, "b");
    await store.getItem("a");
    await b.write();
    await a.write();
    expect(count.lost).toBe(0);
  });

  test("a plain get counts as a reading too: pages that allow concurrent requests write after one", async () => {
    const { store, count } = counted(lockFreeStore().store);
    await store.setAndReleaseItemExclusive("a", fresh(), null, true);
    const first = (await store.getItem("a")).item;
    const second = (await store.getItem("a")).item;
    await store.setAndReleaseItemExclusive("a", first!, null, false);
    await store.setAndReleaseItemExclusive("a", second!, null, false);
    expect(count.lost).toBe(1);
  });

  test("a writer who puts other items is known by his lock id", async () => {
    const { store, count } = counted(lockFreeStore().store);
    await store.setAndReleaseItemExclusive("a", fresh(), null, true);
    const { lockId } = await store.getItemExclusive("a");
    await store.setAndReleaseItemExclusive("a", fresh(), lockId, false);
    expect(count.lost).toBe(0);
  });

  test("one request may write twice: it has its own first write before its eyes", async () => {
    const { store, count } = counted(lockFreeStore().store);
    await store.setAndReleaseItemExclusive("a", fresh(), null, true);
    const request = await read(store);
    await request.write();
    await request.write();
    expect(count.lost).toBe(0);
  });

  test("a read that was asked before a write began has not seen it, even if it answers later", async () => {
    const { store: plain, control } = lockFreeStore();
    const { store, count } = counted(plain);
    await store.setAndReleaseItemExclusive("a", fresh(), null, true);
    const other = await read(store);
    const gate = Promise.withResolvers<void>();
    control.held = gate.promise;
    const reading = read(store);
    control.held = null;
    const writing = other.write();
    gate.resolve();
    await writing;
    await (await reading).write();
    expect(count.lost).toBe(1);
  });

  test("two that begin one new session at once: the second overwrites the first", async () => {
    const { store, count } = counted(lockFreeStore().store);
    await store.getItem("a");
    await store.getItem("a");
    await store.setAndReleaseItemExclusive("a", fresh(), null, true);
    await store.setAndReleaseItemExclusive("a", fresh(), null, true);
    expect(count.lost).toBe(1);
  });

  test("what was written before a session was removed, or had gone by itself, is nobody's loss", async () => {
    const { store: plain, sessions } = lockFreeStore();
    const { store, count } = counted(plain);
    await store.setAndReleaseItemExclusive("a", fresh(), null, true);
    await store.removeItem("a", null);
    await store.setAndReleaseItemExclusive("a", fresh(), null, true);
    sessions.delete("a");
    expect((await store.getItemExclusive("a")).item).toBeNull();
    await store.setAndReleaseItemExclusive("a", fresh(), null, true);
    expect(count.lost).toBe(0);
  });

  test("a write that failed overwrote nothing, and nobody overwrites it", async () => {
    const { store: plain } = lockFreeStore();
    const down = { now: false };
    const { store, count } = counted({
      ...plain,
      setAndReleaseItemExclusive: async (...call) => {
        if (down.now) throw new StoreError("unreachable", "gone");
        return plain.setAndReleaseItemExclusive(...call);
      },
    });
    await store.setAndReleaseItemExclusive("a", fresh(), null, true);
    const first = await read(store);
    const second = await read(store);
    down.now = true;
    await expect(first.write()).rejects.toThrow("gone");
    down.now = false;
    await second.write();
    expect(count.lost).toBe(0);
  });

  test("so many sessions written in between that the first is forgotten: the loss is missed, and nothing breaks", async () => {
    const { store, count } = counted(lockFreeStore().store);
    await store.setAndReleaseItemExclusive("a", fresh(), null, true);
    const first = await read(store);
    const second = await read(store);
    await first.write();
    for (let i = 0; i < 16_384; i++) await store.setAndReleaseItemExclusive(`s${i}`, fresh(), null, true);
    await second.write();
    expect(count.lost).toBe(0);
  });
});

describe("with locks", () => {
  function lockingStore() {
    const clock = { nowMs: 0 };
    const store = createInProcStore({
      clock: () => clock.nowMs,
      expirySlideMinMs: 0,
      events: { started: () => undefined, ended: () => undefined },
    });
    return counted({ ...store, capabilities: { ...store.capabilities, liveReferences: false } });
  }

  test("requests that wait for each other lose nothing", async () => {
    const { store, count } = lockingStore();
    await store.setAndReleaseItemExclusive("a", fresh(), null, true);
    for (let i = 0; i < 3; i++) {
      const request = await read(store);
      expect((await store.getItemExclusive("a")).locked).toBe(true);
      await request.write();
    }
    expect(count.lost).toBe(0);
  });

  test("an owner whose lock was broken writes too late: the store ignores it, and so does the count", async () => {
    const { store, count } = lockingStore();
    await store.setAndReleaseItemExclusive("a", fresh(), null, true);
    const late = await store.getItemExclusive("a");
    await store.releaseItemExclusive("a", late.lockId!);
    const owner = await store.getItemExclusive("a");
    await store.setAndReleaseItemExclusive("a", fresh(), late.lockId, false);
    await store.setAndReleaseItemExclusive("a", { items: owner.item!.items, timeoutMs: 60_000 }, owner.lockId, false);
    expect(count.lost).toBe(0);
  });

  test("a store that only claims to lock is found out", async () => {
    const { store: plain } = lockFreeStore();
    const { store, count } = counted({ ...plain, capabilities: { ...plain.capabilities, exclusiveLocks: true } });
    await store.setAndReleaseItemExclusive("a", fresh(), null, true);
    const first = await read(store);
    const second = await read(store);
    await first.write();
    await second.write();
    expect(count.lost).toBe(1);
  });
});

test("what the store can do besides stays: census, close, capabilities", async () => {
  const { store: plain } = lockFreeStore();
  let closed = false;
  const census = { stored: 3, live: null, bytes: null };
  const { store } = counted({
    ...plain,
    census: () => census,
    close: async () => {
      closed = true;
    },
  });
  expect(await store.census?.()).toBe(census);
  await store.close?.();
  expect(closed).toBe(true);
  expect(store.capabilities).toBe(plain.capabilities);
  expect(counted(plain).store.census).toBeUndefined();
});
