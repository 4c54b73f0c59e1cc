// The sessions of one worker process: kept by itself, in a store out of process, or none at all.

import { zeroHostCounts } from "../counts.ts";
import { openOutsideSessions } from "./outside-sessions.ts";
import { createOwnSessions } from "./own-sessions.ts";
import type { SessionParts, WorkerSessions } from "./worker-sessions.ts";

/** Rejects when the settings are such that the store can never be opened. */
export async function openWorkerSessions(parts: SessionParts): Promise<WorkerSessions> {
  const { store } = parts.settings;
  if (store === null) return noSessions;
  return store.provider === "in-proc" ? createOwnSessions(parts) : openOutsideSessions(parts, store);
}

const noSessions: WorkerSessions = {
  handling: () => null,
  counts: zeroHostCounts,
  census: () => ({ stored: 0, live: 0 }),
  takeStoredMax: () => 0,
  close: () => Promise.resolve(),
};
