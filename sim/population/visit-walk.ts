// A visit, walked ahead: requests take no time here, so all that a visitor does, and the moment at which his session will be removed,
// follow from his journey alone, but for one question that others decide: whether there is room for a new session. So a visit is
// walked from its first request until it wants a session out of its turn, is parked there, and walked on when that moment has come.
// What a request does is the order of calls of ASP.NET's SessionStateModule (.NET reference source) and of classic ASP.

import { type Scenario, type StoreOperation, storeOperations, type Workload } from "../../config/scenario.ts";
import { zeroStoreCalls } from "../../metrics/run-record.ts";
import { type Journeys, REQUESTS_PER_STEP_MAX } from "../../workload/journeys.ts";
import { createDraws } from "../../workload/random-stream.ts";
import type { EventQueue } from "../engine/event-queue.ts";
import { createSlots } from "../engine/slots.ts";
import {
  CREATE_UNINITIALIZED,
  GET,
  GET_EXCLUSIVE,
  RELEASE_EXCLUSIVE,
  REMOVE,
  RESET_TIMEOUT,
  SET_AND_RELEASE,
} from "../operation-numbers.ts";
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

const OPERATIONS = storeOperations.length;

/** What became of a request. */
const SERVED = 0;
const REFUSED = 1;
/** It wants a session: that must wait until everything before it has happened. */
const OUT_OF_TURN = 2;

/** Once a visitor has a session, all his page views make the same store calls and change nothing that is counted. */
function followUpsAlike({ pages, parallel, logoutShare }: Workload): boolean {
  const [{ session, changedShare }] = pages;
  const same = pages.every((page) => page.session === session && page.changedShare === changedShare);
  const certain = session === "read-only" || (session === "read-write" && (changedShare === 0 || changedShare === 1));
  return same && certain && parallel.share === 0 && logoutShare === 0;
}

