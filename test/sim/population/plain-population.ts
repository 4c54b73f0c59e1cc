// The population model once more, as plainly as it can be said: a list of what is to happen, sorted by time; sessions as objects; every
// sweep looks at every session. Slow, and written to be compared with.

import { type Scenario, type StoreOperation, storeOperations } from "../../../config/scenario.ts";
import { createArrivals } from "../../../workload/arrivals.ts";
import { createJourneys } from "../../../workload/journeys.ts";
import { createDraws } from "../../../workload/random-stream.ts";

interface Session {
  readonly place: number;
  readonly store: number;
  readonly startedAtMs: number;
  liveSinceMs: number;
  expiresAtMs: number;
  bytes: number;
  readonly visitor: Visitor | null;
}

interface Visitor {
  readonly visit: number;
  step: number;
  attempt: number;
  cookie: boolean;
  movedTo: number | null;
  readonly sessions: Map<number, Session>;
}

interface Happening {
  readonly atMs: number;
  /** At one moment: requests, then what removes the expired, a recycle last. */
  readonly rank: 0 | 1 | 2;
  readonly what: () => void;
}

export function plainPopulation(scenario: Scenario, seed: number) {
  const { site, workload, run } = scenario;
  const journeys = createJourneys(workload, seed);
  const routes = createDraws(seed, "routes");
  const partitions = createDraws(seed, "partitions");
  const sql = site.mode === "SQLServer";
  const inProcess = site.mode === "InProc";
  const classic = site.technology === "asp";
  const processes = site.servers * site.workersPerServer;
  const timeoutMs = site.timeoutMs ?? Number.POSITIVE_INFINITY;
  const sweepMs = sql ? site.deleteJobMs : site.expirySweepMs;
  const slideMinMs = sql ? 0 : site.expirySlideMinMs;
  const sessions = new Set<Session>();
  const counts = { visits: 0, requests: 0, started: 0, refused: 0, expired: 0, abandoned: 0, lost: 0, revived: 0 };
  const storeCalls = Object.fromEntries(storeOperations.map((name) => [name, 0])) as Record<StoreOperation, number>;
  const areas = { stored: 0, live: 0 };
  const lifetimes = { count: 0, sumMs: 0 };
  let storedMax = 0;
  let events = 0;
  const happenings: Happening[] = [];
  let nowMs = 0;

  function plan(atMs: number, what: () => void, rank: Happening["rank"] = 0): void {
    let place = happenings.length;
    const isLater = (it: Happening) => it.atMs > atMs || (it.atMs === atMs && it.rank > rank);
    while (place > 0 && isLater(happenings[place - 1])) place--;
    happenings.splice(place, 0, { atMs, rank, what });
  }

  const measured = (fromMs: number, toMs: number) =>
    Math.max(0, Math.min(toMs, run.durationMs) - Math.max(fromMs, run.warmupMs));

  function end(session: Session, how: "expired" | "abandoned" | "lost"): void {
    events++;
    sessions.delete(session);
    session.visitor?.sessions.delete(session.place);
    counts[how]++;
    areas.stored += measured(session.startedAtMs, nowMs);
    areas.live += measured(session.liveSinceMs, Math.min(nowMs, session.expiresAtMs));
    if (how !== "lost" && nowMs >= run.warmupMs && nowMs < run.durationMs) {
      lifetimes.count++;
      lifetimes.sumMs += nowMs - session.startedAtMs;
    }
  }

  function slide(session: Session): void {
    session.expiresAtMs = nowMs + timeoutMs;
    if (sweepMs === 0) {
      const expire = () => {
        if (sessions.has(session) && session.expiresAtMs === nowMs) end(session, "expired");
      };
      plan(session.expiresAtMs, expire, 1);
    }
  }

  /** Whether the session is there. */
  function touch(session: Session | undefined): boolean {
    if (session === undefined) return false;
    if (nowMs <= session.expiresAtMs) {
      if (nowMs + timeoutMs - session.expiresAtMs >= slideMinMs) slide(session);
      return true;
    }
    if (!sql) {
      end(session, "expired");
      return false;
    }
    counts.revived++;
    areas.live += measured(session.liveSinceMs, session.expiresAtMs);
    session.liveSinceMs = nowMs;
    slide(session);
    return true;
  }

  function call(operation: StoreOperation): void {
    if (!classic) storeCalls[operation]++;
  }

  const serversOut = new Set<number>();

  function serving(visitor: Visitor, drawn: number): number {
    const process = visitor.movedTo ?? Math.floor(drawn);
    const server = Math.floor(process / site.workersPerServer);
    if (!serversOut.has(server)) return process;
    const others = Array.from({ length: site.servers - 1 }, (_, n) => (server + 1 + n) % site.servers);
    const other = others[Math.floor((drawn - Math.floor(drawn)) * others.length)];
    const instead = other * site.workersPerServer + (process % site.workersPerServer);
    if (site.affinity) visitor.movedTo = instead;
    return instead;
  }

  function takeOut(server: number): void {
    serversOut.add(server);
    for (const session of [...sessions]) {
      if (inProcess && Math.floor(session.store / site.workersPerServer) === server) end(session, "lost");
    }
  }

  /** Whether the request was let in. */
  function request(visitor: Visitor, number: number): boolean {
    events++;
    counts.requests++;
    const { visit, step } = visitor;
    const draw = site.affinity ? 0 : 1 + step * 64 + number;
    const process = serving(visitor, routes.at(visit, draw) * processes);
    const id = journeys.withoutCookies(visit) ? 1 + step * 64 + number : 0;
    const partition = Math.floor(partitions.at(visit, id) * scenario.store.partitions);
    const store = inProcess ? process : partition;
    const place = inProcess && !site.affinity ? process : 0;
    const page = site.mode === "Off" ? "none" : journeys.pageOf(visit, step, number).session;
    if (page === "none") {
      if (visitor.cookie && site.mode !== "Off") {
        call("resetItemTimeout");
        touch(visitor.sessions.get(place));
      }
      return true;
    }
    const readOnly = page === "read-only" && !classic;
    const get: StoreOperation = readOnly ? "getItem" : "getItemExclusive";
    const changed = journeys.changes(visit, step, number);
    const last = step + 1 === journeys.requestsOf(visit) && number === 0;
    const abandons = last && page === "read-write" && journeys.logsOut(visit);
    const room = () => [...sessions].filter((session) => session.store === store).length < site.sessionsMax;
    function start(): Session {
      counts.started++;
      const visitorKept = journeys.withoutCookies(visit) ? null : visitor;
      const session: Session = {
        place,
        store,
        startedAtMs: nowMs,
        liveSinceMs: nowMs,
        expiresAtMs: 0,
        bytes: 0,
        visitor: visitorKept,
      };
      sessions.add(session);
      slide(session);
      storedMax = nowMs >= run.warmupMs ? Math.max(storedMax, sessions.size) : sessions.size;
      if (visitorKept !== null) {
        visitor.cookie = true;
        visitor.sessions.set(place, session);
      }
      return session;
    }
    function release(session: Session, writes: boolean): void {
      if (abandons) {
        call("removeItem");
        end(session, "abandoned");
      } else if (writes) {
        call("setAndReleaseItemExclusive");
        if (changed && session.bytes === 0) session.bytes = journeys.stateBytes(visit);
      } else if (!readOnly) call("releaseItemExclusive");
    }
    if (visitor.cookie) {
      call(get);
      const session = visitor.sessions.get(place);
      if (session !== undefined && touch(session)) {
        release(session, changed);
        return true;
      }
      if (!readOnly && !classic) {
        call("createUninitializedItem");
        if (!room()) {
          counts.refused++;
          return false;
        }
        const created = start();
        call("getItemExclusive");
        release(created, changed);
        return true;
      }
    }
    const stores = !abandons && (site.sessionStart || changed);
    if ((stores || classic) && !room()) {
      counts.refused++;
      return false;
    }
    if (stores) release(start(), true);
    return true;
  }

  function view(visitor: Visitor): void {
    const { visit } = visitor;
    if (!request(visitor, 0)) {
      visitor.attempt++;
      const afterMs = journeys.retryAfterMs(visit, visitor.attempt);
      if (afterMs !== null) plan(nowMs + afterMs, () => view(visitor));
      return;
    }
    const parallel = journeys.parallelRequests(visit, visitor.step);
    for (let number = 1; number <= parallel; number++) request(visitor, number);
    if (visitor.step + 1 >= journeys.requestsOf(visit)) return;
    const thinkMs = journeys.thinkMs(visit, visitor.step);
    visitor.step++;
    visitor.attempt = 0;
    plan(nowMs + thinkMs, () => view(visitor));
  }

  function sweepAgain(number: number): void {
    if (sweepMs === null || sweepMs === 0) return;
    const sweep = () => {
      for (const session of [...sessions]) {
        if (sql ? session.expiresAtMs < nowMs : session.expiresAtMs <= nowMs) end(session, "expired");
      }
      sweepAgain(number + 1);
    };
    plan(number * sweepMs, sweep, 1);
  }

  const arrivals = createArrivals(workload.arrivals, seed);
  function arriveAgain(): void {
    const atMs = arrivals.nextAtMs();
    if (atMs >= run.durationMs) return;
    plan(atMs, () => {
      const visit = counts.visits++;
      view({ visit, step: 0, attempt: 0, cookie: false, movedTo: null, sessions: new Map() });
      arriveAgain();
    });
  }

  arriveAgain();
  sweepAgain(1);
  function recycle(): void {
    for (const session of [...sessions]) end(session, "lost");
  }
  if (inProcess && site.recycleEveryMs !== null) {
    for (let n = 1; n * site.recycleEveryMs <= run.durationMs; n++) plan(n * site.recycleEveryMs, recycle, 2);
  }
  const loses = site.mode === "StateServer" || site.mode === "Custom";
  for (const fault of scenario.faults) {
    plan(
      fault.atMs,
      () => {
        for (const session of [...sessions]) {
          const ofRecycle = fault.kind === "recycle" && inProcess;
          const ofWorker = fault.kind === "kill-worker" && inProcess && session.store === (fault.worker ?? 0);
          const ofStore = fault.kind === "kill-store" && loses && (fault.partition ?? session.store) === session.store;
          if (ofRecycle || ofWorker || ofStore) end(session, "lost");
        }
      },
      2,
    );
  }
  for (const fault of scenario.faults) {
    if (fault.kind !== "rolling-deploy") continue;
    for (let server = 0; server < site.servers; server++) {
      const takenMs = fault.atMs + server * fault.everyMs;
      plan(takenMs, () => takeOut(server), 2);
      plan(takenMs + fault.downMs, () => serversOut.delete(server), 2);
    }
  }
  plan(run.warmupMs, () => {
    storedMax = sessions.size;
  });
  while (happenings.length > 0 && happenings[0].atMs <= run.durationMs) {
    const next = happenings.shift() as Happening;
    nowMs = next.atMs;
    next.what();
  }
  nowMs = run.durationMs;
  for (const session of sessions) {
    areas.stored += measured(session.startedAtMs, nowMs);
    areas.live += measured(session.liveSinceMs, Math.min(nowMs, session.expiresAtMs));
  }
  const lengthMs = run.durationMs - run.warmupMs;
  return {
    events,
    counts: { ...counts, stored: sessions.size },
    storeCalls,
    storedMax,
    storedMean: areas.stored / lengthMs,
    liveMean: areas.live / lengthMs,
    lifetimeMeanMs: lifetimes.count === 0 ? null : lifetimes.sumMs / lifetimes.count,
  };
}
