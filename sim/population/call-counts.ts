// Store calls by phase of the run. Where all page views after the first make the same calls, those are worked out from their number.

import { type StoreOperation, storeOperations, type Workload } from "../../config/scenario.ts";
import { zeroStoreCalls } from "../../metrics/run-record.ts";
import type { Phase, RecordBook } from "./record-book.ts";

/** Once a visitor has a session, all his page views make the same store calls and change nothing that is counted. */
export function followUpsAlike({ pages, parallel, logoutShare }: Workload): boolean {
  const [{ session, changedShare }] = pages;
  const same = pages.every((page) => page.session === session && page.changedShare === changedShare);
  const certain = session === "read-only" || (session === "read-write" && (changedShare === 0 || changedShare === 1));
  return same && certain && parallel.share === 0 && logoutShare === 0;
}

export interface CallCounts {
  /** @param operation its place in storeOperations. */
  count(slot: number, operation: number): void;
  /** Those of the follow-ups in the book among them. */
  of(phase: Phase): Record<StoreOperation, number>;
}

const OPERATIONS = storeOperations.length;

export function createCallCounts({ pages }: Workload, book: RecordBook): CallCounts {
  const counted = new Float64Array(3 * OPERATIONS);
  return {
    count(slot, operation) {
      counted[book.phaseOf(slot) * OPERATIONS + operation]++;
    },
    of(phase) {
      const calls = zeroStoreCalls();
      for (const [place, name] of storeOperations.entries()) calls[name] = counted[phase * OPERATIONS + place];
      const followUps = book.sum("followUps", phase);
      const [{ session, changedShare }] = pages;
      if (session === "read-only") return { ...calls, getItem: calls.getItem + followUps };
      calls.getItemExclusive += followUps;
      calls[changedShare === 1 ? "setAndReleaseItemExclusive" : "releaseItemExclusive"] += followUps;
      return calls;
    },
  };
}
