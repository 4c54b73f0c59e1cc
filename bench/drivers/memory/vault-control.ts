// What the memory driver and the process that keeps sessions for it say to each other over Node's IPC channel. Plain JSON both ways.

import type { Problem } from "../../../config/problem.ts";
import type { Site } from "../../../config/scenario.ts";
import type { StoreErrorKind } from "../../providers/store-error.ts";
import type { StoreSettings } from "../../providers/store-settings.ts";

export interface VaultSettings {
  /** provider "in-proc": the table of mode InProc. */
  readonly store: StoreSettings;
  readonly technology: Site["technology"];
  readonly expirySlideMinMs: number;
}

export type VaultCommand =
  | { readonly kind: "open"; readonly settings: VaultSettings }
  | { readonly kind: "add"; readonly stateBytes: readonly number[]; readonly timeoutMs: number }
  | { readonly kind: "read" }
  | { readonly kind: "removeExpired" }
  | { readonly kind: "close" };

export interface VaultReading {
  /** null where the store cannot count. */
  readonly stored: number | null;
  /** JavaScript heap and the buffers beside it, right after a collection. */
  readonly heapBytes: number;
  readonly rssBytes: number;
}

/** The answers come in the order of the commands. */
export type VaultReport =
  | { readonly kind: "opened"; readonly engine: string | null }
  | { readonly kind: "done" }
  | { readonly kind: "read"; readonly reading: VaultReading }
  /** `storeKind`: the store failed, not its process. `problems`: what it was opened with was wrong. */
  | {
      readonly kind: "failed";
      readonly message: string;
      readonly storeKind: StoreErrorKind | null;
      readonly problems: readonly Problem[];
    };
