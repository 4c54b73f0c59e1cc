import session from "express-session";
import { describe, expect, test } from "vitest";
import { expressSessionStore } from "../../../../bench/providers/express-session/express-session-store.ts";
import type { ExpressSession, ExpressStore, StoreCallback } from "../../../../bench/providers/express-session/shape.ts";
import { SessionItems } from "../../../../bench/providers/session-items.ts";
import { StoreError } from "../../../../bench/providers/store-error.ts";
import { createFakeTime } from "../../fake-time.ts";

const MINUTE_MS = 60_000;
const noSlide = 600 * MINUTE_MS;

/** A store that keeps text, as most do, and tells which of its methods were called. */
function recordingStore(nowMs: () => number = Date.now) {
  const kept = new Map<string, { text: string; endsAtMs: number }>();
  const calls: string[] = [];
  const put = (id: string, put: ExpressSession) => {
    const endsAtMs = put.cookie.maxAge == null ? Number.POSITIVE_INFINITY : nowMs() + put.cookie.maxAge;
    kept.set(id, { text: JSON.stringify(put), endsAtMs });
  };
  const store = {
    get(id: string, callback: StoreCallback) {
      calls.push("get");
      const found = kept.get(id);
      callback(null, found === undefined || found.endsAtMs <= nowMs() ? undefined : JSON.parse(found.text));
    },
    set(id: string, given: ExpressSession, callback: StoreCallback) {
      calls.push("set");
      put(id, given);
      callback(null);
    },
    destroy(id: string, callback: StoreCallback) {
      calls.push("destroy");
      kept.delete(id);
      callback(null);
    },
    touch(id: string, given: ExpressSession, callback: StoreCallback) {
      calls.push("touch");
      put(id, given);
      callback(null);
    },
  };
  return { store, calls, kept };
}

function open(store: ExpressStore, more: { timeoutMs?: number; clock?: () => number } = {}) {
  const { timeoutMs = null, clock = Date.now } = more;
  return expressSessionStore({
    store,
    name: "some-store",
    survivesRecycle: false,
    sharedBetweenServers: false,
    clock,
    timeoutMs,
    close: async () => undefined,
  });
}

function items(values: Record<string, unknown>, timeoutMs: number | null = noSlide) {
  return { items: new SessionItems(Object.entries(values)), timeoutMs };
}

describe("a request asks the store as express-session does", () => {
  test("a changed session is read and set, an unchanged one read and touched, as is one that is only read", async () => {
    const { store: plain, calls } = recordingStore();
    const store = open(plain);
    await store.setAndReleaseItemExclusive("a", items({ n: 1 }), null, true);
    calls.length = 0;
    const changing = await store.getItemExclusive("a");
    await store.setAndReleaseItemExclusive("a", changing.item!, changing.lockId, false);
    expect(calls.splice(0)).toEqual(["get", "set"]);
    const looking = await store.getItemExclusive("a");
    await store.releaseItemExclusive("a", looking.lockId!);
    expect(calls.splice(0)).toEqual(["get", "touch"]);
    await store.getItem("a");
    expect(calls.splice(0)).toEqual(["get", "touch"]);
    await store.resetItemTimeout("a");
    expect(calls.splice(0)).toEqual(["get", "touch"]);
    await store.close?.();
  });

  test("the cookie that a store sees is express-session's: three times, and maxAge not written", async () => {
    const seen: ExpressSession[] = [];
    const { store: plain } = recordingStore();
    const store = open(
      {
        ...plain,
        set(id, given, callback) {
          seen.push(given);
          plain.set(id, given, callback);
        },
      },
      { clock: () => 1_000_000 },
    );
    await store.setAndReleaseItemExclusive("a", items({ n: 1 }, 5_000), null, true);
    const [{ cookie }] = seen;
    expect(cookie.maxAge).toBe(5_000);
    expect(cookie.originalMaxAge).toBe(5_000);
    const theirs = new session.Cookie();
    theirs.maxAge = 5_000;
    expect(Object.keys(JSON.parse(JSON.stringify(cookie))).sort()).toEqual(
      Object.keys(JSON.parse(JSON.stringify(theirs))).sort(),
    );
    expect(cookie.expires).toEqual(new Date(1_005_000));
  });

  test("a session without a timeout has a cookie without times", async () => {
    const store = open(new session.MemoryStore() as unknown as ExpressStore);
    await store.setAndReleaseItemExclusive("a", items({ n: 1 }, null), null, true);
    expect((await store.getItem("a")).item?.timeoutMs).toBeNull();
  });

  test("items come back as they went, whatever their names, and looking at them does not make them dirty", async () => {
    const store = open(new session.MemoryStore() as unknown as ExpressStore);
    const given = {
      cookie: "mine",
      __proto__x: 1,
      "": 2,
      constructor: 3,
      7: [1, { two: 2 }],
      text: "é€😀",
      nothing: null,
    };
    const before = items(given);
    before.items.set("__proto__", { x: 1 });
    before.items.dirty = false;
    await store.setAndReleaseItemExclusive("a", before, null, true);
    expect(before.items.dirty).toBe(false);
    const { item } = await store.getItem("a");
    expect(item?.items.dirty).toBe(false);
    expect(new Map([...item!.items].sort())).toEqual(new Map([...before.items].sort()));
  });

  test("a store without touch has the expiry slid by writing back what was read", async () => {
    const { store: plain, calls } = recordingStore();
    const { touch: _, ...withoutTouch } = plain;
    const store = open(withoutTouch);
    await store.setAndReleaseItemExclusive("a", items({ n: 1 }), null, true);
    calls.length = 0;
    expect((await store.getItem("a")).item?.items.get("n")).toBe(1);
    expect(calls).toEqual(["get", "set"]);
    expect((await store.getItem("a")).item?.items.get("n")).toBe(1);
  });

  test("a session that Express left behind with a cookie alone is an empty one; another shape is an error", async () => {
    const { store: plain, kept } = recordingStore();
    const store = open(plain);
    kept.set("a", { text: JSON.stringify({ cookie: { originalMaxAge: 9_000 } }), endsAtMs: Number.POSITIVE_INFINITY });
    expect(await store.getItem("a")).toMatchObject({ item: { items: new SessionItems(), timeoutMs: 9_000 } });
    kept.set("a", { text: '{"items":1}', endsAtMs: Number.POSITIVE_INFINITY });
    await expect(store.getItem("a")).rejects.toMatchObject({ kind: "state" });
  });
});

