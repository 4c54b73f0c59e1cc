// SQLServer mode against a real ASPState database: the stored procedures that ASP.NET calls, with ASP.NET's parameters, and nothing
// else while requests are served. What the procedures do is the database's affair (see aspstate-sql.ts for what we expect of them).
// Source: .NET reference source, sqlstateclientmanager.cs; InstallSqlState.sql.

import { setTimeout as delay } from "node:timers/promises";
import { assert } from "../../../config/assert.ts";
import { InputError } from "../../../config/problem.ts";
import { type Clock, machineClock } from "../../clock.ts";
import {
  type ByteGetResult,
  type ByteStore,
  type ByteStoreOptions,
  lockingOutOfProcess,
  noSuchSession,
  type StoredBytes,
} from "../byte-store.ts";
import { decodeItem } from "../item/item-codec.ts";
import { StoreError } from "../store-error.ts";
import { rowKey } from "./application-id.ts";
import { columnOf, updateOf } from "./item-column.ts";
import { readLengths } from "./read-lengths.ts";
import { createRetry } from "./retry.ts";
import { connectSqlServer, type SqlParameter, type SqlServerClient } from "./sqlserver-client.ts";
import { parseSqlServerConnection } from "./sqlserver-connection.ts";
import { isDuplicateKey, isRetriable, storeErrorOf } from "./sqlserver-errors.ts";
import { askApplicationId, checkVersion } from "./sqlserver-installation.ts";
import { sessionTable } from "./sqlserver-table.ts";

const ONE_YEAR_MS = 31_536_000_000;
const CONNECT_TIMEOUT_MS = 15_000;
const MINUTE_MS = 60_000;

/**
 * Opens the sessions of one application in an ASPState database.
 * @param connection of ADO.NET, as parseSqlServerConnection reads it.
 * @throws InputError when the connection string is malformed or minutes are compressed, StoreError when the database cannot be used.
 */
export async function openSqlServerStore(connection: string, options: ByteStoreOptions): Promise<ByteStore> {
  refuseCompressedMinutes(options.minuteMs);
  const address = parseSqlServerConnection(connection, options);
  const limits = {
    connectTimeoutMs: address.connectTimeoutMs ?? options.networkTimeoutMs ?? CONNECT_TIMEOUT_MS,
    commandTimeoutMs: options.commandTimeoutMs ?? 0,
  };
  try {
    const client = await connectSqlServer(address, limits);
    return await openSqlServerStoreOn(client, { ...options, user: address.user, clock: machineClock, delay });
  } catch (error) {
    throw storeErrorOf(error, address.user);
  }
}

export interface SqlServerStoreOptions extends ByteStoreOptions {
  /** Who is logged in, for messages. */
  readonly user: string;
  readonly clock: Clock;
  readonly delay: (ms: number) => Promise<unknown>;
}

/** The same on a client that is connected already, which the store closes with itself. @throws as openSqlServerStore. */
export async function openSqlServerStoreOn(
  client: SqlServerClient,
  options: SqlServerStoreOptions,
): Promise<ByteStore> {
  refuseCompressedMinutes(options.minuteMs);
  try {
    return await prepareStore(client, options);
  } catch (error) {
    await client.close();
    throw storeErrorOf(error, options.user);
  }
}

/** The procedures count whole minutes of the server's clock, and they are not ours to change. */
function refuseCompressedMinutes(minuteMs: number): void {
  if (minuteMs === MINUTE_MS) return;
  throw new InputError("Cannot use SQL Server", [
    {
      at: "run.timeScale",
      given: String(MINUTE_MS / minuteMs),
      expected: "1 with store.provider sqlserver, whose stored procedures count real minutes",
      mend: "set it to 1, or take postgresql or mariadb, which keep the same tables",
    },
  ]);
}

