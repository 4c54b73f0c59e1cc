// A store that holds its caller to the contract: a call that comes in a state in which a session module would never make it is an
// error, and so is anything left behind. Every call is written down.

import { SessionItems } from "../../../../bench/providers/session-items.ts";
import type {
  GetResult,
  SessionItem,
  SessionStore,
  StoreCapabilities,
} from "../../../../bench/providers/session-store.ts";
import type { StoreOperation } from "../../../../config/scenario.ts";

interface Row {
  item: SessionItem;
  lock: number | null;
  fresh: boolean;
}

export interface StrictStore extends SessionStore {
  readonly calls: StoreOperation[];
  readonly stored: () => number;
  /** State bytes of each session that was written. */
  readonly written: number[];
}

export interface StrictOptions {
  readonly capabilities?: Partial<StoreCapabilities>;
  /** Answers come later, as over a wire. */
  readonly later?: boolean;
  /** Called with every call. */
  readonly onCall?: (operation: StoreOperation) => void;
}

export function strictStore({ capabilities, later = false, onCall }: StrictOptions = {}): StrictStore {
  const rows = new Map<string, Row>();
  const calls: StoreOperation[] = [];
  const written: number[] = [];
  let lockIds = 0;

  function rowOf(id: string, what: string): Row {
    const row = rows.get(id);
    if (row === undefined) throw new Error(`${what} of a session that is not there`);
    return row;
  }

  function owned(id: string, lock: unknown, what: string): Row {
    const row = rowOf(id, what);
    if (row.lock === null || row.lock !== lock) throw new Error(`${what} without the lock`);
    return row;
  }

  function answer<T>(operation: StoreOperation, work: () => T): T | Promise<T> {
    calls.push(operation);
    onCall?.(operation);
    if (!later) return work();
    return new Promise<T>((resolve, reject) => {
      setImmediate(() => {
        try {
          resolve(work());
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
  }

  function got({ item, fresh }: Row, lockId: number | null): GetResult {
    return { item, locked: false, lockAgeMs: 0, lockId, initialize: fresh };
  }

  return {
    calls,
    written,
    stored: () => rows.size,
    capabilities: {
      exclusiveLocks: true,
      sessionEnd: false,
      survivesRecycle: true,
      sharedBetweenServers: true,
      liveReferences: true,
      heldByClient: false,
      ...capabilities,
    },
    createUninitializedItem: (id, timeoutMs) =>
      answer("createUninitializedItem", () => {
        if (rows.has(id)) throw new Error("made twice");
        rows.set(id, { item: { items: new SessionItems(), timeoutMs }, lock: null, fresh: true });
      }),
    getItem: (id) =>
      answer("getItem", () => {
        const row = rowOf(id, "get");
        if (row.lock !== null) throw new Error("get of a locked session");
        if (row.fresh) throw new Error("measured with a session that has no state yet");
        return got(row, null);
      }),
    getItemExclusive: (id) =>
      answer("getItemExclusive", () => {
        const row = rowOf(id, "exclusive get");
        if (row.lock !== null) throw new Error("exclusive get of a locked session");
        row.lock = ++lockIds;
        return got(row, row.lock);
      }),
    setAndReleaseItemExclusive: (id, item, lockId, newItem) =>
      answer("setAndReleaseItemExclusive", () => {
        if (newItem) throw new Error("the session is there already");
        if (!item.items.dirty) throw new Error("a session that did not change is not written");
        const row = owned(id, lockId, "set");
        item.items.dirty = false;
        written.push([...item.items.keys()].reduce((sum, key) => sum + lengthOf(item.items.peek(key)), 0));
        rows.set(id, { ...row, item, lock: null, fresh: false });
        return undefined;
      }),
    releaseItemExclusive: (id, lockId) =>
      answer("releaseItemExclusive", () => {
        owned(id, lockId, "release").lock = null;
        return undefined;
      }),
    removeItem: (id, lockId) =>
      answer("removeItem", () => {
        owned(id, lockId, "removal");
        return rows.delete(id);
      }),
    resetItemTimeout: (id) =>
      answer("resetItemTimeout", () => {
        if (rowOf(id, "slide").lock !== null) throw new Error("slide of a locked session");
        return undefined;
      }),
  };
}

function lengthOf(value: unknown): number {
  return typeof value === "string" ? value.length : 0;
}
