// Sessions in a SQLite file, by the rules of ASP.NET's SQLServer mode: its table, its stored procedures turned into statements, its
// way of letting an expired row live until the job deletes it. The database runs inside our process and makes it wait: a web server
// of its own is the place for it, and several of them may share one file.
// Source: InstallSqlState.sql (ASPStateTempSessions, TempGetStateItem3 and the procedures beside it, DeleteExpiredSessions).

import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { InputError } from "../../../config/problem.ts";
import { type Clock, machineClock } from "../../clock.ts";
import {
  type ByteGetResult,
  type ByteStore,
  type ByteStoreOptions,
  noSuchSession,
  type StoredBytes,
} from "../byte-store.ts";
import { rowKey } from "./application-id.ts";
import { isBusy, sqliteError } from "./sqlite-error.ts";

/**
 * Moments are real milliseconds since 1970, Timeout is minutes. LockDateLocal and the division into short and long items are left
 * out: the first is for version 1 of ASP.NET, the second for the pages of SQL Server.
 */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS ASPStateTempSessions (
    SessionId TEXT NOT NULL PRIMARY KEY,
    Created REAL NOT NULL,
    Expires REAL NOT NULL,
    LockDate REAL NOT NULL,
    LockCookie INTEGER NOT NULL,
    Timeout INTEGER NOT NULL,
    Locked INTEGER NOT NULL,
    SessionItem BLOB NOT NULL,
    Flags INTEGER NOT NULL DEFAULT 0
  );
  CREATE INDEX IF NOT EXISTS Index_Expires ON ASPStateTempSessions (Expires);`;

const UNINITIALIZED = 1;
const WAIT_MS_MAX = 2 ** 31 - 1;
const SET_UP_AGAIN_MS = 5;

interface Row {
  readonly LockDate: number;
  readonly LockCookie: number;
  readonly Timeout: number;
  readonly Locked: number;
  readonly SessionItem: Uint8Array;
  readonly Flags: number;
}

/**
 * Opens the file, made if there is none, or ":memory:" for a database that is gone when it is closed. What is committed survives a
 * killed process; a power cut may take the last commits, as they are written through only now and then (WAL, synchronous NORMAL).
 * @param options of which minuteMs, applicationId and commandTimeoutMs (how long to wait for another process that writes) count.
 * @param clock milliseconds since 1970, the same for all who share the file.
 * @throws InputError without a path, StoreError when the file cannot be used.
 */
export async function openSqlite(
  connection: string,
  options: ByteStoreOptions,
  clock: Clock = machineClock,
): Promise<ByteStore> {
  if (connection === "" || connection.includes("\0")) {
    throw new InputError("Cannot open the SQLite database", [
      { at: "store.connections", given: connection, expected: "a file's path or :memory:", mend: "name a file" },
    ]);
  }
  const { commandTimeoutMs } = options;
  const waitMs = Math.min(Math.ceil(commandTimeoutMs ?? WAIT_MS_MAX), WAIT_MS_MAX);
  try {
    const database = new DatabaseSync(connection, { timeout: waitMs });
    try {
      await setUp(database, waitMs);
      return createStore(database, options, clock, connection !== ":memory:");
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    throw sqliteError(error);
  }
}

/**
 * Of several processes that open a new file at once, one sets it up and the others are told at once that it is locked, as SQLite does
 * not wait for a change of the journal; so we do.
 */
async function setUp(database: DatabaseSync, waitMs: number): Promise<void> {
  for (const untilMs = machineClock() + waitMs; ; await delay(SET_UP_AGAIN_MS)) {
    try {
      database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; ${SCHEMA}`);
      return;
    } catch (error) {
      if (!isBusy(error) || machineClock() >= untilMs) throw error;
    }
  }
}

