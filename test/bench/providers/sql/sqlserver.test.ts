import { describe, expect, test } from "vitest";
import type { ByteStoreOptions } from "../../../../bench/providers/byte-store.ts";
import { encodeItem } from "../../../../bench/providers/item/item-codec.ts";
import { SessionItems } from "../../../../bench/providers/session-items.ts";
import { readLengths } from "../../../../bench/providers/sql/read-lengths.ts";
import { openSqlServerStore, openSqlServerStoreOn } from "../../../../bench/providers/sql/sqlserver.ts";
import { SqlServerFault } from "../../../../bench/providers/sql/sqlserver-client.ts";
import { fakeAspState } from "./aspstate-fake.ts";

const missing = { item: null, locked: false, lockAgeMs: 0, lockId: null, initialize: false };
const short = Buffer.from("a state");
const long = Buffer.alloc(7_001, "x");
const boundary = Buffer.alloc(7_000, "y");

function optionsWith(changes: Partial<ByteStoreOptions> = {}): ByteStoreOptions {
  return {
    minuteMs: 60_000,
    applicationId: "/LM/W3SVC/1/ROOT",
    networkTimeoutMs: 10_000,
    commandTimeoutMs: 30_000,
    connectionRetryMs: 0,
    allowCustomSqlDatabase: false,
    executionTimeoutMs: 110_000,
    ...changes,
  };
}

async function openedStore(changes: Partial<ByteStoreOptions> = {}) {
  const time = { nowMs: 1_700_000_000_000 };
  const database = fakeAspState(() => time.nowMs);
  const store = await openSqlServerStoreOn(database.client, {
    ...optionsWith(changes),
    user: "web",
    clock: () => time.nowMs,
    async delay(ms) {
      time.nowMs += ms;
    },
  });
  database.calls.length = 0;
  return { store, database, time };
}

const withState = (bytes: Uint8Array, timeoutMinutes = 20) => ({ bytes, timeoutMinutes });

