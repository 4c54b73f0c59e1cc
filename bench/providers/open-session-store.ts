// The one door to every provider out of process: from settings to a store behind the contract of the session module.

import { InputError } from "../../config/problem.ts";
import type { Deleted } from "./byte-store.ts";
import type { SessionStore } from "./session-store.ts";
import type { StoreSettings } from "./store-settings.ts";

export interface OpenedStore {
  readonly store: SessionStore;
  /** Engine and version, "PostgreSQL 18.4"; for several partitions those of the first. */
  readonly engine: string;
  /** The job that removes what has expired, over all partitions; absent where the store sees to it itself. */
  readonly deleteExpired?: () => Promise<Deleted>;
  close(): Promise<void>;
}

/**
 * Opens the store and asks it something, so that a bad connection is known at once. In-proc has no such door: it lives in its host.
 * @throws InputError when a connection is malformed or the module cannot be used, StoreError when the store cannot be reached.
 */
export async function openSessionStore(settings: StoreSettings): Promise<OpenedStore> {
  throw new InputError("Cannot open the store", [
    { at: "store.provider", given: settings.provider, expected: "in-proc", mend: "leave it out" },
  ]);
}
