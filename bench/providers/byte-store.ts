// The contract of a store out of process: bytes in, bytes out, timeouts in whole minutes as the wire and the tables have them.
// What the bytes mean is no concern of the store (item-codec.ts). Rejections are StoreErrors.
// Source: .NET reference source, OutOfProcSessionStateStore.cs, SqlSessionStateStore.cs.

import type { Census, LockId, StoreCapabilities } from "./session-store.ts";

export interface StoredBytes {
  readonly bytes: Uint8Array;
  readonly timeoutMinutes: number;
}

/** As GetResult of session-store.ts, with bytes in place of items. */
export interface ByteGetResult {
  /** null when there is no such session, or when it is locked. */
  readonly item: StoredBytes | null;
  readonly locked: boolean;
  /** Real milliseconds, as exact as the store tells; 0 when not locked. */
  readonly lockAgeMs: number;
  readonly lockId: LockId | null;
  readonly initialize: boolean;
}

/** What a store with locks can do that web servers share: all of ASP.NET's out of process. */
export const lockingOutOfProcess: StoreCapabilities = {
  exclusiveLocks: true,
  sessionEnd: false,
  survivesRecycle: true,
  sharedBetweenServers: true,
  liveReferences: false,
  heldByClient: false,
};

/** The answer to a get where there is no such session. */
export const noSuchSession: ByteGetResult = {
  item: null,
  locked: false,
  lockAgeMs: 0,
  lockId: null,
  initialize: false,
};

/** What the job that deletes expired sessions did. */
export interface Deleted {
  readonly sessions: number;
  /** Sum of their real lifetimes, from creation to now; null where the store does not keep the creation. */
  readonly lifetimesMs: number | null;
}

export interface ByteStore {
  readonly capabilities: StoreCapabilities;
  /** Engine and version as the peer tells, "PostgreSQL 18.4"; every report names it. */
  readonly engine: string;
  getItem(id: string): Promise<ByteGetResult>;
  getItemExclusive(id: string): Promise<ByteGetResult>;
  /** `newItem`: insert; an existing session of that id is replaced unless the store's own rules forbid it. Else only for the owner of the lock. */
  setAndReleaseItemExclusive(id: string, item: StoredBytes, lockId: LockId | null, newItem: boolean): Promise<void>;
  releaseItemExclusive(id: string, lockId: LockId): Promise<void>;
  /** @returns whether a session was removed. */
  removeItem(id: string, lockId: LockId | null): Promise<boolean>;
  resetItemTimeout(id: string): Promise<void>;
  /** `empty` is the serialised empty session; never overwrites. */
  createUninitializedItem(id: string, empty: StoredBytes): Promise<void>;
  census?(): Promise<Census>;
  /** Removes what has expired: the job that runs each minute beside a database. Absent where the store sees to it itself. */
  deleteExpired?(): Promise<Deleted>;
  close(): Promise<void>;
}

/** What opening a store takes, beside its connection. Plain JSON: it crosses into the host's process. All times are real. */
export interface ByteStoreOptions {
  /** Length of a minute of session timeout; 60,000 but in a compressed run, where minutes are shorter. */
  readonly minuteMs: number;
  /** Names the application to the store, as AppDomainAppId does: "/LM/W3SVC/1/ROOT". */
  readonly applicationId: string;
  /** stateNetworkTimeout, or what a driver calls its connect and socket timeout; null: no limit. */
  readonly networkTimeoutMs: number | null;
  /** sqlCommandTimeout; null: no limit. */
  readonly commandTimeoutMs: number | null;
  /** sqlConnectionRetryInterval as written; 0: no retry, null: Infinite. */
  readonly connectionRetryMs: number | null;
  /** A database may be named in the SQL Server connection string. */
  readonly allowCustomSqlDatabase: boolean;
  /** How long a lock may be held before somebody may break it; a store whose locks expire by themselves uses it. */
  readonly executionTimeoutMs: number;
}

/**
 * Opens one store and asks it something, so that a bad connection is known at once.
 * @throws InputError when the connection string is malformed, StoreError when the store cannot be used.
 */
export type OpenByteStore = (connection: string, options: ByteStoreOptions) => Promise<ByteStore>;