describe("a SQL Server store", () => {
  test("asks for the version and for the application's number, which stands behind every session id", async () => {
    const database = fakeAspState(() => 0);
    database.applications.set("/lm/w3svc/1/root", 538_231_025);
    const options = { ...optionsWith(), user: "web", clock: () => 0, delay: async () => undefined };
    const store = await openSqlServerStoreOn(database.client, options);
    expect(database.calls).toEqual(["TempGetVersion", "GetMajorVersion", "TempGetAppID"]);
    expect(store.engine).toBe("SQL Server 16.0.4135.4");
    await store.createUninitializedItem("4m4irghotazmxblpyakfaw1d", withState(short));
    expect([...database.rows.keys()]).toEqual(["4m4irghotazmxblpyakfaw1d2014c0f1"]);
    await store.close();
    expect(database.isClosed()).toBe(true);
  });

  test("knows nothing of a session that was never stored", async () => {
    const { store } = await openedStore();
    expect(await store.getItem("id")).toEqual(missing);
    expect(await store.getItemExclusive("id")).toEqual(missing);
    expect(await store.removeItem("id", 2)).toBe(false);
  });

  test("gives the first lock the number 2, and tells the others its age in whole seconds of the server's clock", async () => {
    const { store, time } = await openedStore();
    await store.setAndReleaseItemExclusive("id", withState(short), null, true);
    expect(await store.getItemExclusive("id")).toMatchObject({ item: { bytes: short }, locked: false, lockId: 2 });
    time.nowMs += 3_700;
    const refused = { item: null, locked: true, lockAgeMs: 3_000, lockId: 2, initialize: false };
    expect(await store.getItem("id")).toEqual(refused);
    expect(await store.getItemExclusive("id")).toEqual(refused);
  });

  test("takes an age of over a year for a mistake", async () => {
    const { store, time } = await openedStore();
    await store.setAndReleaseItemExclusive("id", withState(short), null, true);
    await store.getItemExclusive("id");
    time.nowMs += 365 * 86_400_000;
    expect((await store.getItem("id")).lockAgeMs).toBe(365 * 86_400_000);
    time.nowMs += 1_000;
    expect((await store.getItem("id")).lockAgeMs).toBe(0);
  });

  test("keeps up to 7000 bytes in the row and more beside it", async () => {
    const { store, database } = await openedStore();
    for (const [id, bytes] of [
      ["short", boundary],
      ["long", long],
    ] as const) {
      await store.setAndReleaseItemExclusive(id, withState(bytes), null, true);
      expect((await store.getItem(id)).item?.bytes).toEqual(bytes);
      expect((await store.getItemExclusive(id)).item?.bytes).toEqual(bytes);
    }
    expect(database.calls.filter((name) => name.includes("Insert"))).toEqual([
      "TempInsertStateItemShort",
      "TempInsertStateItemLong",
    ]);
  });

  test.each([
    ["short", "short", short, boundary, "TempUpdateStateItemShort"],
    ["long", "short", long, boundary, "TempUpdateStateItemShortNullLong"],
    ["short", "long", boundary, long, "TempUpdateStateItemLongNullShort"],
    ["long", "long", long, Buffer.alloc(9_000, "z"), "TempUpdateStateItemLong"],
  ])("a %s state that becomes %s leaves nothing of the old", async (_from, _to, before, after, procedure) => {
    const { store, database } = await openedStore();
    await store.setAndReleaseItemExclusive("id", withState(before), null, true);
    const { lockId } = await store.getItemExclusive("id");
    await store.setAndReleaseItemExclusive("id", withState(after, 7), lockId, false);
    expect(database.calls.at(-1)).toBe(procedure);
    const [row] = database.rows.values();
    expect([row!.itemShort, row!.itemLong].filter((column) => column !== null)).toEqual([after]);
    expect(row).toMatchObject({ locked: false, timeout: 7 });
  });

  test("empties the other column where the lock was taken by another server", async () => {
    const { store, database } = await openedStore();
    await store.setAndReleaseItemExclusive("id", withState(long), null, true);
    [...database.rows.values()][0]!.lockCookie = 9;
    await store.setAndReleaseItemExclusive("id", withState(short), 9, false);
    expect(database.calls.at(-1)).toBe("TempUpdateStateItemShortNullLong");
    await store.setAndReleaseItemExclusive("id", withState(long), 9, false);
    expect(database.calls.at(-1)).toBe("TempUpdateStateItemLongNullShort");
  });

  test("leaves what is not its own: late writers, strangers and those without a lock", async () => {
    const { store } = await openedStore();
    await store.setAndReleaseItemExclusive("id", withState(short), null, true);
    const late = await store.getItemExclusive("id");
    await store.releaseItemExclusive("id", late.lockId!);
    const next = await store.getItemExclusive("id");
    expect(next.lockId).toBe(3);
    for (const lockId of [late.lockId, null]) {
      await store.setAndReleaseItemExclusive("id", withState(long), lockId, false);
      expect(await store.removeItem("id", lockId)).toBe(false);
    }
    await store.releaseItemExclusive("id", late.lockId!);
    expect((await store.getItem("id")).lockId).toBe(3);
    expect(await store.removeItem("id", next.lockId)).toBe(true);
    expect(await store.getItem("id")).toEqual(missing);
  });

  test("never inserts over a session, and tells the first reader that it is uninitialised", async () => {
    const { store } = await openedStore();
    await store.createUninitializedItem("id", withState(short));
    await store.createUninitializedItem("id", withState(boundary));
    await store.setAndReleaseItemExclusive("id", withState(long), null, true);
    expect(await store.getItem("id")).toMatchObject({ item: { bytes: short }, initialize: true });
    expect(await store.getItemExclusive("id")).toMatchObject({ item: { bytes: short }, initialize: false });
  });

  test("reads the timeout where ASP.NET does, in the state itself, deflated or not", async () => {
    const { store } = await openedStore();
    for (const compress of [false, true]) {
      const bytes = encodeItem({ timeoutMinutes: 33, items: new SessionItems() }, { compress });
      const id = `deflated ${compress}`;
      await store.setAndReleaseItemExclusive(id, withState(bytes, 33), null, true);
      expect((await store.getItem(id)).item?.timeoutMinutes).toBe(33);
    }
  });

  test("revives a session that is over but not yet deleted, and tells what the deletion takes", async () => {
    const { store, database, time } = await openedStore();
    await store.setAndReleaseItemExclusive("kept", withState(short, 1), null, true);
    await store.setAndReleaseItemExclusive("over", withState(short, 1), null, true);
    time.nowMs += 61_000;
    expect(await store.census!()).toEqual({ stored: 2, live: 0, bytes: 81_920 });
    await store.resetItemTimeout("kept");
    expect(await store.census!()).toEqual({ stored: 2, live: 1, bytes: 81_920 });
    expect(await store.deleteExpired!()).toEqual({ sessions: 1, lifetimesMs: 61_000 });
    expect(database.calls.at(-1)).toBe("DeleteExpiredSessions");
    expect(await store.getItem("over")).toEqual(missing);
    expect((await store.getItem("kept")).item?.bytes).toEqual(short);
  });

  test("counts nothing where the login may not read the table", async () => {
    const database = fakeAspState(() => 0);
    database.mayRead.value = false;
    const options = { ...optionsWith(), user: "web", clock: () => 0, delay: async () => undefined };
    const store = await openSqlServerStoreOn(database.client, options);
    expect(store.census).toBeUndefined();
    await expect(store.deleteExpired!()).rejects.toMatchObject({ kind: "login", message: /SELECT/ });
  });
});

