// One direction of a proxied connection: bytes go through in order, at once, later, or not before the silence is over. Nothing is
// ever lost or reordered, for that is what TCP promises to both ends.

import type { Socket } from "node:net";

/** null: until further notice. */
export type DelayMs = number | null;

export interface DelayLane {
  /** For bytes from now on; those waiting under null come at once, those with a time of their own keep it. */
  setDelay(delayMs: DelayMs): void;
}

/** The sender is told to wait while more than this is on its way. */
const UNDER_WAY_BYTES_MAX = 16 * 1024 * 1024;

interface Parcel {
  /** null: the sender has nothing more to say. */
  readonly bytes: Buffer | null;
  /** Infinity while nobody knows. */
  dueAtMs: number;
}

/** @param clock milliseconds that never go back. */
export function createDelayLane(from: Socket, to: Socket, delayAtFirst: DelayMs, clock: () => number): DelayLane {
  const underWay: Parcel[] = [];
  let delayMs = delayAtFirst;
  let bytesUnderWay = 0;
  let timer: NodeJS.Timeout | undefined;
  let full = false;

  function take(bytes: Buffer | null): void {
    if (delayMs === 0 && underWay.length === 0) {
      deliver(bytes);
      return;
    }
    // Behind what was sent before: never ahead of it.
    const dueAtMs = delayMs === null ? Number.POSITIVE_INFINITY : clock() + delayMs;
    underWay.push({ bytes, dueAtMs: Math.max(dueAtMs, underWay.at(-1)?.dueAtMs ?? 0) });
    bytesUnderWay += bytes?.length ?? 0;
    awaitFirst();
    settleFlow();
  }

  function deliver(bytes: Buffer | null): void {
    if (to.destroyed) return;
    if (bytes === null) {
      to.end();
    } else if (!to.write(bytes)) {
      full = true;
    }
  }

  function awaitFirst(): void {
    const first = underWay[0];
    if (timer !== undefined || first === undefined || first.dueAtMs === Number.POSITIVE_INFINITY) return;
    timer = setTimeout(deliverDue, Math.max(0, first.dueAtMs - clock()));
  }

  function deliverDue(): void {
    timer = undefined;
    while (underWay.length > 0 && underWay[0].dueAtMs <= clock()) {
      const { bytes } = underWay.shift()!;
      bytesUnderWay -= bytes?.length ?? 0;
      deliver(bytes);
    }
    awaitFirst();
    settleFlow();
  }

  function settleFlow(): void {
    if (full || bytesUnderWay > UNDER_WAY_BYTES_MAX) from.pause();
    else if (from.isPaused()) from.resume();
  }

  from.on("data", (bytes) => {
    take(bytes);
    if (full) from.pause();
  });
  from.on("end", () => take(null));
  to.on("drain", () => {
    full = false;
    settleFlow();
  });
  to.on("close", () => clearTimeout(timer));

  return {
    setDelay(next) {
      delayMs = next;
      if (next === null) return;
      for (const parcel of underWay) if (parcel.dueAtMs === Number.POSITIVE_INFINITY) parcel.dueAtMs = clock();
      awaitFirst();
    },
  };
}
