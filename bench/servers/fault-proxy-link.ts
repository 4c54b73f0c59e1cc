// One connection through the proxy: from a client that has come to us (near) to the server it wants (far), and how each mode treats
// it. What one end does the other learns: bytes, a half-close, a reset.

import { connect, type Socket } from "node:net";
import { createDelayLane, type DelayLane, type DelayMs } from "./delay-lane.ts";
import type { ProxyMode, ProxyTarget } from "./fault-proxy-control.ts";

export interface ProxyLink {
  setMode(mode: ProxyMode): void;
}

/** @param onGone called when neither end is there any more. */
export function openProxyLink(
  near: Socket,
  target: ProxyTarget,
  modeAtFirst: ProxyMode,
  onGone: () => void,
): ProxyLink {
  let mode = modeAtFirst;
  let far: Socket | null = null;
  let lanes: readonly DelayLane[] = [];
  /** Ends that broke in silence: the others are not to know yet. */
  let broken = false;
  near.setNoDelay(true);
  watch(near);
  // A connection made in silence: nobody at the other end has heard of it.
  if (mode.kind !== "silent") join();

  function join(): void {
    far = connect({ ...target, noDelay: true, allowHalfOpen: true });
    watch(far);
    const delayMs = delayOf(mode);
    lanes = [
      createDelayLane(near, far, delayMs, () => performance.now()),
      createDelayLane(far, near, delayMs, () => performance.now()),
    ];
  }

  function watch(end: Socket): void {
    end.on("error", () => undefined);
    end.on("close", (hadError) => {
      if (hadError) breakOff();
      if (near.destroyed && (far === null || far.destroyed)) onGone();
    });
  }

  function breakOff(): void {
    broken = true;
    if (mode.kind === "silent") return;
    for (const end of [near, far]) if (end !== null && !end.destroyed) end.resetAndDestroy();
  }

  return {
    setMode(next) {
      mode = next;
      if (mode.kind === "cut" || (broken && mode.kind !== "silent")) breakOff();
      else if (far === null && mode.kind !== "silent") join();
      for (const lane of lanes) lane.setDelay(delayOf(mode));
    },
  };
}

function delayOf(mode: ProxyMode): DelayMs {
  if (mode.kind === "slow") return mode.delayMs;
  return mode.kind === "silent" ? null : 0;
}
