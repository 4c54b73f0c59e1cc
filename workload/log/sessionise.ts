// Cuts the requests of each client into client-sessions: a gap longer than the limit begins a new one. Memory holds the sessions that
// are open at one time, eight bytes for every client ever seen, and tallies; so the length of a log does not matter.

import { assert } from "../../config/assert.ts";
import { createStartTally, type StartTally } from "./arrivals.ts";
import { createKeySet } from "./key-set.ts";
import { createTally, type Tally } from "./tally.ts";

export interface Sessions {
  /** Takes a request. Requests come in time order. */
  take(atMs: number, keyLow: number, keyHigh: number): void;
  /** Closes every session that is still open. No request may follow. */
  end(): void;
  readonly requestsPerSession: Tally;
  /** Gaps between successive requests inside a session, ms. */
  readonly thinkMs: Tally;
  readonly starts: StartTally;
  requests(): number;
  clients(): number;
  sessions(): number;
  /** Last minus first request of a session, summed over sessions. */
  durationMsSum(): number;
  /** First and last request; NaN while there is none. */
  firstMs(): number;
  lastMs(): number;
}

/** Two thirds of the places in use, and the closed sessions are cleared out; if most are open, the table doubles. */
const PLACES_AT_FIRST = 4096;

/** @param gapMs a longer gap begins a new session; one of exactly this length does not. */
export function createSessions(gapMs: number): Sessions {
  const requestsPerSession = createTally();
  const thinkMs = createTally();
  const starts = createStartTally();
  const clients = createKeySet();
  let table = createTable(PLACES_AT_FIRST);
  let used = 0;
  let requests = 0;
  let durationMsSum = 0;
  let firstMs = Number.NaN;
  let lastMs = Number.NaN;

  function take(atMs: number, keyLow: number, keyHigh: number): void {
    assert(!(atMs < lastMs), "requests come in time order");
    if (requests === 0) firstMs = atMs;
    lastMs = atMs;
    requests++;
    const low = keyLow === 0 && keyHigh === 0 ? 1 : keyLow;
    let place = placeOf(table, low, keyHigh);
    if (table.count[place] === 0) {
      if (3 * used > 2 * table.count.length) {
        clearOut(atMs);
        place = placeOf(table, low, keyHigh);
      }
      used++;
      table.low[place] = low;
      table.high[place] = keyHigh;
      clients.add(low, keyHigh);
      open(place, atMs);
      return;
    }
    const gap = atMs - table.lastMs[place];
    if (gap > gapMs) {
      close(place);
      open(place, atMs);
      return;
    }
    thinkMs.add(gap);
    table.lastMs[place] = atMs;
    table.count[place]++;
  }

  function open(place: number, atMs: number): void {
    table.startMs[place] = atMs;
    table.lastMs[place] = atMs;
    table.count[place] = 1;
    starts.add(atMs);
  }

  function close(place: number): void {
    requestsPerSession.add(table.count[place]);
    durationMsSum += table.lastMs[place] - table.startMs[place];
  }

  /** Closes the sessions whose client has been silent for longer than the gap: nothing can be added to them. */
  function clearOut(nowMs: number): void {
    const old = table;
    let alive = 0;
    for (let place = 0; place < old.count.length; place++) {
      if (old.count[place] > 0 && nowMs - old.lastMs[place] <= gapMs) alive++;
    }
    const larger = createTable(3 * alive > old.count.length ? 2 * old.count.length : old.count.length);
    for (let place = 0; place < old.count.length; place++) {
      if (old.count[place] === 0) continue;
      if (nowMs - old.lastMs[place] > gapMs) {
        close(place);
        continue;
      }
      const to = placeOf(larger, old.low[place], old.high[place]);
      larger.low[to] = old.low[place];
      larger.high[to] = old.high[place];
      larger.startMs[to] = old.startMs[place];
      larger.lastMs[to] = old.lastMs[place];
      larger.count[to] = old.count[place];
    }
    table = larger;
    used = alive;
  }

  return {
    take,
    end() {
      for (let place = 0; place < table.count.length; place++) if (table.count[place] > 0) close(place);
      table = createTable(1);
      assert(requestsPerSession.sum() === requests, "every request is in one session");
      assert(requestsPerSession.count() === starts.count(), "every session begun is closed");
      assert(thinkMs.count() === requests - starts.count(), "every request but the first of a session ends a gap");
    },
    requestsPerSession,
    thinkMs,
    starts,
    requests: () => requests,
    clients: () => clients.size(),
    sessions: () => starts.count(),
    durationMsSum: () => durationMsSum,
    firstMs: () => firstMs,
    lastMs: () => lastMs,
  };
}

/** The open sessions, column by column; a place is free where the count is 0. */
interface Table {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
  readonly startMs: Float64Array;
  readonly lastMs: Float64Array;
  readonly count: Uint32Array;
}

function createTable(places: number): Table {
  return {
    low: new Uint32Array(places),
    high: new Uint32Array(places),
    startMs: new Float64Array(places),
    lastMs: new Float64Array(places),
    count: new Uint32Array(places),
  };
}

/** The place of the client's session, or the free place where it belongs. */
function placeOf(table: Table, low: number, high: number): number {
  const mask = table.count.length - 1;
  let place = low & mask;
  while (table.count[place] > 0 && (table.low[place] !== low || table.high[place] !== high)) place = (place + 1) & mask;
  return place;
}
