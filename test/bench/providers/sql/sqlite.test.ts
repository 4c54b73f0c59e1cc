import { writeFile } from "node:fs/promises";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ByteStore, ByteStoreOptions, StoredBytes } from "../../../../bench/providers/byte-store.ts";
import { serialisingStore } from "../../../../bench/providers/serialising-store.ts";
import { SessionItems } from "../../../../bench/providers/session-items.ts";
import { openSqlite } from "../../../../bench/providers/sql/sqlite.ts";
import { InputError } from "../../../../config/problem.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const MINUTE_MS = 60_000;
const START_MS = 1_700_000_000_000;

const options: ByteStoreOptions = {
  minuteMs: MINUTE_MS,
  applicationId: "/LM/W3SVC/1/ROOT",
  networkTimeoutMs: 10_000,
  commandTimeoutMs: 0,
  connectionRetryMs: 0,
  allowCustomSqlDatabase: false,
  executionTimeoutMs: 110_000,
};

async function setUp(connection = ":memory:", given: Partial<ByteStoreOptions> = {}) {
  const time = { nowMs: START_MS };
  const store = await openSqlite(connection, { ...options, ...given }, () => time.nowMs);
  onTestFinished(() => store.close());
  return { time, store };
}

const stored = (text = "state", timeoutMinutes = 20): StoredBytes => ({ bytes: Buffer.from(text), timeoutMinutes });
const create = (store: ByteStore, id = "a", item = stored()) => store.setAndReleaseItemExclusive(id, item, null, true);
const textOf = (item: StoredBytes | null) => (item === null ? null : Buffer.from(item.bytes).toString());
const missing = { item: null, locked: false, lockAgeMs: 0, lockId: null, initialize: false };

describe("locks", () => {
  test("the first one taken has id 2, each later one the next", async () => {
    const { store } = await setUp();
    await create(store);
    const first = await store.getItemExclusive("a");
    expect(first).toMatchObject({ locked: false, lockAgeMs: 0, lockId: 2, initialize: false });
    expect(textOf(first.item)).toBe("state");
    await store.releaseItemExclusive("a", 2);
    expect((await store.getItemExclusive("a")).lockId).toBe(3);
  });

  test("a locked session is shown to nobody, and its lock's id and age to all", async () => {
    const { time, store } = await setUp();
    await create(store);
    await store.getItemExclusive("a");
    time.nowMs += 1_234;
    const locked = { item: null, locked: true, lockAgeMs: 1_234, lockId: 2, initialize: false };
    expect(await store.getItem("a")).toEqual(locked);
    expect(await store.getItemExclusive("a")).toEqual(locked);
    time.nowMs += 1;
    expect((await store.getItem("a")).lockAgeMs).toBe(1_235);
  });

  test("a reader takes none", async () => {
    const { store } = await setUp();
    await create(store);
    expect((await store.getItem("a")).lockId).toBeNull();
    expect((await store.getItemExclusive("a")).item).not.toBeNull();
  });

  test.each([1, 3, null])(
    "who holds lock %s and not the current one changes nothing, and is not told",
    async (lockId) => {
      const { store } = await setUp();
      await create(store);
      await store.getItemExclusive("a");
      await store.setAndReleaseItemExclusive("a", stored("late"), lockId, false);
      if (lockId !== null) await store.releaseItemExclusive("a", lockId);
      expect(await store.removeItem("a", lockId)).toBe(false);
      expect((await store.getItem("a")).locked).toBe(true);
      await store.releaseItemExclusive("a", 2);
      expect(textOf((await store.getItem("a")).item)).toBe("state");
    },
  );

  test("a writer whose lock was broken still writes while nobody else has taken it", async () => {
    const { store } = await setUp();
    await create(store);
    await store.getItemExclusive("a");
    await store.releaseItemExclusive("a", 2);
    await store.setAndReleaseItemExclusive("a", stored("late"), 2, false);
    expect(textOf((await store.getItemExclusive("a")).item)).toBe("late");
    await store.setAndReleaseItemExclusive("a", stored("too late"), 2, false);
    await store.releaseItemExclusive("a", 3);
    expect(textOf((await store.getItem("a")).item)).toBe("late");
  });

  test("writing gives the lock up, and takes the new timeout", async () => {
    const { time, store } = await setUp();
    await create(store);
    await store.getItemExclusive("a");
    await store.setAndReleaseItemExclusive("a", stored("new", 1), 2, false);
    const got = await store.getItem("a");
    expect([textOf(got.item), got.item?.timeoutMinutes, got.locked]).toEqual(["new", 1, false]);
    time.nowMs += MINUTE_MS + 1;
    expect(await store.deleteExpired?.()).toMatchObject({ sessions: 1 });
  });

  test("the owner removes the session, and then nobody can", async () => {
    const { store } = await setUp();
    await create(store);
    await store.getItemExclusive("a");
    expect(await store.removeItem("a", 2)).toBe(true);
    expect(await store.removeItem("a", 2)).toBe(false);
    expect(await store.getItem("a")).toEqual(missing);
  });
});

