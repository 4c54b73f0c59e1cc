// One list of facts, held against every database that stands in SQL Server's place, each on a real server.

import { existsSync } from "node:fs";
import fc from "fast-check";
import { createConnection } from "mysql2/promise";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ByteStore, ByteStoreOptions, OpenByteStore } from "../../../../bench/providers/byte-store.ts";
import { openMariaDbStore } from "../../../../bench/providers/sql/mariadb.ts";
import { openPostgreSqlStore } from "../../../../bench/providers/sql/postgresql.ts";
import { StoreError } from "../../../../bench/providers/store-error.ts";
import type { ManagedServer } from "../../../../bench/servers/managed-server.ts";
import { startMariaDb } from "../../../../bench/servers/mariadb-server.ts";
import { startPostgreSql } from "../../../../bench/servers/postgresql-server.ts";
import { descendantsOf } from "../../../../bench/servers/process-end.ts";
import { until } from "../../processes.ts";

interface Engine {
  readonly name: string;
  readonly start: () => Promise<ManagedServer>;
  readonly open: OpenByteStore;
  /** Asks the database itself, behind the store's back. */
  readonly ask: (connection: string, sql: string) => Promise<Record<string, unknown>[]>;
  /** Expressions of its dialect. */
  readonly nowUtc: string;
  readonly secondsOf: (column: string) => string;
  /** Counts the statements that wait for a row. */
  readonly waiting: string;
  readonly whileRowIsHeld: (connection: string, where: string, action: () => Promise<void>) => Promise<void>;
  /** `poor` may log in and use what others made in the database `bare`, but make nothing; first the user, later the rights. */
  readonly poorUser: readonly string[];
  readonly rightsOfPoorUser: readonly string[];
  /** Makes the tables those of a version to come. */
  readonly otherVersion: readonly string[];
  readonly missing: string | false;
}

const engines: readonly Engine[] = [
  {
    name: "PostgreSQL",
    start: () => startPostgreSql({ durable: false }),
    open: openPostgreSqlStore,
    nowUtc: "clock_timestamp()",
    secondsOf: (column) => `extract(epoch FROM ${column})`,
    poorUser: ["CREATE USER poor PASSWORD 'swordfish'"],
    rightsOfPoorUser: ["GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO poor"],
    otherVersion: ["CREATE OR REPLACE FUNCTION aspstate_schema_version() RETURNS int LANGUAGE sql AS 'SELECT 99'"],
    waiting: "SELECT count(*) AS one FROM pg_stat_activity WHERE wait_event_type = 'Lock'",
    async whileRowIsHeld(connection, where, action) {
      const client = new Client({ connectionString: connection });
      await client.connect();
      try {
        await client.query("BEGIN");
        await client.query(`SELECT 1 FROM ASPStateTempSessions WHERE ${where} FOR UPDATE`);
        await action();
      } finally {
        await client.end();
      }
    },
    missing: false,
    async ask(connection, sql) {
      const client = new Client({ connectionString: connection });
      await client.connect();
      try {
        return (await client.query(sql)).rows;
      } finally {
        await client.end();
      }
    },
  },
  {
    name: "MariaDB",
    start: () => startMariaDb({ durable: false }),
    open: openMariaDbStore,
    nowUtc: "utc_timestamp(6)",
    secondsOf: (column) => `unix_timestamp(${column})`,
    poorUser: ["CREATE USER poor@'127.0.0.1' IDENTIFIED BY 'swordfish'", "GRANT EXECUTE ON bare.* TO poor@'127.0.0.1'"],
    rightsOfPoorUser: [],
    otherVersion: [
      "DROP PROCEDURE aspstate_schema_version",
      "CREATE PROCEDURE aspstate_schema_version() SELECT 99 AS version",
    ],
    // Not information_schema.innodb_lock_waits: InnoDB fills that anew only when nobody has read it for a tenth of a second.
    waiting:
      "SELECT variable_value AS one FROM information_schema.global_status WHERE variable_name = 'INNODB_ROW_LOCK_CURRENT_WAITS'",
    async whileRowIsHeld(connection, where, action) {
      const client = await createConnection(connection.replace(/^mariadb:/, "mysql:"));
      try {
        await client.query("START TRANSACTION");
        await client.query(`SELECT 1 FROM ASPStateTempSessions WHERE ${where} FOR UPDATE`);
        await action();
      } finally {
        await client.end();
      }
    },
    missing: existsSync("/usr/sbin/mariadbd") ? false : "mariadbd, of apt-get install mariadb-server",
    async ask(connection, sql) {
      const client = await createConnection(connection.replace(/^mariadb:/, "mysql:"));
      try {
        const [rows] = await client.query(sql);
        return rows as Record<string, unknown>[];
      } finally {
        await client.end();
      }
    },
  },
];

