// The request model once more, slow and obvious, to hold the fast one to: visitors, requests and sessions are objects, the future is a
// sorted array, the life of a request a generator that reads downward. Nothing expires by an event: a session has expired when its
// deadline is past. Means are sums over the lives of sessions, not levels followed over time.
// From ARCHITECTURE.md and the .NET reference source; it shares with sim/model what is drawn, not how anything is done.

import { exp } from "../../../config/elementary.ts";
import { type Law, type Scenario, type StoreOperation, storeOperations } from "../../../config/scenario.ts";
import { createHistogram, type Histogram, recordMs } from "../../../metrics/latency-histogram.ts";
import { zeroCounters } from "../../../metrics/run-record.ts";
import { createArrivals } from "../../../workload/arrivals.ts";
import { lawSampler } from "../../../workload/distributions.ts";
import { createJourneys } from "../../../workload/journeys.ts";
import { createDraws } from "../../../workload/random-stream.ts";

interface Session {
  readonly startedAtMs: number;
  readonly store: number;
  expiresAtMs: number;
  liveSinceMs: number;
  bytes: number;
  bytesSinceMs: number;
  owner: Visitor | null;
  lockedBy: Request | null;
  lockedAtMs: number;
  readonly waiting: Set<Request>;
  removed: boolean;
}

interface Visitor {
  readonly visit: number;
  readonly views: number;
  step: number;
  attempt: number;
  pending: number;
  hasCookie: boolean;
  movedTo: number | null;
  readonly sessions: Map<number, Session>;
}

interface Request {
  readonly visitor: Visitor;
  readonly number: number;
  readonly step: number;
  readonly process: number;
  readonly startedAtMs: number;
  readonly carriesId: boolean;
  readonly changes: boolean;
  readonly abandons: boolean;
  readonly page: "none" | "read-only" | "read-write";
  session: Session | null;
  created: boolean;
  calls: number;
  coreSinceMs: number | null;
  cpuDueMs: number;
  waitFromMs: number | null;
  waitedOn: Session | null;
  waitedMs: number | null;
}

type Resume = () => void;
/** Each yield says how the request is woken again. */
type Life<T = void> = Generator<(resume: Resume) => void, T, void>;
type End = "done" | "failed" | "refused";

type PlainCounters = ReturnType<typeof zeroCounters>;

export interface PlainResult {
  readonly counters: PlainCounters;
  readonly atWarmup: PlainCounters;
  readonly atEnd: PlainCounters;
  readonly storedMean: number;
  readonly storedMax: number;
  readonly liveMean: number;
  readonly bytesMean: number;
  readonly lifetimeMean: number | null;
  readonly coresBusy: number;
  readonly storeBusy: number;
  readonly response: Histogram;
  readonly lockWait: Histogram;
  readonly events: number;
}