describe("new sessions", () => {
  test("an uninitialised one tells its first reader so, even one who finds it locked, and nobody after", async () => {
    const { store } = await setUp();
    await store.createUninitializedItem("a", stored(""));
    expect(await store.getItemExclusive("a")).toMatchObject({ lockId: 2, initialize: true });
    expect(await store.getItem("a")).toMatchObject({ locked: true, initialize: false });
    await store.createUninitializedItem("b", stored(""));
    expect(await store.getItem("b")).toMatchObject({ initialize: true });
    expect(await store.getItem("b")).toMatchObject({ initialize: false });
  });

  test("neither kind overwrites a session that is there", async () => {
    const { store } = await setUp();
    await create(store);
    await store.createUninitializedItem("a", stored("empty"));
    await create(store, "a", stored("second"));
    const got = await store.getItem("a");
    expect([textOf(got.item), got.initialize]).toEqual(["state", false]);
  });

  test("calls for a session that is not there do nothing", async () => {
    const { store } = await setUp();
    await store.setAndReleaseItemExclusive("a", stored(), 2, false);
    await store.releaseItemExclusive("a", 2);
    await store.resetItemTimeout("a");
    expect(await store.getItemExclusive("a")).toEqual(missing);
  });

  test("one of 100,000 bytes is stored whole", async () => {
    const { store } = await setUp();
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251);
    await store.setAndReleaseItemExclusive("a", { bytes, timeoutMinutes: 20 }, null, true);
    expect((await store.getItem("a")).item?.bytes).toEqual(bytes);
  });
});

describe("expiry", () => {
  test("an expired session that is not yet deleted is revived by any access", async () => {
    const { time, store } = await setUp();
    await create(store);
    time.nowMs += 21 * MINUTE_MS;
    expect(await store.census?.()).toMatchObject({ stored: 1, live: 0 });
    expect((await store.getItem("a")).item).not.toBeNull();
    expect(await store.deleteExpired?.()).toEqual({ sessions: 0, lifetimesMs: 0 });
    expect(await store.census?.()).toMatchObject({ stored: 1, live: 1 });
  });

  test("the job deletes what expired before this moment, and tells how long it lived", async () => {
    const { time, store } = await setUp();
    await create(store, "a");
    time.nowMs += 5_000;
    await create(store, "b");
    time.nowMs = START_MS + 20 * MINUTE_MS;
    expect(await store.deleteExpired?.()).toEqual({ sessions: 0, lifetimesMs: 0 });
    time.nowMs += 1;
    expect(await store.deleteExpired?.()).toEqual({ sessions: 1, lifetimesMs: 20 * MINUTE_MS + 1 });
    time.nowMs += 60_000;
    expect(await store.deleteExpired?.()).toEqual({ sessions: 1, lifetimesMs: 21 * MINUTE_MS + 1 - 5_000 });
    expect(await store.getItem("a")).toEqual(missing);
    expect(await store.census?.()).toMatchObject({ stored: 0, live: 0 });
  });

  test.each<[string, (store: ByteStore) => Promise<unknown>]>([
    ["a read", (store) => store.getItem("a")],
    ["a read that finds it locked", (store) => store.getItemExclusive("a")],
    ["a reset", (store) => store.resetItemTimeout("a")],
    ["a release", (store) => store.releaseItemExclusive("a", 2)],
    ["a write", (store) => store.setAndReleaseItemExclusive("a", stored(), 2, false)],
  ])("is slid by %s", async (_, touch) => {
    const { time, store } = await setUp();
    await create(store);
    await store.getItemExclusive("a");
    time.nowMs += 19 * MINUTE_MS;
    await touch(store);
    time.nowMs += 20 * MINUTE_MS;
    expect(await store.deleteExpired?.()).toMatchObject({ sessions: 0 });
    time.nowMs += 1;
    expect(await store.deleteExpired?.()).toMatchObject({ sessions: 1 });
  });

  test("is not slid by one who holds another lock", async () => {
    const { time, store } = await setUp();
    await create(store);
    time.nowMs += 20 * MINUTE_MS;
    await store.releaseItemExclusive("a", 7);
    await store.setAndReleaseItemExclusive("a", stored(), 7, false);
    time.nowMs += 1;
    expect(await store.deleteExpired?.()).toMatchObject({ sessions: 1 });
  });

  test("comes sooner where minutes are shorter", async () => {
    const { time, store } = await setUp(":memory:", { minuteMs: 10.5 });
    await create(store, "a", stored("", 2));
    time.nowMs += 21;
    expect(await store.deleteExpired?.()).toMatchObject({ sessions: 0 });
    time.nowMs += 0.5;
    expect(await store.deleteExpired?.()).toMatchObject({ sessions: 1 });
  });
});

