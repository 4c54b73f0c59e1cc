// A store out of process, filled over its wire and weighed by what it, or the system, tells of it.

import type { Deleted } from "../../providers/byte-store.ts";
import { openNamedStore } from "../../providers/open-session-store.ts";
import type { Census } from "../../providers/session-store.ts";
import type { StoreSettings } from "../../providers/store-settings.ts";
import { createFilling } from "./filling.ts";
import type { Measure, MemorySubject } from "./memory-subject.ts";

/** One way to weigh the store; null where it cannot be weighed so after all. */
export interface Scale {
  readonly measure: Measure;
  /** @param census taken just before; null where the store has none. */
  bytes(census: Census | null): number | null | Promise<number | null>;
}

export interface OutsideStore {
  readonly settings: StoreSettings;
  /** Better than what the store tells its client; absent: that. */
  readonly engine?: string;
  readonly census?: () => Promise<Census>;
  readonly scales: readonly Scale[];
  /** Ends what was started for it. */
  stop(): Promise<void>;
}

/**
 * @returns the store, measured by those scales that work.
 * @throws InputError when it cannot be opened; nothing is left then.
 */
export async function openOutsideStore({
  settings,
  engine,
  census,
  scales,
  stop,
}: OutsideStore): Promise<MemorySubject> {
  const opened = await openNamedStore(settings).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const { store } = opened;
  const count = async () => (census === undefined ? ((await store.census?.()) ?? null) : census());
  const close = async () => {
    try {
      await opened.close();
    } finally {
      await stop();
    }
  };
  try {
    if (opened.deleteExpired !== undefined) await opened.deleteExpired();
    const before = await count();
    const working: Scale[] = [];
    for (const scale of scales) if ((await scale.bytes(before)) !== null) working.push(scale);
    return {
      engine: engine ?? opened.engine,
      measures: working.map(({ measure }) => measure),
      othersStored: before?.stored ?? 0,
      add: createFilling(store),
      async read() {
        const counted = await count();
        const bytes: number[] = [];
        for (const scale of working) bytes.push((await scale.bytes(counted)) ?? Number.NaN);
        return { stored: counted === null ? null : counted.stored - (before?.stored ?? 0), bytes };
      },
      async removeExpired(): Promise<void> {
        const { deleteExpired } = opened;
        const work: Promise<Deleted> | undefined = deleteExpired?.();
        await work;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
