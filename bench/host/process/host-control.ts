// What the runner and a host process say to each other over Node's IPC channel. Plain JSON both ways.

import type { HostCounts } from "../counts.ts";
import type { HostSettings } from "../host-settings.ts";

export type HostCommand =
  | { readonly kind: "start"; readonly settings: HostSettings }
  /** The moment, by machineClock, from which scenario time counts. */
  | { readonly kind: "begin"; readonly startsAtMs: number }
  /** `collect`: give garbage back first, so that the heap is what is really kept. */
  | { readonly kind: "sample"; readonly ticket: number; readonly collect: boolean }
  | { readonly kind: "stop"; readonly graceMs: number };

export type HostReport =
  | { readonly kind: "ready"; readonly port: number }
  | { readonly kind: "sampled"; readonly ticket: number; readonly sample: HostSample }
  | { readonly kind: "stopped"; readonly sample: HostSample }
  | { readonly kind: "failed"; readonly message: string };

/** The state of a host at one moment. */
export interface HostSample {
  /** By machineClock. */
  readonly atMs: number;
  /** Sessions that only this worker can count; null where a store has them that others see as well, which then is the one to ask. */
  readonly stored: number | null;
  readonly live: number | null;
  /** The most sessions stored at any moment since the last sample. */
  readonly storedMax: number | null;
  readonly counts: HostCounts;
  readonly heapUsedBytes: number;
  /** null, and so is the next, where the site shares its process with the generator. */
  readonly rssBytes: number | null;
  /** Processor time of the process since it began, collections asked for left out. */
  readonly cpuMs: number | null;
  /** What the last collection asked for took; 0 when none was. */
  readonly collectedMs: number;
  /** Since the last sample: how late the event loop was at worst. */
  readonly loopDelayMaxMs: number;
}
