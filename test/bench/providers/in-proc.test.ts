import { describe, expect, test } from "vitest";
import { createInProcStore, type InProcStore } from "../../../bench/providers/in-proc.ts";
import { SessionItems } from "../../../bench/providers/session-items.ts";
import type { GetResult } from "../../../bench/providers/session-store.ts";

const TIMEOUT_MS = 1_200_000;
const SLIDE_MIN_MS = 1_000;

function setUp(expirySlideMinMs = SLIDE_MIN_MS) {
  const time = { nowMs: 0 };
  const ended: [string, string, number][] = [];
  const started: string[] = [];
  const store = createInProcStore({
    clock: () => time.nowMs,
    expirySlideMinMs,
    events: {
      started: (id) => started.push(id),
      ended: (id, how, lifetimeMs) => ended.push([id, how, lifetimeMs]),
    },
  });
  return { time, store, started, ended };
}

function startSession(store: InProcStore, id = "a", timeoutMs: number | null = TIMEOUT_MS) {
  return store.setAndReleaseItemExclusive(id, { items: new SessionItems().set("user", "Ed"), timeoutMs }, null, true);
}

describe("expiry", () => {
  test("a request at the very moment of expiry still finds the session, one a millisecond later does not", () => {
    const { time, store, ended } = setUp();
    startSession(store);
    startSession(store, "b");
    time.nowMs = TIMEOUT_MS;
    expect((store.getItem("a") as GetResult).item).not.toBeNull();
    time.nowMs = TIMEOUT_MS + 1;
    expect((store.getItem("b") as GetResult).item).toBeNull();
    expect(ended).toEqual([["b", "expired", TIMEOUT_MS + 1]]);
    expect(store.stored()).toBe(1);
  });

  test("a sweep removes what expires at this very moment, and an idle session stays stored until a sweep", () => {
    const { time, store, ended } = setUp();
    startSession(store);
    time.nowMs = TIMEOUT_MS - 1;
    store.sweep();
    expect(store.stored()).toBe(1);
    expect(store.live()).toBe(1);
    time.nowMs = TIMEOUT_MS;
    expect(store.stored()).toBe(1);
    expect(store.live()).toBe(0);
    store.sweep();
    expect(store.stored()).toBe(0);
    expect(ended).toEqual([["a", "expired", TIMEOUT_MS]]);
  });

  test("a slide by less than the least is not recorded, a slide by just that is", () => {
    const { time, store } = setUp();
    startSession(store, "short");
    startSession(store, "exact");
    time.nowMs = SLIDE_MIN_MS - 1;
    store.resetItemTimeout("short");
    time.nowMs = SLIDE_MIN_MS;
    store.resetItemTimeout("exact");
    time.nowMs = TIMEOUT_MS;
    store.sweep();
    expect(store.stored()).toBe(1);
    expect((store.getItem("exact") as GetResult).item).not.toBeNull();
  });

  test.each([
    ["getItem", (store: InProcStore) => store.getItem("a")],
    ["getItemExclusive on a locked session", (store: InProcStore) => store.getItemExclusive("a")],
    [
      "a write by who does not own the lock",
      (store: InProcStore) =>
        store.setAndReleaseItemExclusive("a", { items: new SessionItems(), timeoutMs: TIMEOUT_MS }, 99, false),
    ],
    ["releaseItemExclusive", (store: InProcStore) => store.releaseItemExclusive("a", 2)],
    ["resetItemTimeout", (store: InProcStore) => store.resetItemTimeout("a")],
    [
      "createUninitializedItem, which does nothing else here",
      (store: InProcStore) => store.createUninitializedItem("a", 1),
    ],
  ])("%s slides the expiry", (_name, call) => {
    const { time, store } = setUp();
    startSession(store);
    store.getItemExclusive("a");
    time.nowMs = TIMEOUT_MS / 2;
    call(store);
    time.nowMs = TIMEOUT_MS + 1;
    store.sweep();
    expect(store.stored()).toBe(1);
  });

  test("a session without a timeout never expires", () => {
    const { time, store } = setUp();
    startSession(store, "a", null);
    time.nowMs = Number.MAX_SAFE_INTEGER;
    store.sweep();
    expect((store.getItem("a") as GetResult).item?.timeoutMs).toBeNull();
  });
});

