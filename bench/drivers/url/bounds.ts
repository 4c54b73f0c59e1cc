// What a run against somebody's site may never exceed, whatever the scenario asks: requests, seconds, requests a second. It stands
// before the network, so that redirects and the first look at the site count like everything else.

import type { Clock } from "../../clock.ts";
import type { ClientRequest, Reply } from "../http/http-client.ts";

export interface Bounds {
  readonly requestsMax: number;
  readonly secondsMax: number;
  /** In any one second. */
  readonly perSecondMax: number;
}

/** On this machine, and elsewhere: there a mistake must stay small. */
export const BOUNDS_LOOPBACK: Bounds = { requestsMax: 100_000, secondsMax: 600, perSecondMax: 2_000 };
export const BOUNDS_REMOTE: Bounds = { requestsMax: 1_000, secondsMax: 60, perSecondMax: 10 };

/** Said of a request that was not sent; the run ends with it, so that it is in no count. */
const BOUND_REACHED = "bound reached";

type Send = (request: ClientRequest) => Promise<Reply>;

export interface Gate {
  readonly send: Send;
  /** Sent so far. */
  sent(): number;
  /** "requests" or "seconds", once that bound has ended the run. */
  reached(): "requests" | "seconds" | null;
  /** Requests that were held back to keep within the rate, and the longest wait of one. */
  held(): { readonly requests: number; readonly longestMs: number };
  /** When so many could go at once without being held back, by the clock; in the past: now. */
  roomAtMs(requests: number): number;
  /** Nothing is sent any more; who is held back is told at once. */
  close(): void;
}

export interface GateParts {
  readonly bounds: Bounds;
  readonly send: Send;
  readonly clock: Clock;
  /** Calls back after so many milliseconds. @returns a way to call it off. */
  readonly wakeAfter: (ms: number, wake: () => void) => () => void;
  /** The run must end. Called once. */
  readonly onReached: () => void;
}

/** The time counts from here. */
export function openGate({ bounds, send, clock, wakeAfter, onReached }: GateParts): Gate {
  /** When the last so many had their turn: a second after the oldest of them is the next one's. */
  const turnsMs = new Array<number>(bounds.perSecondMax).fill(Number.NEGATIVE_INFINITY);
  let turns = 0;
  const waiting = new Set<() => void>();
  let sent = 0;
  let reached: "requests" | "seconds" | null = null;
  let closed = false;
  let heldRequests = 0;
  let longestMs = 0;

  const cancelEnd = wakeAfter(bounds.secondsMax * 1000, () => end("seconds"));

  function end(bound: "requests" | "seconds"): void {
    if (closed) return;
    reached = bound;
    close();
    onReached();
  }

  function close(): void {
    closed = true;
    cancelEnd();
    for (const release of waiting) release();
    waiting.clear();
  }

  /** Resolves in its turn, or when the gate is closed. */
  function hold(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = wakeAfter(Math.ceil(ms), () => {
        waiting.delete(release);
        resolve();
      });
      const release = () => {
        cancel();
        resolve();
      };
      waiting.add(release);
    });
  }

  /** @returns how long it was held, whether its turn came or the gate was closed. */
  async function holdUntil(turnMs: number): Promise<number> {
    const fromMs = clock();
    heldRequests++;
    while (clock() < turnMs && !closed) await hold(turnMs - clock());
    const heldMs = clock() - fromMs;
    longestMs = Math.max(longestMs, heldMs);
    return heldMs;
  }

  return {
    async send(request) {
      const nowMs = clock();
      const place = turns++ % turnsMs.length;
      const turnMs = Math.max(nowMs, turnsMs[place] + 1000);
      turnsMs[place] = turnMs;
      const heldMs = turnMs > nowMs && !closed ? await holdUntil(turnMs) : 0;
      if (!closed && sent >= bounds.requestsMax) end("requests");
      if (closed) return { kind: "broken", failure: BOUND_REACHED, heldMs };
      sent++;
      return heldMs === 0 ? send(request) : { ...(await send(request)), heldMs };
    },
    sent: () => sent,
    roomAtMs: (requests) => turnsMs[(turns + requests - 1) % turnsMs.length] + 1000,
    reached: () => reached,
    held: () => ({ requests: heldRequests, longestMs }),
    close,
  };
}
