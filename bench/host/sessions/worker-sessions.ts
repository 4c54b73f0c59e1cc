// What a worker process can do with its sessions, wherever they are kept.

import type { Clock } from "../../clock.ts";
import type { OpenedStore } from "../../providers/open-session-store.ts";
import type { StoreSettings } from "../../providers/store-settings.ts";
import type { HostCounts } from "../counts.ts";
import type { HostSettings } from "../host-settings.ts";
import type { SessionIdManager } from "../ids/session-id-manager.ts";
import type { SessionModule } from "./session-module.ts";

export interface SessionHandling {
  readonly module: SessionModule;
  readonly ids: SessionIdManager;
}

/** Sessions that only this worker can count. */
export interface WorkerCensus {
  readonly stored: number | null;
  readonly live: number | null;
}

export interface WorkerSessions {
  /** null where no page has a session. A promise, that rejects with a StoreError, while the store cannot be reached. */
  handling(): SessionHandling | null | Promise<SessionHandling>;
  /** @param atMs the moment of the counts, by the host's clock, not before any it has seen; now when absent. */
  counts(atMs?: number): HostCounts;
  /** null where the store can be counted by others too, and better. */
  census(): WorkerCensus | null | Promise<WorkerCensus | null>;
  /** The most sessions stored at any moment since this was last asked; null where the worker does not keep them itself. */
  takeStoredMax(): number | null;
  /** Ends the sweeps and closes connections; what is stored elsewhere stays. */
  close(): Promise<void>;
}

export interface SessionParts {
  readonly settings: HostSettings;
  readonly clock: Clock;
  readonly delay: (ms: number) => Promise<void>;
  /** For every store out of process. Rejects with a StoreError when it cannot be opened now, with another error when never. */
  readonly openStore: (settings: StoreSettings) => Promise<OpenedStore>;
}