describe("a session database that is not as it should be", () => {
  async function refusal(prepare: (database: ReturnType<typeof fakeAspState>) => void): Promise<unknown> {
    const database = fakeAspState(() => 0);
    prepare(database);
    const options = { ...optionsWith(), user: "web", clock: () => 0, delay: async () => undefined };
    const error: unknown = await openSqlServerStoreOn(database.client, options).catch((caught: unknown) => caught);
    expect(database.isClosed()).toBe(true);
    return error;
  }

  test("without the procedures of version 2", async () => {
    const error = await refusal((database) => database.drop("TempGetVersion"));
    expect(error).toMatchObject({
      name: "StoreError",
      kind: "schema",
      message: expect.stringMatching(/^Unable to use SQL Server because ASP\.NET version 2\.0 .*aspnet_regsql/s),
    });
  });

  test("without one of the procedures, or without the table", async () => {
    const told = { name: "StoreError", kind: "schema", message: expect.stringMatching(/aspnet_regsql .*-ssadd/) };
    expect(await refusal((database) => database.drop("TempGetAppID"))).toMatchObject(told);
    expect(await refusal((database) => database.drop("table"))).toMatchObject(told);
  });

  test.each([
    [18456, 14, "login", /^Failed to login to session state SQL server for user 'web'\.$/],
    [18452, 14, "login", /^Failed to login/],
    [18450, 14, "login", /^Failed to login/],
    [4060, 11, "schema", /^Unable to connect to SQL Server session database\. .*aspnet_regsql/],
    [208, 16, "schema", /aspnet_regsql/],
    [229, 14, "login", /^Unable to connect/],
    [9002, 17, "full", /^Unable to connect/],
    [-2, 11, "timeout", /^Unable to connect/],
    [0, 20, "unreachable", /^Unable to connect to SQL Server session database\./],
    [50_000, 16, "protocol", /^Unable to connect/],
  ])("error %i of severity %i is told as %s", async (number, severity, kind, message) => {
    const error = await refusal((database) =>
      database.failWith(new SqlServerFault("as the server says", number, severity)),
    );
    expect(error).toMatchObject({ name: "StoreError", kind, message: expect.stringMatching(message) });
  });
});

describe("while the database fails over", () => {
  const broken = new SqlServerFault("the connection broke", 0, 20);

  test("nothing is tried again unless sqlConnectionRetryInterval says so, by its seconds component", async () => {
    for (const connectionRetryMs of [0, 60_000, 120_000]) {
      const { store, database } = await openedStore({ connectionRetryMs });
      database.failWith(broken);
      await expect(store.getItem("id")).rejects.toMatchObject({ kind: "unreachable" });
      expect(database.calls).toHaveLength(1);
    }
  });

  test("a call is made again after 5 s and then each second, on a new pool", async () => {
    const { store, database, time } = await openedStore({ connectionRetryMs: 30_000 });
    await store.setAndReleaseItemExclusive("id", withState(short), null, true);
    const startedAtMs = time.nowMs;
    database.failWith(broken, new SqlServerFault("", 4060, 11), new SqlServerFault("", -2, 11));
    expect((await store.getItem("id")).item?.bytes).toEqual(short);
    expect(time.nowMs - startedAtMs).toBe(7_000);
    expect(database.poolsCleared()).toBe(1);
  });

  test("a refused login is not tried again", async () => {
    const { store, database } = await openedStore({ connectionRetryMs: 30_000 });
    database.failWith(new SqlServerFault("Login failed.", 18456, 14));
    await expect(store.getItem("id")).rejects.toMatchObject({ kind: "login" });
    expect(database.calls).toHaveLength(1);
  });

  test("an insert that had come through before the connection broke is not an error", async () => {
    const { store, database } = await openedStore({ connectionRetryMs: 5_000 });
    await store.createUninitializedItem("id", withState(short));
    database.failWith(broken);
    await store.createUninitializedItem("id", withState(short));
    expect(database.rows.size).toBe(1);
  });
});

test("minutes that are compressed are refused, for the procedures count real ones", async () => {
  const given = openSqlServerStore("data source=localhost;user id=web;password=s3cret", optionsWith({ minuteMs: 600 }));
  await expect(given).rejects.toThrow(/run\.timeScale is 100; expected 1 .*postgresql/);
});

test("of the lengths that were read the oldest are forgotten first", () => {
  const lengths = readLengths(2);
  lengths.remember("a", 2, 10);
  lengths.remember("b", 2, 20);
  lengths.remember("c", 2, 30);
  expect(lengths.take("a", 2)).toBeUndefined();
  expect(lengths.take("b", 3)).toBeUndefined();
  expect(lengths.take("b", 2)).toBe(20);
  expect(lengths.take("b", 2)).toBeUndefined();
  expect(lengths.take("c", 2)).toBe(30);
});
