// A session store that is killed or stands still, and a way to it that is slow or cut. What a call meets then is what the provider's
// client meets: it fails at once where nobody listens, after its timeout where nobody answers, and may be tried again (call-rules.ts).
// What was sent to a store that only stands still, or over a way cut in silence, is done all the same, though nobody waits for it any
// more: it is done here when the caller gives up, which nobody else can see before the store goes on.

import type { Scenario, StoreFault } from "../../config/scenario.ts";
import { losesSessionsWhenKilled } from "../strokes.ts";
import { callRules } from "./call-rules.ts";
import type { RequestTable } from "./request-table.ts";
import type { RequestWatch } from "./request-watch.ts";
import { NONE } from "./session-rows.ts";
import { type CallDone, type CallFaults, STORE_DONE, STORE_REACHED, type StoreLink } from "./store-link.ts";

/** Kinds of the events of a call that met nobody, and of one that is tried again. */
export const CALL_FAILED = 17;
export const CALL_AGAIN = 18;
/** Kind of the event that ends the patience of a caller. */
export const CALL_TIMEOUT = 24;

const UNREACHABLE = "session store unreachable";
const TIMED_OUT = "session store timed out";

export interface StoreFaults extends CallFaults {
  /** When an event of a call can take effect: now, or when store and way go on. */
  dueMs(nowMs: number, kind: number, request: number): number;
  failed(nowMs: number, request: number): void;
  again(nowMs: number, request: number): void;
  timeout(nowMs: number, request: number): void;
  /** Who would give up stands still. */
  putOffTimeout(nowMs: number, untilMs: number, request: number): void;
  strike(nowMs: number, fault: StoreFault): void;
  /** The answer is there. */
  answered(request: number): void;
}

interface StoreFaultsOptions {
  readonly scenario: Scenario;
  readonly stores: number;
  readonly requests: RequestTable;
  readonly watch: RequestWatch;
  readonly link: () => StoreLink;
  readonly storeOf: (request: number) => number;
  /** There and back. */
  readonly roundTripMs: (request: number) => number;
  readonly loseSessions: (nowMs: number, store: number) => void;
  readonly fail: (nowMs: number, request: number, failure: string) => void;
}

