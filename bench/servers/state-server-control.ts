// What a bench and the process of its state service say to each other over Node's IPC channel. Plain JSON both ways.

import type { StateServerCounters } from "../providers/state-server/server.ts";

/** What a bench or a test sets; the rest are the service's defaults. */
export interface StateServerSettings {
  readonly port: number;
  readonly minuteMs: number;
  readonly memoryLimitBytes?: number;
  readonly itemMaxBytes?: number;
  readonly requestTimeoutMs?: number;
  readonly connectionsMax?: number;
}

export type StateServerCommand =
  | { readonly kind: "start"; readonly settings: StateServerSettings }
  /** `collect`: give garbage back first, so that the memory is what is really kept. */
  | { readonly kind: "sample"; readonly ticket: number; readonly collect: "always" | "seldom" }
  | { readonly kind: "stop"; readonly graceMs: number };

export interface StateServerSample {
  readonly counters: StateServerCounters;
  readonly live: number;
  /** JavaScript heap and the buffers beside it, right after the last collection that a sample asked for. */
  readonly memoryBytes: number;
}

export type StateServerReport =
  | { readonly kind: "ready"; readonly port: number }
  | { readonly kind: "sampled"; readonly ticket: number; readonly sample: StateServerSample }
  | { readonly kind: "failed"; readonly code: string | null; readonly message: string };
