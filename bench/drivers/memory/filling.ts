// New sessions put into a store through the contract, as a page that starts one writes it: one call with a new item.

import { createAspSessionId } from "../../host/ids/asp-session-id.ts";
import { createSessionId } from "../../host/ids/session-id.ts";
import type { SessionStore } from "../../providers/session-store.ts";
import { createContent } from "./session-content.ts";

/** Calls under way at once, where the store answers over a wire. More would have a database lay in room for all of them. */
const PARALLEL = 4;

/** @returns puts a session there for each size; rejects with the store's StoreError, with nothing under way any more. */
export function createFilling(store: SessionStore, technology: "aspnet" | "asp" = "aspnet") {
  const content = createContent();
  const createId = technology === "asp" ? createAspSessionId : createSessionId;

  return async (stateBytes: readonly number[], timeoutMs: number): Promise<void> => {
    let next = 0;
    let failed = false;
    const put = async () => {
      while (next < stateBytes.length && !failed) {
        const items = content(stateBytes[next++]);
        try {
          const put = store.setAndReleaseItemExclusive(createId(), { items, timeoutMs }, null, true);
          // In process nothing is under way, and a promise for each of a million sessions would be garbage to weigh.
          if (put instanceof Promise) await put;
        } catch (error) {
          failed = true;
          throw error;
        }
      }
    };
    const outcomes = await Promise.allSettled(Array.from({ length: PARALLEL }, put));
    const rejected = outcomes.find((outcome) => outcome.status === "rejected");
    if (rejected !== undefined) throw rejected.reason;
  };
}