describe("the end of a session", () => {
  test("an exclusive get slides the expiry from its own moment on, though its request never ends", async () => {
    const time = createFakeTime(1_000_000);
    const { store: plain, calls } = recordingStore(time.clock);
    const store = open(plain, { clock: time.clock });
    await store.setAndReleaseItemExclusive("a", items({ n: 1 }, 60), null, true);
    await time.advance(40);
    await store.getItemExclusive("a");
    await expect.poll(() => calls.filter((call) => call === "touch").length).toBe(1);
    await time.advance(59);
    expect((await store.getItemExclusive("a")).item).not.toBeNull();
    await store.close?.();
  });

  test("a request that has ended slides nothing any more", async () => {
    const { store: plain, calls } = recordingStore();
    const store = open(plain);
    await store.setAndReleaseItemExclusive("a", items({ n: 1 }, 50), null, true);
    const { item, lockId } = await store.getItemExclusive("a");
    await store.setAndReleaseItemExclusive("a", item!, lockId, false);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(calls).not.toContain("touch");
  });

  test("a lock id ends its own request alone: under another session's id it does nothing", async () => {
    const { store: plain, calls, kept } = recordingStore();
    const { touch: _, ...withoutTouch } = plain;
    const store = open(withoutTouch);
    await store.setAndReleaseItemExclusive("a", items({ n: 1 }), null, true);
    const { lockId } = await store.getItemExclusive("a");
    calls.length = 0;
    await store.releaseItemExclusive("b", lockId!);
    await store.releaseItemExclusive("a", "another");
    expect(calls).toEqual([]);
    expect(kept.has("b")).toBe(false);
  });

  test("a removal says whether there was anything; of two at once only one removed it", async () => {
    const store = open(new session.MemoryStore() as unknown as ExpressStore);
    expect(await store.removeItem("a", null)).toBe(false);
    await store.setAndReleaseItemExclusive("a", items({ n: 1 }), null, true);
    const both = await Promise.all([store.removeItem("a", null), store.removeItem("a", null)]);
    expect(both.sort()).toEqual([false, true]);
    expect((await store.getItem("a")).item).toBeNull();
  });
});

describe("a session made but not yet initialised", () => {
  test("is told to the first reader only, of either kind, and never overwrites", async () => {
    for (const first of ["getItem", "getItemExclusive"] as const) {
      const store = open(new session.MemoryStore() as unknown as ExpressStore);
      await store.createUninitializedItem("a", noSlide);
      expect((await store[first]("a")).initialize).toBe(true);
      expect((await store.getItem("a")).initialize).toBe(false);
      expect((await store.getItemExclusive("a")).initialize).toBe(false);
      await store.setAndReleaseItemExclusive("a", items({ n: 1 }), null, false);
      await store.createUninitializedItem("a", noSlide);
      expect((await store.getItem("a")).item?.items.get("n")).toBe(1);
      await store.close?.();
    }
  });

  test("keeps its timeout", async () => {
    const store = open(new session.MemoryStore() as unknown as ExpressStore);
    await store.createUninitializedItem("a", 120_000);
    expect((await store.getItem("a")).item?.timeoutMs).toBe(120_000);
    expect((await store.getItem("a")).item?.timeoutMs).toBe(120_000);
  });
});