export function createStoreFaults(options: StoreFaultsOptions): StoreFaults {
  const { scenario, stores, requests, watch, link, storeOf, roundTripMs, loseSessions, fail } = options;
  const { columns } = requests;
  const { push } = watch.schedule;
  const rules = callRules(scenario);
  const never = () => new Float64Array(stores).fill(Number.NEGATIVE_INFINITY);
  const refusesUntilMs = never();
  const standsUntilMs = never();
  const silentUntilMs = never();
  const slowUntilMs = never();
  const delayMs = new Float64Array(stores);

  const isUnderWay = (request: number) => columns.visitor[request] !== NONE && link().isUnderWay(request);

  function callsUnderWay(store: number): number[] {
    const found: number[] = [];
    for (let request = 0; request < requests.top; request++) {
      if (isUnderWay(request) && storeOf(request) === store) found.push(request);
    }
    return found;
  }

  function startPatience(nowMs: number, request: number): void {
    columns.timeoutAtMs[request] = nowMs + rules.timeoutMs;
    if (rules.timeoutMs < Number.POSITIVE_INFINITY) push(columns.timeoutAtMs[request], CALL_TIMEOUT, request);
  }

  /** @returns how long until the next try; null where there is none. */
  function retryAfterMs(nowMs: number, request: number): number | null {
    const isFirst = columns.retryUntilMs[request] === NONE;
    if (rules.retryForMs === 0) return null;
    if (rules.retryFromFirst) {
      if (!isFirst && nowMs > columns.retryUntilMs[request]) return null;
      if (isFirst) columns.retryUntilMs[request] = nowMs + rules.firstRetryMs + rules.retryForMs;
      return isFirst ? rules.firstRetryMs : rules.nextRetryMs;
    }
    const untilMs = columns.callSinceMs[request] + rules.retryForMs;
    columns.retryUntilMs[request] = untilMs;
    if (nowMs >= untilMs) return null;
    return Math.min(isFirst ? rules.firstRetryMs : rules.nextRetryMs, untilMs - nowMs);
  }

  function failOrTryAgain(nowMs: number, request: number, failure: string): void {
    const afterMs = retryAfterMs(nowMs, request);
    watch.forget(request);
    if (afterMs === null) {
      columns.timeoutAtMs[request] = NONE;
      fail(nowMs, request, failure);
    } else {
      push(nowMs + afterMs, CALL_AGAIN, request);
    }
  }

  /** @returns whether the call may be sent. */
  function tryCall(nowMs: number, request: number): boolean {
    if (nowMs >= refusesUntilMs[storeOf(request)]) return true;
    push(nowMs + roundTripMs(request), CALL_FAILED, request);
    return false;
  }

  /** Connections break: who waits for an answer hears of it after the way back. */
  function breakOff(nowMs: number, store: number, does: CallDone): void {
    for (const request of callsUnderWay(store)) {
      link().withdraw(nowMs, request, does);
      push(nowMs + roundTripMs(request) / 2, CALL_FAILED, request);
    }
  }

  function strikeStore(nowMs: number, store: number, fault: StoreFault): void {
    switch (fault.kind) {
      case "kill-store":
        refusesUntilMs[store] = nowMs + fault.downMs;
        breakOff(nowMs, store, "none");
        if (losesSessionsWhenKilled(scenario.site.mode)) loseSessions(nowMs, store);
        break;
      case "pause-store":
        standsUntilMs[store] = nowMs + fault.forMs;
        for (const request of callsUnderWay(store)) {
          if (watch.waitsFor(request, STORE_DONE)) columns.owedMs[request] += fault.forMs;
        }
        break;
      case "slow-store":
        slowUntilMs[store] = nowMs + fault.forMs;
        delayMs[store] = fault.delayMs;
        break;
      case "cut-store":
        if (fault.silent) {
          silentUntilMs[store] = nowMs + fault.forMs;
        } else {
          refusesUntilMs[store] = nowMs + fault.forMs;
          breakOff(nowMs, store, "reached");
        }
    }
  }

  return {
    letsCall(nowMs, request) {
      columns.callSinceMs[request] = nowMs;
      columns.retryUntilMs[request] = NONE;
      startPatience(nowMs, request);
      return tryCall(nowMs, request);
    },
    slowerMs(nowMs, request) {
      const store = storeOf(request);
      return nowMs < slowUntilMs[store] ? delayMs[store] : 0;
    },
    dueMs(nowMs, kind, request) {
      const store = storeOf(request);
      if (kind === STORE_DONE) {
        const owedMs = columns.owedMs[request];
        columns.owedMs[request] = 0;
        return owedMs > 0 ? nowMs + owedMs : Math.max(nowMs, standsUntilMs[store]);
      }
      const passesMs = Math.max(nowMs, silentUntilMs[store]);
      return kind === STORE_REACHED ? Math.max(passesMs, standsUntilMs[store]) : passesMs;
    },
    failed: (nowMs, request) => failOrTryAgain(nowMs, request, UNREACHABLE),
    again(nowMs, request) {
      if (rules.timeoutOfEachTry) startPatience(nowMs, request);
      if (tryCall(nowMs, request)) link().send(nowMs, request);
    },
    timeout(nowMs, request) {
      // It is answered long since, or another request has come in its place.
      if (columns.timeoutAtMs[request] !== nowMs || !isUnderWay(request)) return;
      link().withdraw(nowMs, request, "sent");
      columns.timeoutAtMs[request] = NONE;
      failOrTryAgain(nowMs, request, TIMED_OUT);
    },
    putOffTimeout(nowMs, untilMs, request) {
      if (columns.timeoutAtMs[request] !== nowMs) return;
      columns.timeoutAtMs[request] = untilMs;
      push(untilMs, CALL_TIMEOUT, request);
    },
    strike(nowMs, fault) {
      for (let store = 0; store < stores; store++) {
        if (store === (fault.partition ?? store)) strikeStore(nowMs, store, fault);
      }
    },
    answered(request) {
      columns.timeoutAtMs[request] = NONE;
    },
  };
}
