// A visit, walked ahead: requests take no time here, so all that a visitor does, and the moment at which his session will be removed,
// follow from his journey alone, but for one question that others decide: whether there is room for a new session. So a visit is
// walked from its first request until it wants a session out of its turn, is parked there, and walked on when that moment has come.
// What a request does is the order of calls of ASP.NET's SessionStateModule (.NET reference source) and of classic ASP.

import type { Scenario, StoreOperation } from "../../config/scenario.ts";
import { zeroStoreCalls } from "../../metrics/run-record.ts";
import { type Journeys, REQUESTS_PER_STEP_MAX } from "../../workload/journeys.ts";
import { createDraws } from "../../workload/random-stream.ts";
import type { EventQueue } from "../engine/event-queue.ts";
import {
  CREATE_UNINITIALIZED,
  GET,
  GET_EXCLUSIVE,
  RELEASE_EXCLUSIVE,
  REMOVE,
  RESET_TIMEOUT,
  SET_AND_RELEASE,
} from "../operation-numbers.ts";
import { createServerRota, type ServerRota } from "../server-rota.ts";
import { partitionOf, storesOf } from "../stores.ts";
import { createCallCounts, followUpsAlike } from "./call-counts.ts";
import { createParkedVisits, type VisitUnderWay } from "./parked-visits.ts";
import type { Phase, RecordBook } from "./record-book.ts";
import type { SessionLives } from "./session-lives.ts";
import type { StoredLevel } from "./stored-level.ts";
import { createStroll } from "./stroll.ts";

export interface VisitWalk {
  storeCalls(phase: Phase): Record<StoreOperation, number>;
  /** A visit begins, now. */
  arrive(nowMs: number, visit: number): void;
  /** The moment of one that was parked has come. */
  resume(nowMs: number, parked: number): void;
}

interface VisitWalkOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly mirrored: boolean;
  readonly endMs: number;
  readonly journeys: Journeys;
  readonly book: RecordBook;
  readonly level: StoredLevel;
  readonly lives: SessionLives;
  /** Where visits wait for their moment. */
  readonly turns: EventQueue;
}

/** What became of a request. */
const SERVED = 0;
const REFUSED = 1;
/** It wants a session: that must wait until everything before it has happened. */
const OUT_OF_TURN = 2;