async function prepareStore(client: SqlServerClient, options: SqlServerStoreOptions): Promise<ByteStore> {
  await checkVersion(client);
  const applicationId = await askApplicationId(client, options.applicationId);
  const table = await sessionTable(client, rowKey("", applicationId));
  const lengths = readLengths();
  const { clock, user } = options;
  const retry = createRetry({ ...options, isRetriable, clearPool: client.clearPool, clock });

  const idOf = (id: string): SqlParameter => ({ name: "id", type: "id", value: rowKey(id, applicationId) });

  /** Every failure of a request comes out as a StoreError, those already dealt with excepted. */
  async function asked<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await retry(ask);
    } catch (error) {
      throw storeErrorOf(error, user);
    }
  }

  const call = (procedure: string, ...parameters: readonly SqlParameter[]) =>
    asked(() => client.execute(`dbo.${procedure}`, parameters));

  /** Two requests may both have found nothing and now both insert: who comes second gives way in silence. */
  const insert = (procedure: string, ...parameters: readonly SqlParameter[]) =>
    asked(() =>
      client.execute(`dbo.${procedure}`, parameters).catch((error: unknown) => {
        if (!isDuplicateKey(error)) throw error;
      }),
    );

  async function get(procedure: string, id: string, exclusive: boolean): Promise<ByteGetResult> {
    const { output, recordsets } = await call(procedure, idOf(id), ...outputsOfGet);
    const locked = output.locked ?? null;
    if (locked === null) return noSuchSession;
    const lockId = Number(output.lockCookie);
    if (locked === true) {
      const lockAgeMs = Number(output.lockAge) * 1_000;
      return { ...noSuchSession, locked, lockAgeMs: lockAgeMs > ONE_YEAR_MS ? 0 : lockAgeMs, lockId };
    }
    // A long item comes as a row of its own, whose only column it is.
    const long = recordsets[0]?.[0];
    const bytes = long === undefined ? output.itemShort : Object.values(long)[0];
    if (!Buffer.isBuffer(bytes)) throw new StoreError("protocol", `${procedure} found a session but gave no state.`);
    if (exclusive) lengths.remember(id, lockId, bytes.length);
    const initialize = (Number(output.actionFlags) & INITIALIZE_ITEM) !== 0;
    return { item: storedBytes(bytes), locked: false, lockAgeMs: 0, lockId: exclusive ? lockId : null, initialize };
  }

  return {
    capabilities: lockingOutOfProcess,
    engine: table.engine,

    getItem: (id) => get("TempGetStateItem3", id, false),
    getItemExclusive: (id) => get("TempGetStateItemExclusive3", id, true),

    async setAndReleaseItemExclusive(id, { bytes, timeoutMinutes }, lockId, newItem) {
      const column = columnOf(bytes.length);
      const item: SqlParameter =
        column === "Short"
          ? { name: "itemShort", type: "short", value: bufferOf(bytes) }
          : { name: "itemLong", type: "long", value: bufferOf(bytes) };
      const timeout: SqlParameter = { name: "timeout", type: "int", value: timeoutMinutes };
      if (newItem) {
        await insert(`TempInsertStateItem${column}`, idOf(id), item, timeout);
        return;
      }
      // No lock has the number 0, so that nothing is written by who has none.
      const cookie = Number(lockId ?? 0);
      const procedure = `TempUpdateStateItem${updateOf(lengths.take(id, cookie), bytes.length)}`;
      await call(procedure, idOf(id), item, timeout, { name: "lockCookie", type: "int", value: cookie });
    },

    async releaseItemExclusive(id, lockId) {
      lengths.take(id, Number(lockId));
      await call("TempReleaseStateItemExclusive", idOf(id), { name: "lockCookie", type: "int", value: Number(lockId) });
    },

    async removeItem(id, lockId) {
      const cookie = Number(lockId ?? 0);
      lengths.take(id, cookie);
      const { rowsAffected } = await call("TempRemoveStateItem", idOf(id), {
        name: "lockCookie",
        type: "int",
        value: cookie,
      });
      return rowsAffected.some((rows) => rows > 0);
    },

    async resetItemTimeout(id) {
      await call("TempResetTimeout", idOf(id));
    },

    async createUninitializedItem(id, { bytes, timeoutMinutes }) {
      assert(columnOf(bytes.length) === "Short", "an empty session is short");
      await insert(
        "TempInsertUninitializedItem",
        idOf(id),
        { name: "itemShort", type: "short", value: bufferOf(bytes) },
        { name: "timeout", type: "int", value: timeoutMinutes },
      );
    },

    ...(table.census !== undefined && { census: () => asked(table.census!) }),

    async deleteExpired() {
      const expired = await asked(table.expired);
      await call("DeleteExpiredSessions");
      return expired;
    },

    close: () => client.close(),
  };
}

const INITIALIZE_ITEM = 1;

const outputsOfGet: readonly SqlParameter[] = [
  { name: "itemShort", type: "short" },
  { name: "locked", type: "bit" },
  { name: "lockAge", type: "int" },
  { name: "lockCookie", type: "int" },
  { name: "actionFlags", type: "int" },
];

/** The procedures tell no timeout: it stands in the bytes, and who needs it has to look there. */
function storedBytes(bytes: Uint8Array): StoredBytes {
  return {
    bytes,
    get timeoutMinutes() {
      try {
        return decodeItem(bytes, { compressed: false }).timeoutMinutes;
      } catch {
        return decodeItem(bytes, { compressed: true }).timeoutMinutes;
      }
    },
  };
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