describe("stores that answer in other ways", () => {
  test("promises instead of callbacks", async () => {
    const kept = new Map<string, string>();
    const store = open({
      get: async (id: string) => JSON.parse(kept.get(id) ?? "null"),
      set: async (id: string, given: ExpressSession) => void kept.set(id, JSON.stringify(given)),
      destroy: async (id: string) => void kept.delete(id),
      length: async () => kept.size,
    });
    await store.setAndReleaseItemExclusive("a", items({ n: 1 }), null, true);
    expect((await store.getItem("a")).item?.items.get("n")).toBe(1);
    expect(await store.census?.()).toEqual({ stored: 1, live: null, bytes: null });
    expect(await store.removeItem("a", null)).toBe(true);
    expect((await store.getItem("a")).item).toBeNull();
  });

  test("an async method that resolves before it calls back is waited for", async () => {
    const { store: plain } = recordingStore();
    const store = open({
      ...plain,
      get: async (id: string, callback: StoreCallback) => void setImmediate(() => plain.get(id, callback)),
    });
    await store.setAndReleaseItemExclusive("a", items({ n: 1 }), null, true);
    expect((await store.getItem("a")).item?.items.get("n")).toBe(1);
  });

  test("ENOENT to a get, or to a touch that comes too late, means that there is no such session", async () => {
    const { store: plain } = recordingStore();
    const gone = Object.assign(new Error("no such file"), { code: "ENOENT" });
    const store = open({ ...plain, touch: (_id, _given, callback) => callback(gone) });
    await store.setAndReleaseItemExclusive("a", items({ n: 1 }), null, true);
    expect((await store.getItem("a")).item).not.toBeNull();
    const without = open({ ...plain, get: (_id, callback) => callback(gone) });
    expect((await without.getItem("a")).item).toBeNull();
  });

  test("a store without length cannot be counted", () => {
    expect(open(recordingStore().store).census).toBeUndefined();
  });

  test('an "error" event does not end the process', () => {
    const store = new session.MemoryStore();
    open(store as unknown as ExpressStore);
    expect(() => store.emit("error", new Error("lost the connection"))).not.toThrow();
  });
});

describe("every failure is a StoreError that tells its kind and no secret", () => {
  const { store: plain } = recordingStore();
  const failing = (error: unknown) => open({ ...plain, get: (_id, callback) => callback(error) });
  const coded = (code: string, message = "words") => Object.assign(new Error(message), { code });

  test.each([
    [coded("ECONNREFUSED"), "unreachable"],
    [new AggregateError([coded("ECONNREFUSED", "")]), "unreachable"],
    [coded("ETIMEDOUT"), "timeout"],
    [coded("28P01", 'password authentication failed for user "u"'), "login"],
    [new Error("WRONGPASS invalid username-password pair"), "login"],
    [coded("42P01"), "schema"],
    [new Error("OOM command not allowed when used memory > 'maxmemory'."), "full"],
    [coded("ENOSPC"), "full"],
    [new Error("something else"), "protocol"],
    ["only a string", "protocol"],
  ])("%s", async (error, kind) => {
    const rejection = failing(error).getItem("a");
    await expect(rejection).rejects.toBeInstanceOf(StoreError);
    await expect(rejection).rejects.toMatchObject({ kind });
  });

  test("a password in the words of an error is masked", async () => {
    const error = new Error("cannot reach redis://:hunter2@127.0.0.1:6379 with password=hunter2");
    await expect(failing(error).getItem("a")).rejects.toThrow(/^((?!hunter2).)*$/);
    await expect(failing(error).getItem("a")).rejects.toThrow("some-store get: cannot reach");
  });

  test("what a store throws at once, such as state that is no JSON", async () => {
    const store = open(new session.MemoryStore() as unknown as ExpressStore);
    const circular: Record<string, unknown> = {};
    circular.itself = circular;
    await expect(store.setAndReleaseItemExclusive("a", items({ circular }), null, true)).rejects.toMatchObject({
      name: "StoreError",
      kind: "state",
    });
  });

  test("no answer in time", async () => {
    const store = open({ ...plain, get: () => undefined }, { timeoutMs: 15 });
    await expect(store.getItem("a")).rejects.toMatchObject({ kind: "timeout" });
    await expect(store.getItem("a")).rejects.toThrow("some-store get: no answer within 15 ms");
  });
});
