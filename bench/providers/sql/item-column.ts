// A session of up to 7000 bytes stands in one column, a longer one in another that is stored apart. A writer names the column it fills
// and, only when the session has changed sides since it was read, the one it empties; so it must know how long the session was.
// Source: .NET reference source, sqlstateclientmanager.cs (ITEM_SHORT_LENGTH, _rqOrigStreamLen).

import type { LockId } from "../session-store.ts";

export const ITEM_SHORT_BYTES_MAX = 7_000;

export type ItemColumn = "short" | "long";
/** The four stored procedures that write a session back. */
export type ItemUpdate = "Short" | "ShortNullLong" | "Long" | "LongNullShort";

export function columnOf(bytes: number): ItemColumn {
  return bytes <= ITEM_SHORT_BYTES_MAX ? "short" : "long";
}

/** Locks whose owner never came back would be remembered for ever; the oldest are forgotten beyond this many. */
const LOCKS_MAX = 10_000;

export interface ItemColumns {
  /** A lock was taken and the session read. */
  read(id: string, lockId: LockId, bytes: number): void;
  /** The lock is given up. @returns how to write that many bytes: where the column read is not known, the other is emptied. */
  update(id: string, lockId: LockId, bytes: number): ItemUpdate;
  /** The lock is given up without writing. */
  forget(id: string, lockId: LockId): void;
}

export function createItemColumns(): ItemColumns {
  const columns = new Map<string, ItemColumn>();
  const keyOf = (id: string, lockId: LockId) => `${lockId} ${id}`;
  return {
    read(id, lockId, bytes) {
      if (columns.size >= LOCKS_MAX) {
        const oldest = columns.keys().next();
        if (!oldest.done) columns.delete(oldest.value);
      }
      columns.set(keyOf(id, lockId), columnOf(bytes));
    },
    update(id, lockId, bytes) {
      const key = keyOf(id, lockId);
      const before = columns.get(key);
      columns.delete(key);
      const now = columnOf(bytes);
      if (now === before) return now === "short" ? "Short" : "Long";
      return now === "short" ? "ShortNullLong" : "LongNullShort";
    },
    forget(id, lockId) {
      columns.delete(keyOf(id, lockId));
    },
  };
}