describe("the database", () => {
  test("tells its engine and version, and what it takes grows with its sessions", async () => {
    const { store } = await setUp();
    expect(store.engine).toMatch(/^SQLite 3\.\d+\.\d+$/);
    const before = (await store.census?.())?.bytes ?? 0;
    for (let index = 0; index < 50; index++) await create(store, `s${index}`, stored("x".repeat(2_000)));
    const after = await store.census?.();
    expect(after?.stored).toBe(50);
    expect((after?.bytes ?? 0) - before).toBeGreaterThan(50 * 2_000);
  });

  test("a file outlives its server and is shared between servers, memory is neither", async () => {
    const file = path.join(await temporaryFolder(), "state.db");
    const first = await setUp(file);
    await create(first.store);
    const second = await setUp(file);
    expect((await second.store.getItemExclusive("a")).lockId).toBe(2);
    expect((await first.store.getItem("a")).locked).toBe(true);
    await first.store.close();
    await second.store.close();
    const third = await setUp(file);
    await third.store.releaseItemExclusive("a", 2);
    expect(textOf((await third.store.getItem("a")).item)).toBe("state");
    expect(third.store.capabilities).toMatchObject({ survivesRecycle: true, sharedBetweenServers: true });
    expect((await setUp()).store.capabilities).toMatchObject({ survivesRecycle: false, sharedBetweenServers: false });
  });

  test("a new file may be opened by several servers at once: who comes second waits until it is set up", async () => {
    const file = path.join(await temporaryFolder(), "state.db");
    const first = new DatabaseSync(file);
    first.exec("BEGIN IMMEDIATE");
    await expect(openSqlite(file, options)).rejects.toMatchObject({ kind: "timeout" });
    const second = openSqlite(file, { ...options, commandTimeoutMs: 30_000 });
    first.exec("ROLLBACK");
    first.close();
    const store = await second;
    await create(store);
    expect(await store.census?.()).toMatchObject({ stored: 1 });
    await store.close();
  });

  test("its rows have the keys of SQL Server's, so that applications do not see each other's", async () => {
    const file = path.join(await temporaryFolder(), "state.db");
    const one = await setUp(file);
    const other = await setUp(file, { applicationId: "/LM/W3SVC/1/ROOT/app" });
    await create(one.store, "4m4irghotazmxblpyakfaw1d");
    expect(await other.store.getItem("4m4irghotazmxblpyakfaw1d")).toEqual(missing);
    const database = new DatabaseSync(file, { readOnly: true });
    expect(database.prepare("SELECT SessionId FROM ASPStateTempSessions").all()).toEqual([
      { SessionId: "4m4irghotazmxblpyakfaw1d2014c0f1" },
    ]);
    database.close();
  });

  test("someone else who goes on writing is a timeout, after which the store works on", async () => {
    const file = path.join(await temporaryFolder(), "state.db");
    const { store } = await setUp(file);
    await create(store);
    const other = new DatabaseSync(file);
    other.exec("BEGIN IMMEDIATE");
    await expect(store.getItem("a")).rejects.toMatchObject({ name: "StoreError", kind: "timeout" });
    await expect(store.resetItemTimeout("a")).rejects.toMatchObject({ kind: "timeout" });
    other.exec("ROLLBACK");
    other.close();
    expect(textOf((await store.getItem("a")).item)).toBe("state");
  });

  test("that was closed can be asked no more, and closed again", async () => {
    const { store } = await setUp();
    await store.close();
    await store.close();
    await expect(store.getItem("a")).rejects.toMatchObject({
      kind: "unreachable",
      message: "The SQLite session database is closed.",
    });
  });

  test("in a folder that is not there it is unreachable", async () => {
    const file = path.join(await temporaryFolder(), "missing", "state.db");
    await expect(openSqlite(file, options)).rejects.toMatchObject({ name: "StoreError", kind: "unreachable" });
  });

  test("a file that is something else, or has another table of that name, is the wrong schema", async () => {
    const folder = await temporaryFolder();
    const text = path.join(folder, "text.db");
    await writeFile(text, "this is no database, however long it goes on ".repeat(100));
    await expect(openSqlite(text, options)).rejects.toMatchObject({ kind: "schema" });
    const other = path.join(folder, "other.db");
    const database = new DatabaseSync(other);
    database.exec("CREATE TABLE ASPStateTempSessions (SessionId TEXT, Expires REAL)");
    database.close();
    await expect(openSqlite(other, options)).rejects.toMatchObject({ kind: "schema" });
  });

  test("without a path it is not opened", async () => {
    await expect(openSqlite("", options)).rejects.toThrow(InputError);
  });
});

test("behind the session module's contract it keeps a page's items", async () => {
  const { store } = await setUp();
  const sessions = serialisingStore(store, { minuteMs: MINUTE_MS, compress: true });
  await sessions.createUninitializedItem("a", 20 * MINUTE_MS);
  const got = await sessions.getItemExclusive("a");
  expect(got.initialize).toBe(true);
  got.item?.items.set("user", "Ed");
  const item = { items: got.item?.items ?? new SessionItems(), timeoutMs: 20 * MINUTE_MS };
  await sessions.setAndReleaseItemExclusive("a", item, got.lockId, false);
  expect((await sessions.getItem("a")).item?.items.get("user")).toBe("Ed");
});