export function createVisitWalk(options: VisitWalkOptions): VisitWalk {
  const { scenario, seed, mirrored, endMs, journeys, book, level, lives, turns } = options;
  const { site, workload } = scenario;
  const { flows } = book;
  const places = lives.storeOf.length;
  const processes = site.servers * site.workersPerServer;
  const routes = createDraws(seed, "routes", mirrored);
  const classic = site.technology === "asp";
  const off = site.mode === "Off";
  const inProcess = site.mode === "InProc";
  const { affinity, sessionStart } = site;
  const alike = places === 1 && !off && followUpsAlike(workload);
  const stroll = createStroll({ scenario, seed, mirrored, endMs, book, lives });
  const counted = new Float64Array(3 * OPERATIONS);
  const parked = createSlots(
    {
      visit: "f64",
      step: "i32",
      number: "i32",
      attempt: "i32",
      cookie: "u8",
      startedAtMs: "f64",
      expiresAtMs: "f64",
      lostAtMs: "f64",
      bytes: "f64",
    },
    { startedAtMs: places, expiresAtMs: places, lostAtMs: places, bytes: places },
  );

  // The visitor under way.
  let visit = 0;
  let step = 0;
  let number = 0;
  let attempt = 0;
  let cookie = 0;

  function call(slot: number, operation: number): void {
    if (!classic) counted[book.phaseOf(slot) * OPERATIONS + operation]++;
  }

  /** One store for all, or one a worker process; a visitor without affinity may have a session in each. */
  function placeNow(): number {
    if (!inProcess || processes === 1) return 0;
    const draw = affinity ? 0 : 1 + step * REQUESTS_PER_STEP_MAX + number;
    const process = Math.floor(routes.at(visit, draw) * processes);
    if (places > 1) return process;
    lives.storeOf[0] = process;
    return 0;
  }

  /** @param inTurn whether all that comes before has happened. */
  function serve(atMs: number, inTurn: boolean): typeof SERVED | typeof REFUSED | typeof OUT_OF_TURN {
    const slot = book.slotOf(atMs);
    const page = off ? "none" : journeys.pageOf(visit, step, number).session;
    const place = placeNow();
    if (page === "none") {
      flows.otherRequests[slot]++;
      if (cookie === 1 && !off) {
        call(slot, RESET_TIMEOUT);
        lives.touch(atMs, place);
      }
      return SERVED;
    }
    const readOnly = page === "read-only" && !classic;
    const changed = journeys.changes(visit, step, number);
    const abandons = number === 0 && page === "read-write" && journeys.logsOut(visit) && isLastView();
    if (cookie === 1 && lives.touch(atMs, place)) {
      flows.otherRequests[slot]++;
      call(slot, readOnly ? GET : GET_EXCLUSIVE);
      if (changed && !abandons) keepState(atMs, place);
      if (!readOnly) release(atMs, slot, place, changed, abandons);
      return SERVED;
    }
    const known = cookie === 1;
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
    if (journeys.withoutCookies(visit)) lives.leave(place);
    else cookie = 1;
    return SERVED;
  }

  const isLastView = () => step + 1 === journeys.requestsOf(visit);

  function begin(nowMs: number, slot: number, place: number, withState: boolean): void {
    flows.started[slot]++;
    lives.start(nowMs, place, withState ? journeys.stateBytes(visit) : 0);
  }

  /** The state of a visit has one size: it is there from the first change on. */
  function keepState(atMs: number, place: number): void {
    if (lives.bytes[place] === 0) lives.grow(atMs, place, journeys.stateBytes(visit));
  }

  function release(atMs: number, slot: number, place: number, writes: boolean, abandons: boolean): void {
    call(slot, abandons ? REMOVE : writes ? SET_AND_RELEASE : RELEASE_EXCLUSIVE);
    if (abandons) lives.abandon(atMs, place);
  }

  function park(untilMs: number): void {
    lives.rest(untilMs);
    const slot = parked.take();
    const { columns } = parked;
    columns.visit[slot] = visit;
    columns.step[slot] = step;
    columns.number[slot] = number;
    columns.attempt[slot] = attempt;
    columns.cookie[slot] = cookie;
    for (let place = 0; place < places; place++) {
      columns.startedAtMs[slot * places + place] = lives.startedAtMs[place];
      columns.expiresAtMs[slot * places + place] = lives.expiresAtMs[place];
      columns.lostAtMs[slot * places + place] = lives.lostAtMs[place];
      columns.bytes[slot * places + place] = lives.bytes[place];
    }
    turns.push(untilMs, 0, slot);
  }

  function leaveAll(): void {
    for (let place = 0; place < places; place++) lives.leave(place);
  }

  function walk(fromMs: number): void {
    let atMs = fromMs;
    let inTurn = true;
    const total = journeys.requestsOf(visit);
    for (;;) {
      const outcome = serve(atMs, inTurn);
      if (outcome === OUT_OF_TURN) {
        park(atMs);
        return;
      }
      if (outcome === REFUSED && number === 0) {
        attempt++;
        const afterMs = journeys.retryAfterMs(visit, attempt);
        if (afterMs === null) break;
        atMs += afterMs;
        inTurn = afterMs === 0;
      } else if (number < journeys.parallelRequests(visit, step)) {
        number++;
        continue;
      } else {
        if (alike && cookie === 1) {
          if (!stroll.go(visit, step, total, atMs)) break;
          step = stroll.step;
          atMs = stroll.atMs;
        } else {
          if (step + 1 >= total) break;
          atMs += journeys.thinkMs(visit, step);
          step++;
        }
        inTurn = false;
        number = 0;
        attempt = 0;
      }
      if (atMs > endMs) break;
    }
    leaveAll();
  }

  return {
    storeCalls(phase) {
      const calls = zeroStoreCalls();
      for (const operation of storeOperations)
        calls[operation] = counted[phase * OPERATIONS + storeOperations.indexOf(operation)];
      if (!alike || classic) return calls;
      const followUps = book.sum("followUps", phase);
      const [{ session, changedShare }] = workload.pages;
      if (session === "read-only") return { ...calls, getItem: calls.getItem + followUps };
      calls.getItemExclusive += followUps;
      calls[changedShare === 1 ? "setAndReleaseItemExclusive" : "releaseItemExclusive"] += followUps;
      return calls;
    },
    arrive(nowMs, ofVisit) {
      visit = ofVisit;
      step = 0;
      number = 0;
      attempt = 0;
      cookie = 0;
      lives.clear();
      walk(nowMs);
    },
    resume(nowMs, slot) {
      const { columns } = parked;
      visit = columns.visit[slot];
      step = columns.step[slot];
      number = columns.number[slot];
      attempt = columns.attempt[slot];
      cookie = columns.cookie[slot];
      for (let place = 0; place < places; place++) {
        lives.startedAtMs[place] = columns.startedAtMs[slot * places + place];
        lives.expiresAtMs[place] = columns.expiresAtMs[slot * places + place];
        lives.lostAtMs[place] = columns.lostAtMs[slot * places + place];
        lives.bytes[place] = columns.bytes[slot * places + place];
      }
      parked.give(slot);
      walk(nowMs);
    },
  };
}
