// The contract between the session module and whatever keeps the sessions: that of ASP.NET's SessionStateStoreProviderBase, call
// for call. Every call may answer at once (in process) or later (over a wire), and then rejects with a StoreError when the store
// cannot be asked. Providers out of process implement byte-store.ts and are put behind this contract by serialising-store.ts.
// Source: .NET reference source, SessionStateStoreProviderBase.cs and the providers beside it.

import type { SessionItems } from "./session-items.ts";

export type Awaitable<T> = T | Promise<T>;

/** Names one taking of a lock; only who holds the current one may write, release or remove. */
export type LockId = number | string;

export interface SessionItem {
  readonly items: SessionItems;
  /** Sliding, in real milliseconds; null means never. */
  readonly timeoutMs: number | null;
}

export interface GetResult {
  /** null when there is no such session, or when it is locked. */
  readonly item: SessionItem | null;
  readonly locked: boolean;
  /** How long the lock has been held; 0 when not locked. */
  readonly lockAgeMs: number;
  /** The lock now held by the caller (exclusive get that succeeded) or by somebody else (locked). */
  readonly lockId: LockId | null;
  /** The row was made by createUninitializedItem and nobody has read it yet: the caller starts a session. */
  readonly initialize: boolean;
}

/** What a provider can do; what it cannot is told, so that a bench counts the damage and does not call it a failure. */
export interface StoreCapabilities {
  /** getItemExclusive keeps others out. */
  readonly exclusiveLocks: boolean;
  /** The provider tells when a session ends, so that Session_End can be raised. */
  readonly sessionEnd: boolean;
  /** Sessions outlive the worker process. */
  readonly survivesRecycle: boolean;
  /** Several web servers see the same sessions. */
  readonly sharedBetweenServers: boolean;
  /** Readers get the live object, not a copy. */
  readonly liveReferences: boolean;
  /** The id is the state: every write answers with the id (a cookie's value) that the client must carry from then on. */
  readonly heldByClient: boolean;
}

/** The id under which the session is found from now on, where it is another than before (`heldByClient`); else undefined. */
export type NewId = string | undefined;

/** What is in the store at one moment. */
export interface Census {
  /** Sessions in the store, expired ones not yet removed included. */
  readonly stored: number;
  /** Those whose time is not over; null where the store cannot tell. */
  readonly live: number | null;
  /** What the store's sessions take: heap, relation size or used memory; null where it cannot tell. */
  readonly bytes: number | null;
  /** What was replaced or removed takes room for about so long; absent where it is given back at once. */
  readonly reuseAfterMs?: number;
}

export interface SessionStore {
  readonly capabilities: StoreCapabilities;
  /** Reads without taking the lock; slides the expiry even when the session is locked. */
  getItem(id: string): Awaitable<GetResult>;
  /** Reads and takes the lock; slides the expiry even when the session is locked by another. */
  getItemExclusive(id: string): Awaitable<GetResult>;
  /**
   * Writes the state back and gives the lock up. Ignored, without an error, unless the caller owns the lock.
   * @param newItem the session is not in the store yet: it is put there, and no lock is looked at.
   */
  setAndReleaseItemExclusive(id: string, item: SessionItem, lockId: LockId | null, newItem: boolean): Awaitable<NewId>;
  /** Gives the lock up. Ignored unless `lockId` is the current one. */
  releaseItemExclusive(id: string, lockId: LockId): Awaitable<NewId>;
  /**
   * Ends the session. Ignored unless the caller owns the lock.
   * @returns whether a session was removed.
   */
  removeItem(id: string, lockId: LockId | null): Awaitable<boolean>;
  /** Slides the expiry and does nothing else. */
  resetItemTimeout(id: string): Awaitable<NewId>;
  /** Puts an empty session there, marked as not yet initialised. Never overwrites. */
  createUninitializedItem(id: string, timeoutMs: number | null): Awaitable<void>;
  /** Counts what is stored, for the samples of a run; absent where the store has no way to tell. Not part of ASP.NET's contract. */
  census?(): Awaitable<Census>;
  /** Closes connections; nothing is removed. Absent where there is nothing to close. */
  close?(): Promise<void>;
}

export type SessionEnd = "expired" | "abandoned";

/** Why a session came or went, told as it happens. Session_End of ASP.NET is `ended`. */
export interface SessionEvents {
  started(id: string): void;
  ended(id: string, how: SessionEnd, lifetimeMs: number): void;
}