export function createVisitWalk(options: VisitWalkOptions): VisitWalk {
  const { scenario, seed, mirrored, endMs, journeys, book, level, lives, turns } = options;
  const { site, workload } = scenario;
  const { flows } = book;
  const places = lives.storeOf.length;
  const stores = storesOf(scenario);
  const routes = createDraws(seed, "routes", mirrored);
  const partitions = createDraws(seed, "partitions", mirrored);
  const classic = site.technology === "asp";
  const off = site.mode === "Off";
  const inProcess = site.mode === "InProc";
  const { affinity, sessionStart } = site;
  const rota = inProcess ? createServerRota(scenario, 1) : null;
  const alike = places === 1 && !off && rota === null && followUpsAlike(workload);
  const stroll = createStroll({ scenario, seed, mirrored, endMs, book, lives });
  const calls = createCallCounts(workload, book);
  const under: VisitUnderWay = { visit: 0, step: 0, number: 0, attempt: 0, cookie: 0, movedTo: -1 };
  const parked = createParkedVisits(under, lives);

  function call(slot: number, operation: number): void {
    if (!classic) calls.count(slot, operation);
  }

  /** One store for all, one a partition, or one a worker process; a visitor without affinity may have a session in each of these. */
  function placeNow(atMs: number): number {
    if (stores === 1) return 0;
    if (!inProcess) {
      const withoutCookies = journeys.withoutCookies(under.visit);
      lives.storeOf[0] = partitionOf(partitions, stores, under.visit, withoutCookies, under.step, under.number);
      return 0;
    }
    const draw = affinity ? 0 : 1 + under.step * REQUESTS_PER_STEP_MAX + under.number;
    const drawn = routes.at(under.visit, draw) * stores;
    const process = rota === null ? Math.floor(drawn) : processServing(rota, atMs, drawn);
    if (places > 1) return process;
    lives.storeOf[0] = process;
    return 0;
  }

  function processServing(rota: ServerRota, atMs: number, drawn: number): number {
    const own = affinity && under.movedTo >= 0 ? under.movedTo : Math.floor(drawn);
    const serving = rota.instead(atMs, own, drawn - Math.floor(drawn));
    if (serving === own || !affinity) return serving;
    // What he had where he was is lost by now.
    lives.rest(atMs);
    under.movedTo = serving;
    return serving;
  }

  /** @param inTurn whether all that comes before has happened. */
  function serve(atMs: number, inTurn: boolean): typeof SERVED | typeof REFUSED | typeof OUT_OF_TURN {
    const slot = book.slotOf(atMs);
    const page = off ? "none" : journeys.pageOf(under.visit, under.step, under.number).session;
    const place = placeNow(atMs);
    if (page === "none") {
      flows.otherRequests[slot]++;
      if (under.cookie === 1 && !off) {
        call(slot, RESET_TIMEOUT);
        lives.touch(atMs, place);
      }
      return SERVED;
    }
    const readOnly = page === "read-only" && !classic;
    const changed = journeys.changes(under.visit, under.step, under.number);
    const abandons = under.number === 0 && page === "read-write" && journeys.logsOut(under.visit) && isLastView();
    if (under.cookie === 1 && lives.touch(atMs, place)) {
      flows.otherRequests[slot]++;
      call(slot, readOnly ? GET : GET_EXCLUSIVE);
      if (changed && !abandons) keepState(atMs, place);
      if (!readOnly) release(atMs, slot, place, changed, abandons);
      return SERVED;
    }
    const known = under.cookie === 1;
    const creates = known && !classic && !readOnly;
    const stores = creates || (!abandons && (sessionStart || changed));
    if ((stores || classic) && !inTurn) return OUT_OF_TURN;
    flows.otherRequests[slot]++;
    if (known) call(slot, readOnly ? GET : GET_EXCLUSIVE);
    if (creates) call(slot, CREATE_UNINITIALIZED);
    if (stores || classic) {
      // What this visitor has just given up is free for himself.
      level.advance(atMs);
      if (!level.hasRoom(lives.storeOf[place])) {
        flows.refused[slot]++;
        return REFUSED;
      }
    }
    if (!stores) return SERVED;
    begin(atMs, slot, place, changed && !abandons);
    if (creates) call(slot, GET_EXCLUSIVE);
    release(atMs, slot, place, changed || !creates, abandons);
    if (journeys.withoutCookies(under.visit)) lives.leave(place);
    else under.cookie = 1;
    return SERVED;
  }

  const isLastView = () => under.step + 1 === journeys.requestsOf(under.visit);

  function begin(nowMs: number, slot: number, place: number, withState: boolean): void {
    flows.started[slot]++;
    lives.start(nowMs, place, withState ? journeys.stateBytes(under.visit) : 0);
  }

  /** The state of a visit has one size: it is there from the first change on. */
  function keepState(atMs: number, place: number): void {
    if (lives.bytes[place] === 0) lives.grow(atMs, place, journeys.stateBytes(under.visit));
  }

  function release(atMs: number, slot: number, place: number, writes: boolean, abandons: boolean): void {
    call(slot, abandons ? REMOVE : writes ? SET_AND_RELEASE : RELEASE_EXCLUSIVE);
    if (abandons) lives.abandon(atMs, place);
  }

  function leaveAll(): void {
    for (let place = 0; place < places; place++) lives.leave(place);
  }

  function walk(fromMs: number): void {
    let atMs = fromMs;
    let inTurn = true;
    const total = journeys.requestsOf(under.visit);
    for (;;) {
      const outcome = serve(atMs, inTurn);
      if (outcome === OUT_OF_TURN) {
        lives.rest(atMs);
        turns.push(atMs, 0, parked.park());
        return;
      }
      if (outcome === REFUSED && under.number === 0) {
        under.attempt++;
        const afterMs = journeys.retryAfterMs(under.visit, under.attempt);
        if (afterMs === null) break;
        atMs += afterMs;
        inTurn = afterMs === 0;
      } else if (under.number < journeys.parallelRequests(under.visit, under.step)) {
        under.number++;
        continue;
      } else {
        if (alike && under.cookie === 1) {
          if (!stroll.go(under.visit, under.step, total, atMs)) break;
          under.step = stroll.step;
          atMs = stroll.atMs;
        } else {
          if (under.step + 1 >= total) break;
          atMs += journeys.thinkMs(under.visit, under.step);
          under.step++;
        }
        inTurn = false;
        under.number = 0;
        under.attempt = 0;
      }
      if (atMs > endMs) break;
    }
    leaveAll();
  }

  return {
    storeCalls: (phase) => (classic ? zeroStoreCalls() : calls.of(phase)),
    arrive(nowMs, visit) {
      under.visit = visit;
      under.step = 0;
      under.number = 0;
      under.attempt = 0;
      under.cookie = 0;
      under.movedTo = -1;
      lives.clear();
      walk(nowMs);
    },
    resume(nowMs, slot) {
      parked.fetch(slot);
      walk(nowMs);
    },
  };
}
