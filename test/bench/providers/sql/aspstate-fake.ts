// An ASPState database in memory, for there is no SQL Server to test on: the tables and what the procedures do to them, written from
// the description of InstallSqlState.sql and without a look at our own client or script. Its clock is the test's.

import {
  type SqlParameter,
  type SqlResult,
  type SqlServerClient,
  SqlServerFault,
  type SqlValue,
} from "../../../../bench/providers/sql/sqlserver-client.ts";

interface Row {
  created: number;
  expires: number;
  lockDate: number;
  lockCookie: number;
  timeout: number;
  locked: boolean;
  itemShort: Buffer | null;
  itemLong: Buffer | null;
  flags: number;
}

export interface FakeAspState {
  readonly client: SqlServerClient;
  readonly rows: Map<string, Row>;
  readonly applications: Map<string, number>;
  /** Names of the procedures called, in order. */
  readonly calls: string[];
  readonly poolsCleared: () => number;
  readonly isClosed: () => boolean;
  /** The next calls fail so, one after another, before anything is done. */
  failWith(...faults: readonly SqlServerFault[]): void;
  /** As if it had never been installed. */
  drop(procedure: string): void;
  readonly mayRead: { value: boolean };
}

type Procedure = (given: Readonly<Record<string, SqlValue>>) => Partial<SqlResult>;

const MINUTE_MS = 60_000;

