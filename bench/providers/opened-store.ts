// What the opening of a store comes to.

import type { Deleted } from "./byte-store.ts";
import type { SessionStore } from "./session-store.ts";

export interface OpenedStore {
  readonly store: SessionStore;
  /** Engine and version, "PostgreSQL 18.4"; for several partitions those of the first. */
  readonly engine: string;
  /** The job that removes what has expired, over all partitions; absent where the store sees to it itself. */
  readonly deleteExpired?: () => Promise<Deleted>;
  close(): Promise<void>;
}
