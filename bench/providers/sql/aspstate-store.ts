// SQLServer mode over any database that has the ASPState procedures under their own names: which procedure a call of the store is, and
// what its answer means. One procedure, one round trip.
// Source: .NET reference source, sqlstateclientmanager.cs (SqlSessionStateStore).

import { machineClock } from "../../clock.ts";
import {
  type ByteGetResult,
  type ByteStore,
  type ByteStoreOptions,
  type Deleted,
  lockingOutOfProcess,
  noSuchSession,
} from "../byte-store.ts";
import type { Census, LockId } from "../session-store.ts";
import { StoreError } from "../store-error.ts";
import { applicationIdHash, rowKey } from "./application-id.ts";
import { columnOf, type ItemColumn, type ItemUpdate, updateOf } from "./item-column.ts";
import { readLengths } from "./read-lengths.ts";
import { createRetry } from "./retry.ts";

export type StateProcedure =
  | "TempGetAppID"
  | "TempGetStateItem3"
  | "TempGetStateItemExclusive3"
  | "TempReleaseStateItemExclusive"
  | "TempInsertUninitializedItem"
  | `TempInsertStateItem${ItemColumn}`
  | `TempUpdateStateItem${ItemUpdate}`
  | "TempRemoveStateItem"
  | "TempResetTimeout";

export type StateValue = string | number | Uint8Array;

/** One row of an answer, by column. */
export type StateRow = Readonly<Record<string, unknown>>;

export interface StateDatabase {
  /** Engine and version. */
  readonly engine: string;
  /** The one row a procedure answers with; undefined for none. @throws StoreError */
  call(procedure: StateProcedure, parameters: readonly StateValue[]): Promise<StateRow | undefined>;
  deleteExpired(): Promise<Deleted>;
  census(): Promise<Census>;
  clearPool(): Promise<void>;
  close(): Promise<void>;
}

/** @throws StoreError when the application cannot be registered. */
export async function openAspStateStore(database: StateDatabase, options: ByteStoreOptions): Promise<ByteStore> {
  const { minuteMs, connectionRetryMs, applicationId } = options;
  const lengths = readLengths();
  let closed = false;
  const mayPass = ({ kind }: StoreError) => kind === "unreachable" || kind === "timeout";
  const retry = createRetry({
    connectionRetryMs,
    minuteMs,
    isRetriable: (error) => !closed && error instanceof StoreError && mayPass(error),
    clearPool: () => database.clearPool(),
    clock: machineClock,
    delay: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });
  const call = (procedure: StateProcedure, ...parameters: StateValue[]) =>
    retry(() => database.call(procedure, parameters));
  const registered = await database.call("TempGetAppID", [applicationId, applicationIdHash(applicationId)]);
  const appId = Number(registered?.app_id);
  const keyOf = (id: string) => rowKey(id, appId);

  async function get(id: string, exclusive: boolean): Promise<ByteGetResult> {
    const row = await call(exclusive ? "TempGetStateItemExclusive3" : "TempGetStateItem3", keyOf(id), minuteMs);
    if (row === undefined || row.cookie === null) return noSuchSession;
    const cookie = Number(row.cookie);
    const initialize = Number(row.action_flags) === 1;
    if (Number(row.is_locked) === 1) {
      const lockAgeMs = Math.max(0, Number(row.lock_age)) * (minuteMs / 60);
      return { item: null, locked: true, lockAgeMs, lockId: cookie, initialize };
    }
    const bytes = row.item as Buffer;
    if (exclusive) lengths.remember(id, cookie, bytes.byteLength);
    const item = { bytes, timeoutMinutes: Number(row.minutes) };
    return { item, locked: false, lockAgeMs: 0, lockId: exclusive ? cookie : null, initialize };
  }

  return {
    engine: database.engine,
    capabilities: lockingOutOfProcess,
    getItem: (id) => get(id, false),
    getItemExclusive: (id) => get(id, true),
    async setAndReleaseItemExclusive(id, { bytes, timeoutMinutes }, lockId, newItem) {
      if (newItem) {
        await call(`TempInsertStateItem${columnOf(bytes.byteLength)}`, keyOf(id), bytes, timeoutMinutes, minuteMs);
        return;
      }
      const cookie = cookieOf(lockId);
      const update = updateOf(lengths.take(id, cookie), bytes.byteLength);
      await call(`TempUpdateStateItem${update}`, keyOf(id), bytes, timeoutMinutes, cookie, minuteMs);
    },
    async releaseItemExclusive(id, lockId) {
      const cookie = cookieOf(lockId);
      lengths.take(id, cookie);
      await call("TempReleaseStateItemExclusive", keyOf(id), cookie, minuteMs);
    },
    async removeItem(id, lockId) {
      const cookie = cookieOf(lockId);
      lengths.take(id, cookie);
      const row = await call("TempRemoveStateItem", keyOf(id), cookie);
      return Number(row?.removed) > 0;
    },
    async resetItemTimeout(id) {
      await call("TempResetTimeout", keyOf(id), minuteMs);
    },
    async createUninitializedItem(id, { bytes, timeoutMinutes }) {
      await call("TempInsertUninitializedItem", keyOf(id), bytes, timeoutMinutes, minuteMs);
    },
    census: () => database.census(),
    deleteExpired: () => database.deleteExpired(),
    close() {
      closed = true;
      return database.close();
    },
  };
}

/** ASP.NET sends 0 where it holds no lock. No row ever has that cookie, so such a call changes nothing. */
function cookieOf(lockId: LockId | null): number {
  return typeof lockId === "number" && Number.isInteger(lockId) ? lockId : 0;
}