/** @param now milliseconds, UTC. */
export function fakeAspState(now: () => number): FakeAspState {
  const rows = new Map<string, Row>();
  const applications = new Map<string, number>();
  const calls: string[] = [];
  const faults: SqlServerFault[] = [];
  const dropped = new Set<string>();
  const mayRead = { value: true };
  let poolsCleared = 0;
  let closed = false;

  const count = (rowsAffected: number): Partial<SqlResult> => ({ rowsAffected: [rowsAffected] });
  const seconds = (from: number, to: number) => Math.floor(to / 1_000) - Math.floor(from / 1_000);

  function insert(given: Readonly<Record<string, SqlValue>>, flags: number): Partial<SqlResult> {
    const id = String(given.id);
    if (rows.has(id)) throw new SqlServerFault("Violation of PRIMARY KEY constraint.", 2627, 14);
    const timeout = Number(given.timeout);
    rows.set(id, {
      created: now(),
      expires: now() + timeout * MINUTE_MS,
      lockDate: now(),
      lockCookie: 1,
      timeout,
      locked: false,
      itemShort: (given.itemShort as Buffer | undefined) ?? null,
      itemLong: (given.itemLong as Buffer | undefined) ?? null,
      flags,
    });
    return count(1);
  }

  function matching(given: Readonly<Record<string, SqlValue>>): Row | undefined {
    const row = rows.get(String(given.id));
    return row?.lockCookie === given.lockCookie ? row : undefined;
  }

  function update(given: Readonly<Record<string, SqlValue>>, change: (row: Row) => void): Partial<SqlResult> {
    const row = matching(given);
    if (row === undefined) return count(0);
    row.timeout = Number(given.timeout);
    row.expires = now() + row.timeout * MINUTE_MS;
    row.locked = false;
    change(row);
    return count(1);
  }

  function get(given: Readonly<Record<string, SqlValue>>, exclusive: boolean): Partial<SqlResult> {
    const row = rows.get(String(given.id));
    if (row === undefined) {
      const output = { itemShort: null, locked: null, lockAge: null, lockCookie: null, actionFlags: null };
      return { output, rowsAffected: [0] };
    }
    const wasLocked = row.locked;
    row.expires = now() + row.timeout * MINUTE_MS;
    const lockAge = exclusive && !wasLocked ? 0 : seconds(row.lockDate, now());
    if (exclusive && !wasLocked) {
      row.lockDate = now();
      row.lockCookie++;
    }
    if (exclusive) row.locked = true;
    const actionFlags = row.flags & 1;
    row.flags &= ~1;
    return {
      output: {
        itemShort: wasLocked ? null : row.itemShort,
        locked: wasLocked,
        lockAge,
        lockCookie: row.lockCookie,
        actionFlags,
      },
      recordsets: wasLocked || row.itemLong === null ? [] : [[{ SessionItemLong: row.itemLong }]],
      rowsAffected: [1],
    };
  }

  const procedures: Readonly<Record<string, Procedure>> = {
    TempGetVersion: () => ({ output: { ver: "2         " } }),
    GetMajorVersion: () => ({ output: { "@ver": 16 } }),
    TempGetAppID(given) {
      const name = String(given.appName).toLowerCase();
      if (!applications.has(name)) applications.set(name, 1 + applications.size);
      return { output: { appId: applications.get(name)! } };
    },
    TempGetStateItem3: (given) => get(given, false),
    TempGetStateItemExclusive3: (given) => get(given, true),
    TempReleaseStateItemExclusive(given) {
      const row = matching(given);
      if (row === undefined) return count(0);
      row.expires = now() + row.timeout * MINUTE_MS;
      row.locked = false;
      return count(1);
    },
    TempInsertUninitializedItem: (given) => insert(given, 1),
    TempInsertStateItemShort: (given) => insert(given, 0),
    TempInsertStateItemLong: (given) => insert(given, 0),
    TempUpdateStateItemShort: (given) =>
      update(given, (row) => {
        row.itemShort = given.itemShort as Buffer;
      }),
    TempUpdateStateItemShortNullLong: (given) =>
      update(given, (row) => {
        row.itemShort = given.itemShort as Buffer;
        row.itemLong = null;
      }),
    TempUpdateStateItemLong: (given) =>
      update(given, (row) => {
        row.itemLong = given.itemLong as Buffer;
      }),
    TempUpdateStateItemLongNullShort: (given) =>
      update(given, (row) => {
        row.itemLong = given.itemLong as Buffer;
        row.itemShort = null;
      }),
    TempRemoveStateItem(given) {
      return count(matching(given) !== undefined && rows.delete(String(given.id)) ? 1 : 0);
    },
    TempResetTimeout(given) {
      const row = rows.get(String(given.id));
      if (row !== undefined) row.expires = now() + row.timeout * MINUTE_MS;
      return count(row === undefined ? 0 : 1);
    },
    DeleteExpiredSessions() {
      for (const [id, { expires }] of rows) if (expires < now()) rows.delete(id);
      return {};
    },
  };

  function failIfTold(): void {
    const fault = faults.shift();
    if (fault !== undefined) throw fault;
  }

  const client: SqlServerClient = {
    async execute(name, parameters: readonly SqlParameter[]) {
      const procedure = name.replace(/^dbo\./, "");
      calls.push(procedure);
      failIfTold();
      if (dropped.has(procedure) || !Object.hasOwn(procedures, procedure)) {
        throw new SqlServerFault(`Could not find stored procedure '${name}'.`, 2812, 16);
      }
      const given = Object.fromEntries(
        parameters.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])),
      );
      for (const { type, value } of parameters) {
        if (type === "short" && Buffer.isBuffer(value) && value.length > 7_000) throw new Error("would be cut off");
        if (Buffer.isBuffer(value) && value.length === 0) throw new Error("no state is empty");
      }
      return { output: {}, recordsets: [], rowsAffected: [], ...procedures[procedure]!(given) };
    },
    async query(text): Promise<SqlResult> {
      failIfTold();
      const suffix = /RIGHT\(SessionId, 8\) = N'([0-9a-f]{8})'/.exec(text)?.[1];
      if (suffix === undefined) {
        const found: Readonly<Record<string, SqlValue>> = {
          version: "16.0.4135.4",
          place: dropped.has("table") ? null : "",
          readable: mayRead.value ? 1 : 0,
        };
        return { output: {}, recordsets: [[found]], rowsAffected: [1] };
      }
      const ours = [...rows].filter(([id]) => id.endsWith(suffix)).map(([, row]) => row);
      const over = ours.filter(({ expires }) => expires < now());
      const row: Readonly<Record<string, SqlValue>> = / AS stored/.test(text)
        ? { stored: ours.length, live: ours.length - over.length, bytes: "81920" }
        : { sessions: over.length, seconds: over.reduce((sum, { created }) => sum + seconds(created, now()), 0) };
      return { output: {}, recordsets: [[row]], rowsAffected: [1] };
    },
    async clearPool() {
      poolsCleared++;
    },
    async close() {
      closed = true;
    },
  };
  return {
    client,
    rows,
    applications,
    calls,
    poolsCleared: () => poolsCleared,
    isClosed: () => closed,
    failWith: (...given) => void faults.push(...given),
    drop: (procedure) => void dropped.add(procedure),
    mayRead,
  };
}
