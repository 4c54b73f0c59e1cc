// Puts a store of bytes behind the contract of the session module: serialises on the way in, deserialises on the way out, so that a
// page works on a copy of its own. All providers out of process go through here, as they go through one base in ASP.NET.
// Source: .NET reference source, OutOfProcSessionStateStore.cs, OutOfProcStateClientManager.cs, sqlstateclientmanager.cs.

import { assert } from "../../config/assert.ts";
import type { ByteGetResult, ByteStore } from "./byte-store.ts";
import { decodeItem, encodeItem } from "./item/item-codec.ts";
import { invalidState } from "./item/state-errors.ts";
import { toTimeoutMinutes } from "./item/timeout-minutes.ts";
import { SessionItems } from "./session-items.ts";
import type { GetResult, LockId, SessionItem, SessionStore } from "./session-store.ts";

export interface SerialisingOptions {
  /** What a minute of session timeout lasts in real time. */
  readonly minuteMs: number;
  /** compressionEnabled: the bytes are deflated. What was stored with the other setting cannot be read. */
  readonly compress: boolean;
}

/**
 * @returns a store whose calls reject with StoreError as those of `bytes` do, and besides when a session cannot be serialised or
 * what is stored is none. A lock taken by a get that then finds no session in the bytes stays taken, as in ASP.NET.
 */
export function serialisingStore(bytes: ByteStore, { minuteMs, compress }: SerialisingOptions): SessionStore {
  assert(minuteMs > 0, "a minute of session timeout lasts");

  function serialise(item: SessionItem) {
    const timeoutMinutes = toTimeoutMinutes(item.timeoutMs, minuteMs);
    return { bytes: encodeItem({ timeoutMinutes, items: item.items }, { compress }), timeoutMinutes };
  }

  /** The timeout that counts is the one in the bytes: beside them a store keeps it only to know when they expire. */
  function deserialise({ item, ...got }: ByteGetResult): GetResult {
    if (item === null) return { ...got, item };
    const { timeoutMinutes, items } = decodeItem(item.bytes, { compressed: compress });
    if (timeoutMinutes < 1) throw invalidState(`the timeout is ${timeoutMinutes} minutes`);
    return { ...got, item: { items, timeoutMs: timeoutMinutes * minuteMs } };
  }

  async function serialiseOrRelease(id: string, item: SessionItem, lockId: LockId | null, newItem: boolean) {
    try {
      return serialise(item);
    } catch (error) {
      if (!newItem && lockId !== null) await bytes.releaseItemExclusive(id, lockId);
      throw error;
    }
  }

  const { census } = bytes;
  return {
    capabilities: bytes.capabilities,
    getItem: async (id) => deserialise(await bytes.getItem(id)),
    getItemExclusive: async (id) => deserialise(await bytes.getItemExclusive(id)),
    async setAndReleaseItemExclusive(id, item, lockId, newItem) {
      const stored = await serialiseOrRelease(id, item, lockId, newItem);
      await bytes.setAndReleaseItemExclusive(id, stored, lockId, newItem);
      return undefined;
    },
    async releaseItemExclusive(id, lockId) {
      await bytes.releaseItemExclusive(id, lockId);
      return undefined;
    },
    removeItem: (id, lockId) => bytes.removeItem(id, lockId),
    async resetItemTimeout(id) {
      await bytes.resetItemTimeout(id);
      return undefined;
    },
    async createUninitializedItem(id, timeoutMs) {
      await bytes.createUninitializedItem(id, serialise({ items: new SessionItems(), timeoutMs }));
    },
    ...(census === undefined ? {} : { census: () => census.call(bytes) }),
    close: () => bytes.close(),
  };
}