function createStore(
  database: DatabaseSync,
  { minuteMs, applicationId }: ByteStoreOptions,
  clock: Clock,
  isFile: boolean,
): ByteStore {
  const statements = prepare(database);
  const keyOf = (id: string) => rowKey(id, applicationId);

  /** Everything happens at once, so an answer is a promise for form's sake and a failure is a rejection. */
  async function answer<T>(work: () => T): Promise<T> {
    try {
      return work();
    } catch (error) {
      throw sqliteError(error);
    }
  }

  /** As one step for all who share the file; the write lock is taken first, so that nobody is asked to try again half way. */
  function inTransaction<T>(work: () => T): T {
    database.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      database.exec("COMMIT");
      return result;
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw error;
    }
  }

  function get(id: string, exclusive: boolean): ByteGetResult {
    const key = keyOf(id);
    const nowMs = clock();
    const row = statements.select.get(key) as Row | undefined;
    if (row === undefined) return noSuchSession;
    statements.touch.run(nowMs, minuteMs, key);
    const initialize = (row.Flags & UNINITIALIZED) !== 0;
    if (row.Locked !== 0) {
      const lockAgeMs = Math.max(0, nowMs - row.LockDate);
      return { item: null, locked: true, lockAgeMs, lockId: row.LockCookie, initialize };
    }
    if (exclusive) statements.lock.run(nowMs, key);
    const item = { bytes: row.SessionItem, timeoutMinutes: row.Timeout };
    return { item, locked: false, lockAgeMs: 0, lockId: exclusive ? row.LockCookie + 1 : null, initialize };
  }

  /** One that is there already stays: a duplicate key is ignored there too, for new items as for uninitialised ones. */
  function insert(id: string, item: StoredBytes, flags: number): void {
    statements.insert.run(keyOf(id), clock(), minuteMs, item.timeoutMinutes, item.bytes, flags);
  }

  return {
    capabilities: {
      exclusiveLocks: true,
      sessionEnd: false,
      survivesRecycle: isFile,
      sharedBetweenServers: isFile,
      liveReferences: false,
      heldByClient: false,
    },
    engine: `SQLite ${(statements.version.get() as { version: string }).version}`,
    getItem: (id) => answer(() => inTransaction(() => get(id, false))),
    getItemExclusive: (id) => answer(() => inTransaction(() => get(id, true))),
    setAndReleaseItemExclusive: (id, item, lockId, newItem) =>
      answer(() => {
        if (newItem) insert(id, item, 0);
        else statements.update.run(clock(), minuteMs, item.timeoutMinutes, item.bytes, keyOf(id), lockId);
      }),
    releaseItemExclusive: (id, lockId) =>
      answer(() => {
        statements.release.run(clock(), minuteMs, keyOf(id), lockId);
      }),
    removeItem: (id, lockId) => answer(() => statements.remove.run(keyOf(id), lockId).changes !== 0),
    resetItemTimeout: (id) =>
      answer(() => {
        statements.reset.run(clock(), minuteMs, keyOf(id));
      }),
    createUninitializedItem: (id, empty) => answer(() => insert(id, empty, UNINITIALIZED)),
    census: () =>
      answer(() => {
        const { stored, live } = statements.count.get(clock()) as { stored: number; live: number };
        return { stored, live, bytes: (statements.size.get() as { bytes: number }).bytes };
      }),
    deleteExpired: () =>
      answer(() =>
        inTransaction(() => {
          const nowMs = clock();
          const expired = statements.expired.get(nowMs) as { sessions: number; lifetimesMs: number };
          statements.deleteExpired.run(nowMs);
          return { sessions: expired.sessions, lifetimesMs: expired.lifetimesMs };
        }),
      ),
    close: () =>
      answer(() => {
        if (database.isOpen) database.close();
      }),
  };
}

/**
 * The stored procedures. A lock cookie that is not the row's changes nothing and is no error; whether the row is locked at all is not
 * looked at, so that who lost a lock may still write as long as nobody else has taken it.
 */
function prepare(database: DatabaseSync) {
  const table = "ASPStateTempSessions";
  const slide = "Expires = ?1 + Timeout * ?2";
  return {
    version: database.prepare("SELECT sqlite_version() AS version"),
    select: database.prepare(
      `SELECT LockDate, LockCookie, Timeout, Locked, SessionItem, Flags FROM ${table} WHERE SessionId = ?`,
    ),
    touch: database.prepare(`UPDATE ${table} SET ${slide}, Flags = Flags & ~${UNINITIALIZED} WHERE SessionId = ?3`),
    lock: database.prepare(
      `UPDATE ${table} SET LockDate = ?, LockCookie = LockCookie + 1, Locked = 1 WHERE SessionId = ?`,
    ),
    insert: database.prepare(
      `INSERT INTO ${table} (SessionId, Created, Expires, LockDate, LockCookie, Timeout, Locked, SessionItem, Flags)
       VALUES (?1, ?2, ?2 + ?4 * ?3, ?2, 1, ?4, 0, ?5, ?6) ON CONFLICT DO NOTHING`,
    ),
    update: database.prepare(
      `UPDATE ${table} SET Expires = ?1 + ?3 * ?2, Timeout = ?3, SessionItem = ?4, Locked = 0
       WHERE SessionId = ?5 AND LockCookie = ?6`,
    ),
    release: database.prepare(`UPDATE ${table} SET ${slide}, Locked = 0 WHERE SessionId = ?3 AND LockCookie = ?4`),
    remove: database.prepare(`DELETE FROM ${table} WHERE SessionId = ? AND LockCookie = ?`),
    reset: database.prepare(`UPDATE ${table} SET ${slide} WHERE SessionId = ?3`),
    count: database.prepare(`SELECT count(*) AS stored, count(*) FILTER (WHERE Expires >= ?) AS live FROM ${table}`),
    size: database.prepare(
      "SELECT (page_count - freelist_count) * page_size AS bytes FROM pragma_page_count, pragma_freelist_count, pragma_page_size",
    ),
    expired: database.prepare(
      `SELECT count(*) AS sessions, coalesce(sum(?1 - Created), 0) AS lifetimesMs FROM ${table} WHERE Expires < ?1`,
    ),
    deleteExpired: database.prepare(`DELETE FROM ${table} WHERE Expires < ?`),
  };
}