/** Of ASP.NET, at time scale 1. */
export function runPlainSite(scenario: Scenario, seed: number): PlainResult {
  const { site, workload, calibration, run } = scenario;
  const { warmupMs, durationMs } = run;
  const journeys = createJourneys(workload, seed);
  const arrivals = createArrivals(workload.arrivals, seed);
  const routes = createDraws(seed, "routes");
  const partitions = createDraws(seed, "partitions");
  const drawn = (law: Law, name: string) => {
    const draws = createDraws(seed, name);
    const sample = lawSampler(law);
    return (visit: number, place: number) => sample(draws.bitsAt(visit, place));
  };
  const requestCpuMs = drawn(calibration.requestCpuMs, "request cpu");
  const clientMs = drawn(calibration.clientRoundTripMs, "client network");
  const roundTripMs = drawn(calibration.networkRoundTripMs, "network");
  const storeMs = storeOperations.map((name) => drawn(calibration.operations[name].storeMs, "store service"));
  const inProc = site.mode === "InProc";
  const sql = site.mode === "SQLServer";
  const lockless = site.mode === "Custom" && scenario.store.provider === "express-session";
  const processes = site.servers * site.workersPerServer;
  const timeoutMs = site.timeoutMs ?? Number.POSITIVE_INFINITY;
  const sweepMs = (sql ? site.deleteJobMs : site.expirySweepMs) ?? Number.POSITIVE_INFINITY;

  const counters = zeroCounters();
  const response = createHistogram();
  const lockWait = createHistogram();
  const sessions = new Set<Session>();
  let present = 0;
  let visits = 0;
  let nowMs = 0;
  let events = 0;
  let storedMax = 0;
  const areas = { stored: 0, live: 0, bytes: 0, cores: 0, store: 0 };
  const lifetimes: number[] = [];

  // Time.

  const future: { readonly atMs: number; readonly act: Resume }[] = [];
  function schedule(atMs: number, act: Resume): void {
    let low = 0;
    let high = future.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (future[middle].atMs <= atMs) low = middle + 1;
      else high = middle;
    }
    future.splice(low, 0, { atMs, act });
  }
  const after = (lengthMs: number) => (resume: Resume) => schedule(nowMs + lengthMs, resume);
  const within = (fromMs: number, toMs: number) => Math.max(0, Math.min(toMs, durationMs) - Math.max(fromMs, warmupMs));

  function start(life: Life): void {
    const resume = () => {
      const { done, value } = life.next();
      if (done !== true) value(resume);
    };
    resume();
  }

  // Places with a queue: the cores of each process, the workers of the store.

  function createPlace(servers: number) {
    let busy = 0;
    const line: Resume[] = [];
    return {
      isIdle: () => busy === 0,
      *enter(): Life {
        if (busy < servers) busy++;
        else yield (resume) => line.push(resume);
      },
      leave(): void {
        const next = line.shift();
        if (next !== undefined) next();
        else busy--;
      },
    };
  }
  const cores = Array.from({ length: processes }, () => createPlace(site.coresPerWorker));
  const onCores = new Set<Request>();
  const { cpuMsMax, afterMs } = calibration.waking ?? { cpuMsMax: 0, afterMs: 1 };
  const lastCalledAtMs = new Map<number, number>();
  const wakingMs = (process: number) => {
    const last = lastCalledAtMs.get(process);
    lastCalledAtMs.set(process, nowMs);
    return last === undefined ? cpuMsMax : cpuMsMax * (1 - exp(-(nowMs - last) / afterMs));
  };
  const stores = Array.from({ length: scenario.store.partitions }, () => createPlace(calibration.storeConcurrency));

  function* onCore(request: Request, lengthMs: number): Life {
    if (request.coreSinceMs === null) {
      yield* cores[request.process].enter();
      request.coreSinceMs = nowMs;
      onCores.add(request);
    }
    yield after(lengthMs);
  }

  function* backOnCore(request: Request): Life {
    const isIdle = cores[request.process].isIdle();
    const ms = wakingMs(request.process);
    yield* onCore(request, isIdle ? ms : 0);
  }

  function leaveCore(request: Request): void {
    if (request.coreSinceMs === null) return;
    areas.cores += within(request.coreSinceMs, nowMs);
    request.coreSinceMs = null;
    onCores.delete(request);
    cores[request.process].leave();
  }

  // Sessions.

  /** A visitor keeps one id; without cookies every request has an id of its own. */
  function partitionOf({ visitor: { visit }, step, number }: Request): number {
    const draw = journeys.withoutCookies(visit) ? 1 + step * 64 + number : 0;
    return Math.floor(partitions.at(visit, draw) * scenario.store.partitions);
  }

  const hasExpired = (session: Session) => nowMs > session.expiresAtMs;
  const placeOf = (request: Request) => (inProc && !site.affinity ? request.process : 0);
  const knownTo = (request: Request) => request.visitor.sessions.get(placeOf(request)) ?? null;

  function notice(): void {
    if (nowMs >= warmupMs && nowMs <= durationMs) storedMax = Math.max(storedMax, sessions.size);
  }

  function setBytes(session: Session, bytes: number): void {
    areas.bytes += session.bytes * within(session.bytesSinceMs, nowMs);
    session.bytes = bytes;
    session.bytesSinceMs = nowMs;
  }

  function removeSession(session: Session, how: "expired" | "abandoned" | "lost"): void {
    counters[how]++;
    if (how !== "lost" && nowMs >= warmupMs) lifetimes.push(nowMs - session.startedAtMs);
    areas.stored += within(session.startedAtMs, nowMs);
    areas.live += within(session.liveSinceMs, Math.min(nowMs, session.expiresAtMs));
    setBytes(session, 0);
    session.removed = true;
    session.lockedBy = null;
    sessions.delete(session);
    for (const [place, known] of session.owner?.sessions ?? []) {
      if (known === session) session.owner?.sessions.delete(place);
    }
  }

  /** @returns whether the session is there; then its expiry has slid. */
  function access(session: Session): boolean {
    if (hasExpired(session)) {
      if (!sql) {
        removeSession(session, "expired");
        return false;
      }
      counters.revived++;
      areas.live += within(session.liveSinceMs, session.expiresAtMs);
      session.liveSinceMs = nowMs;
      session.expiresAtMs = nowMs + timeoutMs;
    }
    if (sql || nowMs + timeoutMs - session.expiresAtMs >= site.expirySlideMinMs)
      session.expiresAtMs = nowMs + timeoutMs;
    return true;
  }

  /** A new session, or none where no more may be. */
  function begin(request: Request): boolean {
    const { visitor } = request;
    const known = knownTo(request);
    if (known !== null && request.carriesId) {
      request.session = known;
      return true;
    }
    const storeNumber = inProc ? request.process : partitionOf(request);
    counters.arrivals++;
    if ([...sessions].filter((session) => session.store === storeNumber).length >= site.sessionsMax) {
      counters.refused++;
      return false;
    }
    counters.started++;
    const session: Session = {
      startedAtMs: nowMs,
      store: storeNumber,
      expiresAtMs: nowMs + timeoutMs,
      liveSinceMs: nowMs,
      bytes: 0,
      bytesSinceMs: nowMs,
      owner: null,
      lockedBy: null,
      lockedAtMs: nowMs,
      waiting: new Set(),
      removed: false,
    };
    sessions.add(session);
    if (!journeys.withoutCookies(visitor.visit)) {
      session.owner = visitor;
      visitor.hasCookie = true;
      visitor.sessions.set(placeOf(request), session);
    }
    request.session = session;
    return true;
  }

  function lock(session: Session, request: Request): void {
    if (lockless) return;
    session.lockedBy = request;
    session.lockedAtMs = nowMs;
  }

  type Found = "found" | "missing" | "locked" | "refused";

  /** What a call does at the store. */
  function perform(request: Request, operation: StoreOperation): Found {
    const known = knownTo(request);
    const session = request.session;
    const holds = lockless ? session?.removed === false : session?.lockedBy === request;
    const held = session !== null && holds ? session : null;
    switch (operation) {
      case "getItem":
      case "getItemExclusive": {
        if (known === null || !access(known)) return "missing";
        request.session = known;
        if (known.lockedBy !== null && known.lockedBy !== request) return "locked";
        if (operation === "getItemExclusive") lock(known, request);
        return "found";
      }
      case "setAndReleaseItemExclusive":
        if (held === null || !access(held)) return "missing";
        if (request.changes && held.bytes === 0) setBytes(held, journeys.stateBytes(request.visitor.visit));
        held.lockedBy = null;
        return "found";
      case "releaseItemExclusive":
        if (held === null || !access(held)) return "missing";
        held.lockedBy = null;
        return "found";
      case "removeItem":
        if (held !== null) removeSession(held, "abandoned");
        return "found";
      case "resetItemTimeout":
        if (known !== null) access(known);
        return "found";
      case "createUninitializedItem":
        return begin(request) ? "found" : "refused";
    }
  }

  // Workers.

  const taken = new Map<number, number>();

  function replaceWorker(process: number): void {
    counters.recycles++;
    taken.set(process, 0);
    if (!inProc) return;
    for (const session of [...sessions]) if (session.store === process) removeSession(session, "lost");
  }

  // Servers that are taken out, one after another, and those who serve their visitors.

  const serversOut = new Set<number>();
  const moves = scenario.faults
    .flatMap((fault) => {
      if (fault.kind !== "rolling-deploy") return [];
      return Array.from({ length: site.servers }, (_, server) => {
        const takenMs = fault.atMs + server * fault.everyMs;
        return [
          { atMs: takenMs, server, goes: true },
          { atMs: takenMs + fault.downMs, server, goes: false },
        ];
      }).flat();
    })
    .sort((a, b) => a.atMs - b.atMs || Number(a.goes) - Number(b.goes));

  function move({ server, goes }: (typeof moves)[number]): void {
    if (!goes) {
      serversOut.delete(server);
      return;
    }
    serversOut.add(server);
    for (let worker = 0; worker < site.workersPerServer; worker++) {
      replaceWorker(server * site.workersPerServer + worker);
    }
  }

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

  /** A request comes to a process that has taken enough of them, or holds too much. */
  function wearOut(process: number): void {
    const { fixedBytes, bytesPerSession, bytesPerStateByte } = calibration.memory;
    const { recycleAfterRequests, recycleAtMemoryBytes } = site;
    const tooMany = recycleAfterRequests !== undefined && (taken.get(process) ?? 0) >= recycleAfterRequests;
    const tooMuch = () => {
      if (recycleAtMemoryBytes === undefined || !inProc) return false;
      const held = [...sessions].filter(({ store }) => store === process);
      const bytes = held.reduce((sum, it) => sum + bytesPerSession + bytesPerStateByte * it.bytes, 0);
      return fixedBytes + bytes > recycleAtMemoryBytes;
    };
    if (tooMany || tooMuch()) replaceWorker(process);
    taken.set(process, (taken.get(process) ?? 0) + 1);
  }

  // The life of a request.

  const placeInDraws = (request: Request) => request.step * 64 + request.number;
  const callInDraws = (request: Request) => placeInDraws(request) * 16 + (request.calls % 16);

  function bytesMoved(request: Request, operation: StoreOperation): number {
    const writes = operation === "setAndReleaseItemExclusive";
    if (writes && request.changes) return journeys.stateBytes(request.visitor.visit);
    return (writes ? request.session : knownTo(request))?.bytes ?? 0;
  }

  function* call(request: Request, operation: StoreOperation): Life<Found> {
    const { visit } = request.visitor;
    const cost = calibration.operations[operation];
    counters.storeCalls[operation]++;
    request.cpuDueMs += cost.webCpuMs + (cost.webCpuMsPerKiB * bytesMoved(request, operation)) / 1024;
    if (inProc) return perform(request, operation);
    leaveCore(request);
    yield after(roundTripMs(visit, callInDraws(request)) / 2);
    const store = stores[partitionOf(request)];
    yield* store.enter();
    const drawnMs = storeMs[storeOperations.indexOf(operation)](visit, callInDraws(request));
    const serviceMs = drawnMs + (cost.storeMsPerKiB * bytesMoved(request, operation)) / 1024;
    areas.store += within(nowMs, nowMs + serviceMs);
    yield after(serviceMs);
    const found = perform(request, operation);
    store.leave();
    yield after(roundTripMs(visit, callInDraws(request)) / 2);
    request.calls++;
    return found;
  }

  function stopWaiting(request: Request): void {
    if (request.waitFromMs === null || request.waitedMs !== null) return;
    request.waitedMs = nowMs - request.waitFromMs;
    request.waitedOn?.waiting.delete(request);
  }

  function fail(request: Request, kind: string): void {
    counters.failures[kind] = (counters.failures[kind] ?? 0) + 1;
    ended(request, "failed");
  }

  /** The session of a request that brought an id. Returns whether the request goes on to its page. */
  function* getSession(request: Request): Life<boolean> {
    const get: StoreOperation = request.page === "read-write" ? "getItemExclusive" : "getItem";
    for (;;) {
      const found = yield* call(request, get);
      const { session } = request;
      if (found === "locked" && session !== null) {
        if (request.waitFromMs === null) {
          counters.lockWaits++;
          request.waitFromMs = nowMs;
          if (!session.removed) {
            if (session.waiting.size >= site.requestQueueLimitPerSession) {
              fail(request, "queue limit of the session");
              return false;
            }
            session.waiting.add(request);
            request.waitedOn = session;
          }
        }
        leaveCore(request);
        if (session.lockedBy !== null && nowMs - session.lockedAtMs >= site.executionTimeoutMs) {
          counters.lockBreaks++;
          counters.storeCalls.releaseItemExclusive++;
          session.lockedBy = null;
        }
        // The timer's beat from the first failed try; a beat within 250 ms of an answer is skipped.
        let beat = 0;
        while (beat * site.lockPollMs < nowMs + 250 - request.waitFromMs - 1e-6 * site.lockPollMs) beat++;
        const pollAtMs = request.waitFromMs + beat * site.lockPollMs;
        yield (resume) => schedule(pollAtMs, resume);
        yield* backOnCore(request);
        if (nowMs - request.startedAtMs >= site.executionTimeoutMs) {
          stopWaiting(request);
          fail(request, "request timed out");
          return false;
        }
        counters.lockPolls++;
        continue;
      }
      stopWaiting(request);
      if (found !== "missing") return true;
      if (request.page === "read-only") return startIfStored(request);
      if ((yield* call(request, "createUninitializedItem")) === "refused") {
        ended(request, "refused");
        return false;
      }
    }
  }

  /** @returns whether the request goes on to its page. */
  function startIfStored(request: Request): boolean {
    if (request.abandons || !(site.sessionStart || request.changes)) return true;
    if (!begin(request)) {
      ended(request, "refused");
      return false;
    }
    request.created = true;
    if (request.session !== null) lock(request.session, request);
    return true;
  }

  function* life(request: Request): Life {
    const { visitor, step, number } = request;
    const { visit } = visitor;
    wearOut(request.process);
    yield* onCore(request, requestCpuMs(visit, placeInDraws(request)) + wakingMs(request.process));
    if (request.page === "none") {
      if (request.carriesId && site.mode !== "Off") yield* call(request, "resetItemTimeout");
    } else if (request.carriesId) {
      if (!(yield* getSession(request))) return;
    } else if (!startIfStored(request)) {
      return;
    }
    const pageMs = (calibration.pageCpuFactor ?? 1) * journeys.cpuMs(visit, step, number) + request.cpuDueMs;
    request.cpuDueMs = 0;
    yield* onCore(request, pageMs);
    const waitMs = journeys.waitMs(visit, step, number);
    if (waitMs > 0) {
      leaveCore(request);
      yield after(waitMs);
      yield* backOnCore(request);
    }
    if (request.session !== null) {
      if (request.abandons) yield* call(request, "removeItem");
      else if (request.created || request.changes) yield* call(request, "setAndReleaseItemExclusive");
      else if (request.page === "read-write") yield* call(request, "releaseItemExclusive");
    }
    const cpuDueMs = request.cpuDueMs;
    if (cpuDueMs > 0) yield* onCore(request, cpuDueMs);
    ended(request, "done");
  }

  function send(visitor: Visitor, number: number): void {
    const { visit, step } = visitor;
    counters.requests++;
    const draw = site.affinity ? 0 : 1 + step * 64 + number;
    const page = site.mode === "Off" ? "none" : journeys.pageOf(visit, step, number).session;
    const last = step + 1 === visitor.views && number === 0;
    start(
      life({
        visitor,
        number,
        step,
        process: serving(visitor, routes.at(visit, draw) * processes),
        startedAtMs: nowMs,
        carriesId: visitor.hasCookie,
        changes: journeys.changes(visit, step, number),
        abandons: last && page === "read-write" && journeys.logsOut(visit),
        page,
        session: null,
        created: false,
        calls: 0,
        coreSinceMs: null,
        cpuDueMs: 0,
        waitFromMs: null,
        waitedOn: null,
        waitedMs: null,
      }),
    );
  }

  // Visitors.

  function ended(request: Request, how: End): void {
    const { visitor, startedAtMs } = request;
    leaveCore(request);
    if (how === "failed") counters.failed++;
    if (how === "done") {
      counters.completed++;
      if (startedAtMs >= warmupMs && startedAtMs <= durationMs) {
        recordMs(response, nowMs - startedAtMs + clientMs(visitor.visit, placeInDraws(request)));
        if (request.waitedMs !== null) recordMs(lockWait, request.waitedMs);
      }
    }
    visitor.pending--;
    if (request.number > 0) {
      if (visitor.pending === 0) viewEnded(visitor);
      return;
    }
    if (how === "refused" || (how === "failed" && workload.whenFailed !== undefined)) {
      const attempt = ++visitor.attempt;
      const afterMs =
        how === "refused"
          ? journeys.retryAfterMs(visitor.visit, attempt)
          : journeys.failedRetryAfterMs(visitor.visit, visitor.step, attempt);
      if (afterMs === null) leave(visitor);
      else schedule(nowMs + afterMs, () => view(visitor));
      return;
    }
    const more = journeys.parallelRequests(visitor.visit, visitor.step);
    visitor.pending = more;
    for (let number = 1; number <= more; number++) {
      const afterMs = (number - 1) * workload.parallel.spacingMs;
      if (afterMs === 0) send(visitor, number);
      else schedule(nowMs + afterMs, () => send(visitor, number));
    }
    if (more === 0) viewEnded(visitor);
  }

  function view(visitor: Visitor): void {
    visitor.pending = 1;
    send(visitor, 0);
  }

  function viewEnded(visitor: Visitor): void {
    if (visitor.step + 1 >= visitor.views) {
      leave(visitor);
      return;
    }
    const thinkMs = journeys.thinkMs(visitor.visit, visitor.step);
    visitor.step++;
    visitor.attempt = 0;
    schedule(nowMs + thinkMs, () => view(visitor));
  }

  function leave(visitor: Visitor): void {
    present--;
    for (const session of visitor.sessions.values()) session.owner = null;
  }

  function arrive(): void {
    const visit = visits++;
    present++;
    counters.visits++;
    view({
      visit,
      views: journeys.requestsOf(visit),
      step: 0,
      attempt: 0,
      pending: 0,
      hasCookie: false,
      movedTo: null,
      sessions: new Map(),
    });
  }

  // The loop. At one moment: arrivals, requests, what removes the expired, recycles.

  function sweep(): void {
    for (const session of [...sessions]) {
      if (sql ? session.expiresAtMs < nowMs : session.expiresAtMs <= nowMs) removeSession(session, "expired");
    }
  }

  let nextArrivalMs = arrivals.nextAtMs();
  let sweeps = 0;
  let recycles = 0;
  const snapshot = () => structuredClone({ ...counters, stored: sessions.size });
  let atWarmup: PlainCounters | null = null;
  let atEnd: PlainCounters | null = null;
  let lifetimeMean: number | null = null;
  for (;;) {
    const eventMs = future.length > 0 ? future[0].atMs : Number.POSITIVE_INFINITY;
    const removalMs =
      sweepMs === 0 ? Math.min(...[...sessions].map(({ expiresAtMs }) => expiresAtMs)) : (sweeps + 1) * sweepMs;
    const recycleMs = site.recycleEveryMs === null ? Number.POSITIVE_INFINITY : (recycles + 1) * site.recycleEveryMs;
    const recycleAtMs = recycleMs <= durationMs ? recycleMs : Number.POSITIVE_INFINITY;
    const moveAtMs = moves[0]?.atMs ?? Number.POSITIVE_INFINITY;
    const nextMs = Math.min(nextArrivalMs, eventMs, removalMs, recycleAtMs, moveAtMs);
    if (atWarmup === null && nextMs >= warmupMs) {
      atWarmup = snapshot();
      storedMax = sessions.size;
    }
    if (atEnd === null && nextMs >= durationMs) {
      atEnd = snapshot();
      lifetimeMean = lifetimes.length === 0 ? null : lifetimes.reduce((sum, life) => sum + life, 0) / lifetimes.length;
    }
    if (nextMs > durationMs + run.drainMs || (nextMs > durationMs && present === 0)) break;
    nowMs = nextMs;
    events++;
    if (nextArrivalMs === nowMs) {
      arrive();
      nextArrivalMs = arrivals.nextAtMs();
      if (nextArrivalMs >= durationMs) nextArrivalMs = Number.POSITIVE_INFINITY;
    } else if (eventMs === nowMs) {
      future.shift()?.act();
    } else if (removalMs === nowMs) {
      sweeps++;
      sweep();
    } else if (moveAtMs === nowMs) {
      const next = moves.shift();
      if (next !== undefined) move(next);
    } else {
      recycles++;
      for (let process = 0; process < processes; process++) replaceWorker(process);
    }
    if (nowMs < durationMs) notice();
  }
  if (atWarmup === null || atEnd === null) throw new Error("the run has a warm-up and an end");
  // What is still under way counts up to the end of the measured part.
  for (const session of sessions) {
    areas.stored += within(session.startedAtMs, durationMs);
    areas.live += within(session.liveSinceMs, session.expiresAtMs);
    areas.bytes += session.bytes * within(session.bytesSinceMs, durationMs);
  }
  for (const { coreSinceMs } of onCores) areas.cores += within(coreSinceMs ?? durationMs, durationMs);
  const lengthMs = durationMs - warmupMs;
  return {
    counters: snapshot(),
    atWarmup,
    atEnd,
    storedMean: areas.stored / lengthMs,
    storedMax,
    liveMean: areas.live / lengthMs,
    bytesMean: areas.bytes / lengthMs,
    lifetimeMean,
    coresBusy: areas.cores / lengthMs,
    storeBusy: areas.store / lengthMs,
    response,
    lockWait,
    events,
  };
}