const options: ByteStoreOptions = {
  minuteMs: 60_000,
  applicationId: "/LM/W3SVC/1/ROOT",
  networkTimeoutMs: 5_000,
  commandTimeoutMs: 5_000,
  connectionRetryMs: 0,
  allowCustomSqlDatabase: false,
  executionTimeoutMs: 110_000,
};

const bytesOf = (length: number, fill = 1) => new Uint8Array(length).fill(fill);
const stored = (bytes: Uint8Array, timeoutMinutes = 20) => ({ bytes, timeoutMinutes });
const plain = (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : Buffer.from(bytes));
let sessions = 0;
const newId = () => `session${String(++sessions).padStart(17, "0")}`;

for (const engine of engines) {
  const title = `${engine.name}${engine.missing === false ? "" : ` (skipped: needs ${engine.missing})`}`;
  describe.skipIf(engine.missing !== false)(title, () => {
    let server: ManagedServer;
    let store: ByteStore;
    const opened: ByteStore[] = [];

    async function open(changes: Partial<ByteStoreOptions> = {}, connection = server.connection): Promise<ByteStore> {
      const another = await engine.open(connection, { ...options, ...changes });
      opened.push(another);
      return another;
    }
    const ask = (sql: string) => engine.ask(server.connection, sql);
    const row = async (id: string) =>
      (
        await ask(
          `SELECT LockCookie AS cookie, CASE WHEN locked THEN 1 ELSE 0 END AS locked, timeout, flags,
             length(SessionItemShort) AS short, length(SessionItemLong) AS longer
           FROM ASPStateTempSessions WHERE SessionId LIKE '${id}%'`,
        )
      )[0];
    const start = async (bytes = bytesOf(10), from = store) => {
      const id = newId();
      await from.setAndReleaseItemExclusive(id, stored(bytes), null, true);
      return id;
    };
    const failureOf = async (call: Promise<unknown>): Promise<StoreError> => {
      const outcome = await call.then(
        () => "no failure",
        (error: unknown) => error,
      );
      expect(outcome).toBeInstanceOf(StoreError);
      const error = outcome as StoreError;
      const password = new URL(server.connection.replace(/^\w+:/, "http:")).password;
      expect(`${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain(password);
      return error;
    };

    beforeAll(async () => {
      server = await engine.start();
      // Several clients find no tables and make them at the same time.
      store = (await Promise.all([open(), open(), open(), open()]))[0]!;
    });
    afterAll(async () => {
      await Promise.all(opened.map((one) => one.close()));
      await server?.stop();
    });

    test("tells its name and version, and what it can do", () => {
      expect(store.engine).toMatch(new RegExp(`^${engine.name} \\d+\\.\\d+`));
      expect(store.engine).toBe(server.engine);
      expect(store.capabilities).toMatchObject({
        exclusiveLocks: true,
        survivesRecycle: true,
        sharedBetweenServers: true,
      });
    });

    test("a row's key is the session id and the number of the application in eight hexadecimal digits", async () => {
      const id = await start();
      const rows = await ask(`SELECT SessionId AS id FROM ASPStateTempSessions WHERE SessionId LIKE '${id}%'`);
      expect(rows).toEqual([{ id: `${id}2014c0f1` }]);
      expect(await ask("SELECT AppId AS id, AppName AS name FROM ASPStateTempApplications")).toEqual([
        { id: 538_231_025, name: "/lm/w3svc/1/root" },
      ]);
    });

    test("two applications do not see each other's sessions, the same one written in other case does", async () => {
      const other = await open({ applicationId: "/LM/W3SVC/2/ROOT" });
      const same = await open({ applicationId: "/lm/w3svc/1/root" });
      const id = await start();
      expect((await other.getItem(id)).item).toBeNull();
      expect((await same.getItem(id)).item).not.toBeNull();
    });

    test("many workers of many applications that start at the same time all get their numbers", async () => {
      for (let round = 0; round < 5; round++) {
        const names = Array.from({ length: 8 }, (_, worker) => `/started/${round}/${worker >> 1}`);
        const started = await Promise.all(
          names.map((applicationId) => engine.open(server.connection, { ...options, applicationId })),
        );
        await Promise.all(started.map((one) => one.close()));
      }
      expect(await ask("SELECT 1 FROM ASPStateTempApplications WHERE AppName LIKE '/started/%'")).toHaveLength(20);
    });

    test("an unknown session is not found, by any call", async () => {
      const id = newId();
      const nothing = { item: null, locked: false, lockAgeMs: 0, lockId: null, initialize: false };
      expect(await store.getItem(id)).toEqual(nothing);
      expect(await store.getItemExclusive(id)).toEqual(nothing);
      await store.resetItemTimeout(id);
      await store.releaseItemExclusive(id, 2);
      await store.setAndReleaseItemExclusive(id, stored(bytesOf(1)), 2, false);
      expect(await store.removeItem(id, 2)).toBe(false);
      expect(await store.getItem(id)).toEqual(nothing);
    });

    test("the first lock has id 2, each further one counts up, and a reader gets none", async () => {
      const id = await start();
      expect(await store.getItem(id)).toMatchObject({ locked: false, lockId: null });
      const first = await store.getItemExclusive(id);
      expect(first).toMatchObject({ locked: false, lockId: 2, lockAgeMs: 0, initialize: false });
      expect(first.item?.timeoutMinutes).toBe(20);
      await store.releaseItemExclusive(id, 2);
      expect(await store.getItemExclusive(id)).toMatchObject({ locked: false, lockId: 3 });
    });

    test("a locked session is not given to readers nor writers, who learn the lock's id and age", async () => {
      const quick = await open({ minuteMs: 600 });
      const id = await start(bytesOf(10), quick);
      await quick.getItemExclusive(id);
      await until("the lock is ten sixtieths of a minute old", async () => (await quick.getItem(id)).lockAgeMs >= 100);
      for (const result of [await quick.getItem(id), await quick.getItemExclusive(id)]) {
        expect(result).toMatchObject({ item: null, locked: true, lockId: 2 });
        // Whole seconds of the scenario, each 10 ms.
        expect(result.lockAgeMs % 10).toBe(0);
        expect(result.lockAgeMs).toBeGreaterThanOrEqual(100);
      }
      expect(await row(id)).toMatchObject({ cookie: 2, locked: 1 });
    });

    test("the owner of the lock writes and gives it up", async () => {
      const id = await start(bytesOf(10, 1));
      const { lockId } = await store.getItemExclusive(id);
      await store.setAndReleaseItemExclusive(id, stored(bytesOf(11, 2), 30), lockId, false);
      const after = await store.getItem(id);
      expect(after).toMatchObject({ locked: false, item: { timeoutMinutes: 30 } });
      expect(plain(after.item?.bytes)).toEqual(plain(bytesOf(11, 2)));
    });

    test("another lock's id, or none, neither writes, releases nor removes", async () => {
      const id = await start(bytesOf(10, 1));
      await store.getItemExclusive(id);
      for (const lockId of [1, 3, null]) {
        await store.setAndReleaseItemExclusive(id, stored(bytesOf(11, 2)), lockId, false);
        if (lockId !== null) await store.releaseItemExclusive(id, lockId);
        expect(await store.removeItem(id, lockId)).toBe(false);
      }
      expect(await row(id)).toMatchObject({ locked: 1, cookie: 2, short: 10 });
      expect(await store.removeItem(id, 2)).toBe(true);
      expect((await store.getItem(id)).item).toBeNull();
    });

    test("a writer whose lock was broken still lands until somebody takes the lock anew, and then no more", async () => {
      const id = await start(bytesOf(10, 1));
      await store.getItemExclusive(id);
      await store.releaseItemExclusive(id, 2);
      await store.setAndReleaseItemExclusive(id, stored(bytesOf(12)), 2, false);
      expect(await row(id)).toMatchObject({ locked: 0, short: 12 });
      expect((await store.getItemExclusive(id)).lockId).toBe(3);
      await store.setAndReleaseItemExclusive(id, stored(bytesOf(13)), 2, false);
      expect(await row(id)).toMatchObject({ locked: 1, cookie: 3, short: 12 });
    });

    test("a new item never overwrites, whether it is uninitialised or not", async () => {
      const id = await start(bytesOf(10));
      await store.createUninitializedItem(id, stored(bytesOf(7)));
      await store.setAndReleaseItemExclusive(id, stored(bytesOf(8)), null, true);
      await store.setAndReleaseItemExclusive(id, stored(bytesOf(8_000)), null, true);
      expect(await row(id)).toMatchObject({ cookie: 1, flags: 0, short: 10, longer: null });
    });

    test.each(["getItem", "getItemExclusive"] as const)("an uninitialised item is told once, by %s", async (get) => {
      const id = newId();
      await store.createUninitializedItem(id, stored(bytesOf(7)));
      expect(await row(id)).toMatchObject({ cookie: 1, flags: 1, locked: 0 });
      expect(await store[get](id)).toMatchObject({ initialize: true });
      expect(await store[get](id)).toMatchObject({ initialize: false });
    });

    test.each([
      [7_000, 7_001],
      [7_001, 7_000],
      [7_000, 6_999],
      [7_001, 7_002],
      [0, 1],
    ])("a session of %i bytes written with %i stands in one column, and the other is empty", async (before, now) => {
      const standing = (bytes: number) =>
        bytes <= 7_000 ? { short: bytes, longer: null } : { short: null, longer: bytes };
      const id = await start(bytesOf(before));
      expect(await row(id)).toMatchObject(standing(before));
      const { lockId, item } = await store.getItemExclusive(id);
      expect(item?.bytes.byteLength).toBe(before);
      await store.setAndReleaseItemExclusive(id, stored(bytesOf(now)), lockId, false);
      expect(await row(id)).toMatchObject(standing(now));
      // Written by somebody who did not read it.
      await store.getItemExclusive(id);
      await (await open()).setAndReleaseItemExclusive(id, stored(bytesOf(before)), 3, false);
      expect(await row(id)).toMatchObject(standing(before));
    });

    test("any bytes come back as they went", async () => {
      const property = fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const id = await start(bytes);
        expect(plain((await store.getItem(id)).item?.bytes)).toEqual(plain(bytes));
      });
      await fc.assert(property, { numRuns: 30 });
    });

    test("a session of a megabyte comes back as it went", async () => {
      const bytes = Uint8Array.from({ length: 1_048_576 }, (_, index) => (index * 31) % 256);
      const id = await start(bytes);
      const { item, lockId } = await store.getItemExclusive(id);
      expect(Buffer.compare(item?.bytes ?? Buffer.alloc(0), bytes)).toBe(0);
      await store.setAndReleaseItemExclusive(id, stored(bytes.reverse()), lockId, false);
      expect(Buffer.compare((await store.getItem(id)).item?.bytes ?? Buffer.alloc(0), bytes)).toBe(0);
    });

    test("of twenty who ask for the lock at once one gets it", async () => {
      const other = await open();
      const id = await start();
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? store : other).getItemExclusive(id)),
      );
      expect(results.filter(({ item }) => item !== null)).toHaveLength(1);
      expect(results.every(({ lockId, locked, item }) => lockId === 2 && locked === (item === null))).toBe(true);
    });

    test("every increment under the lock counts, however many clients there are", async () => {
      const other = await open();
      const id = await start(bytesOf(1, 0));
      const increment = async (mine: ByteStore): Promise<void> => {
        const { item, lockId } = await mine.getItemExclusive(id);
        if (item === null) return increment(mine);
        await mine.setAndReleaseItemExclusive(id, stored(bytesOf(1, item.bytes[0]! + 1)), lockId, false);
      };
      await Promise.all(Array.from({ length: 12 }, (_, n) => increment(n % 2 === 0 ? store : other)));
      expect((await store.getItem(id)).item?.bytes[0]).toBe(12);
    });

    const one = async (expression: string, where: string) =>
      Number((await ask(`SELECT ${expression} AS one FROM ASPStateTempSessions WHERE ${where}`))[0]?.one);

    test("an expired session that the job has not met is revived by any call", async () => {
      const quick = await open({ minuteMs: 100 });
      const touches: ((id: string) => Promise<unknown>)[] = [
        (id) => store.getItem(id),
        (id) => store.getItemExclusive(id),
        (id) => store.resetItemTimeout(id),
        (id) => store.releaseItemExclusive(id, 1),
        (id) => store.setAndReleaseItemExclusive(id, stored(bytesOf(9), 3), 1, false),
      ];
      const ids = touches.map(newId);
      for (const id of ids) await quick.setAndReleaseItemExclusive(id, stored(bytesOf(9), 3), null, true);
      const living = () => one("count(*)", `timeout = 3 AND expires > ${engine.nowUtc}`);
      await until("all have expired", async () => (await living()) === 0);
      await Promise.all(touches.map((touch, n) => touch(ids[n]!)));
      expect(await living()).toBe(touches.length);
      await store.deleteExpired?.();
      expect((await store.getItem(ids[0]!)).item?.bytes.byteLength).toBe(9);
    });

    test("the job deletes what has expired, adds up the lifetimes, and leaves the rest", async () => {
      const quick = await open({ minuteMs: 50 });
      const [ending, staying] = [
        Array.from({ length: 1_100 }, () =>
          quick.setAndReleaseItemExclusive(newId(), stored(bytesOf(9), 7), null, true),
        ),
        Array.from({ length: 3 }, () => store.setAndReleaseItemExclusive(newId(), stored(bytesOf(9), 7), null, true)),
      ];
      await Promise.all([...ending, ...staying]);
      await until("they have expired", async () => {
        return (await one("count(*)", `timeout = 7 AND expires > ${engine.nowUtc}`)) === staying.length;
      });
      const before = await quick.census!();
      const { sessions: deleted, lifetimesMs } = await quick.deleteExpired!();
      const after = await quick.census!();
      expect(deleted).toBeGreaterThanOrEqual(ending.length);
      expect(before.stored - after.stored).toBe(deleted);
      expect(await one("count(*)", "timeout = 7")).toBe(staying.length);
      expect(lifetimesMs! / deleted).toBeGreaterThanOrEqual(7 * 50);
      expect(lifetimesMs! / deleted).toBeLessThan(60_000);
      expect(before.live).toBeLessThanOrEqual(before.stored - ending.length);
      expect(before.bytes).toBeGreaterThan(before.stored * 100);
      expect(await quick.deleteExpired!()).toEqual({ sessions: 0, lifetimesMs: 0 });
    });

    test("every access slides the expiry, one that finds the session locked too", async () => {
      const id = await start();
      const expires = () => one(engine.secondsOf("expires"), `SessionId LIKE '${id}%'`);
      let last = await expires();
      for (const touch of [
        () => store.getItem(id),
        () => store.resetItemTimeout(id),
        () => store.getItemExclusive(id),
        () => store.getItem(id),
        () => store.getItemExclusive(id),
        () => store.releaseItemExclusive(id, 2),
      ]) {
        await touch();
        const now = await expires();
        expect(now).toBeGreaterThan(last);
        last = now;
      }
    });

    test("a wrong password, a closed port and a missing database are told apart", async () => {
      const login = await failureOf(
        open(
          {},
          urlWith((to) => {
            to.password = "swordfish";
          }),
        ),
      );
      expect(login.kind).toBe("login");
      expect(login.message).toContain(`Failed to login to session state ${engine.name} server for user 'sessionlab'`);
      expect(login.message).not.toContain("swordfish");
      const refused = await failureOf(
        open(
          {},
          urlWith((to) => {
            to.port = "1";
          }),
        ),
      );
      expect(refused.kind).toBe("unreachable");
      expect(refused.message).toContain(`Unable to connect to ${engine.name} session database`);
      const missing = await failureOf(
        open(
          {},
          urlWith((to) => {
            to.pathname = "/nowhere";
          }),
        ),
      );
      expect(missing.kind).toBe("schema");
      expect(missing.message).toContain("nowhere");
    });

    const urlWith = (change: (url: URL) => void) => {
      const url = new URL(server.connection.replace(/^\w+:/, "http:"));
      change(url);
      return url.href.replace(/^http:/, server.connection.slice(0, server.connection.indexOf(":") + 1));
    };

    test("a user who may not make the tables is told so, and uses those that somebody else made", async () => {
      await ask("CREATE DATABASE bare");
      for (const statement of engine.poorUser) await ask(statement);
      const bare = urlWith((url) => {
        url.pathname = "/bare";
      });
      const asPoor = urlWith((url) => {
        Object.assign(url, { pathname: "/bare", username: "poor", password: "swordfish" });
      });
      const failure = await failureOf(open({}, asPoor));
      expect(failure.kind).toBe("schema");
      expect(failure.message).not.toContain("swordfish");
      await open({}, bare);
      for (const statement of engine.rightsOfPoorUser) await engine.ask(bare, statement);
      const poor = await open({}, asPoor);
      const id = await start(bytesOf(5), poor);
      expect((await poor.getItemExclusive(id)).item?.bytes.byteLength).toBe(5);
      for (const statement of engine.otherVersion) await engine.ask(bare, statement);
      const outdated = await failureOf(open({}, bare));
      expect(outdated.kind).toBe("schema");
      expect(outdated.message).toMatch(/version 99, wanted is \d/);
    });

    test.runIf(engine.name === "PostgreSQL")("tables that need not be durable are empty after a crash", async () => {
      await ask("CREATE DATABASE fleeting");
      const fleeting = await open(
        {},
        urlWith((url) => {
          url.pathname = "/fleeting";
          url.searchParams.set("durable", "false");
        }),
      );
      const id = await start(bytesOf(5), fleeting);
      expect((await fleeting.getItem(id)).item).not.toBeNull();
      await server.kill();
      await server.restart();
      await until("it answers", () =>
        fleeting.getItem(id).then(
          (result) => result.item === null,
          () => false,
        ),
      );
    });

    test("a call that takes too long is a timeout, and takes no lock afterwards when nobody waits for it any more", async () => {
      const hasty = await open({ commandTimeoutMs: 300 });
      const id = await start();
      await engine.whileRowIsHeld(server.connection, `SessionId LIKE '${id}%'`, async () => {
        expect((await failureOf(hasty.getItemExclusive(id))).kind).toBe("timeout");
        await until("the server has given up too", async () => Number((await ask(engine.waiting))[0]?.one) === 0);
      });
      expect(await hasty.getItemExclusive(id)).toMatchObject({ locked: false, lockId: 2 });
    });

    test("a server that hangs is a timeout, and works again when it does", async () => {
      const hasty = await open({ commandTimeoutMs: 300 });
      const id = await start();
      const family = [server.pid(), ...descendantsOf(server.pid())];
      let hung: StoreError;
      for (const pid of family) process.kill(pid, "SIGSTOP");
      try {
        hung = await failureOf(hasty.getItem(id));
      } finally {
        for (const pid of family) process.kill(pid, "SIGCONT");
      }
      expect(hung.kind).toBe("timeout");
      expect((await hasty.getItem(id)).item).not.toBeNull();
    });

    test("killed under load the store is unreachable; started again the rows are there and calls work", async () => {
      const id = await start(bytesOf(33));
      await store.getItemExclusive(id);
      const busy = Array.from({ length: 20 }, () =>
        store.getItem(id).then(
          () => undefined,
          (error: unknown) => error,
        ),
      );
      await server.kill();
      const errors = (await Promise.all(busy)).filter((error) => error !== undefined);
      expect(errors.every((error) => error instanceof StoreError && error.kind === "unreachable")).toBe(true);
      expect((await failureOf(store.getItem(id))).kind).toBe("unreachable");
      await server.restart();
      expect(await store.getItem(id)).toMatchObject({ locked: true, lockId: 2 });
      await store.releaseItemExclusive(id, 2);
      expect((await store.getItem(id)).item?.bytes.byteLength).toBe(33);
    });

    test("with a retry interval calls made while the database is away wait for it", async () => {
      const patient = await open({ connectionRetryMs: 59_000, minuteMs: 1_200 });
      const id = await start(bytesOf(3), patient);
      await server.kill();
      const waiting = Promise.all(Array.from({ length: 5 }, () => patient.getItem(id)));
      await server.restart();
      expect((await waiting).every(({ item }) => item?.bytes.byteLength === 3)).toBe(true);
    });

    test("a call that is still being tried again when the store is closed fails, and is tried no more", async () => {
      const patient = await engine.open(server.connection, { ...options, connectionRetryMs: null, minuteMs: 1_200 });
      await server.kill();
      const waiting = failureOf(patient.getItem(newId()));
      await patient.close();
      expect((await waiting).kind).toBe("unreachable");
      await server.restart();
    });
  });
}