describe("locks", () => {
  test("the first lock of a session has id 2, the next 3", () => {
    const { store } = setUp();
    startSession(store);
    const first = store.getItemExclusive("a") as GetResult;
    expect(first.lockId).toBe(2);
    store.releaseItemExclusive("a", 2);
    expect((store.getItemExclusive("a") as GetResult).lockId).toBe(3);
  });

  test("who finds the session locked gets no item, the age of the lock and its id; readers too", () => {
    const { time, store } = setUp();
    startSession(store);
    store.getItemExclusive("a");
    time.nowMs = 4_000;
    const locked = { item: null, locked: true, lockAgeMs: 4_000, lockId: 2, initialize: false };
    expect(store.getItemExclusive("a")).toEqual(locked);
    expect(store.getItem("a")).toEqual(locked);
  });

  test("a reader takes no lock", () => {
    const { store } = setUp();
    startSession(store);
    store.getItem("a");
    expect((store.getItemExclusive("a") as GetResult).locked).toBe(false);
  });

  test("write, release and removal by anyone but the owner of the lock are silently ignored", () => {
    const { store, ended } = setUp();
    startSession(store);
    const mine = { items: new SessionItems().set("user", "late"), timeoutMs: TIMEOUT_MS };
    store.setAndReleaseItemExclusive("a", mine, 1, false);
    store.removeItem("a", 1);
    store.getItemExclusive("a");
    store.setAndReleaseItemExclusive("a", mine, 1, false);
    store.releaseItemExclusive("a", 1);
    store.removeItem("a", 1);
    expect((store.getItem("a") as GetResult).locked).toBe(true);
    store.releaseItemExclusive("a", 2);
    expect((store.getItem("a") as GetResult).item?.items.get("user")).toBe("Ed");
    expect(ended).toEqual([]);
  });

  test("a late owner's write is ignored once his lock was broken and taken again", () => {
    const { store } = setUp();
    startSession(store);
    store.getItemExclusive("a");
    store.releaseItemExclusive("a", 2);
    expect((store.getItemExclusive("a") as GetResult).lockId).toBe(3);
    store.setAndReleaseItemExclusive("a", { items: new SessionItems(), timeoutMs: TIMEOUT_MS }, 2, false);
    expect((store.getItem("a") as GetResult).locked).toBe(true);
  });

  test("the owner's write releases; with another timeout the session goes on under it, its lock id kept", () => {
    const { time, store, started, ended } = setUp();
    startSession(store);
    const { item, lockId } = store.getItemExclusive("a") as GetResult;
    store.setAndReleaseItemExclusive(
      "a",
      { items: item?.items ?? new SessionItems(), timeoutMs: 5_000 },
      lockId,
      false,
    );
    expect(store.getItemExclusive("a")).toMatchObject({ locked: false, lockId: 3, item: { timeoutMs: 5_000 } });
    time.nowMs = 5_001;
    expect((store.getItem("a") as GetResult).item).toBeNull();
    expect(started).toEqual(["a"]);
    expect(ended).toEqual([["a", "expired", 5_001]]);
  });

  test("a write to a session that has gone meanwhile leaves nothing behind", () => {
    const { time, store } = setUp();
    startSession(store);
    const { lockId } = store.getItemExclusive("a") as GetResult;
    time.nowMs = TIMEOUT_MS + 1;
    store.setAndReleaseItemExclusive("a", { items: new SessionItems(), timeoutMs: TIMEOUT_MS }, lockId, false);
    expect(store.stored()).toBe(0);
  });
});

describe("life of a session", () => {
  test("an uninitialised item never overwrites, and only its first get says that a session starts", () => {
    const { store, started } = setUp();
    store.createUninitializedItem("a", TIMEOUT_MS);
    store.createUninitializedItem("a", TIMEOUT_MS);
    expect(started).toEqual(["a"]);
    expect((store.getItem("a") as GetResult).initialize).toBe(true);
    expect((store.getItemExclusive("a") as GetResult).initialize).toBe(false);
    startSession(store, "b");
    store.createUninitializedItem("b", TIMEOUT_MS);
    const kept = store.getItem("b") as GetResult;
    expect(kept.initialize).toBe(false);
    expect(kept.item?.items.get("user")).toBe("Ed");
  });

  test("removal by the owner abandons the session and tells how long it lived", () => {
    const { time, store, ended } = setUp();
    startSession(store);
    time.nowMs = 7_000;
    const { lockId } = store.getItemExclusive("a") as GetResult;
    store.removeItem("a", lockId ?? 0);
    expect(ended).toEqual([["a", "abandoned", 7_000]]);
    expect(store.stored()).toBe(0);
  });

  test("readers get the live object, not a copy", () => {
    const { store } = setUp();
    startSession(store);
    const one = (store.getItem("a") as GetResult).item?.items;
    one?.set("half made", true);
    expect((store.getItem("a") as GetResult).item?.items.has("half made")).toBe(true);
    expect(store.capabilities.liveReferences).toBe(true);
  });
});
