// Virtual visitors: each comes when the arrivals say so, however slow the site is, and then walks through its pages with pauses.
// All scenario time is compressed by run.timeScale; what the site takes is real.

import { assert } from "../../../config/assert.ts";
import type { PageKind, Scenario } from "../../../config/scenario.ts";
import type { ResponseInterval } from "../../../metrics/interval-histograms.ts";
import type { OutcomeSlots } from "../../../metrics/outcome-slots.ts";
import { createArrivals } from "../../../workload/arrivals.ts";
import { createJourneys } from "../../../workload/journeys.ts";
import type { Pace } from "../../pace.ts";
import { createBrowser, type Surfer } from "../http/browser.ts";
import type { Answered, ClientRequest, Reply } from "../http/http-client.ts";
import {
  createJourneyRecord,
  type JourneyHistograms,
  UNANSWERED,
  UNANSWERED_AFTER_MS,
  type VisitCounts,
} from "./journey-record.ts";
import { pagePath } from "./page-path.ts";
import { createPerson, type Person } from "./person.ts";
import type { Members } from "./population.ts";

/** No more than so many requests wait for answers at one time: what is due beyond that is dropped, counted, and makes the run invalid. */
export const IN_FLIGHT_MAX = 10_000;
export const DROPPED = "dropped by the generator";

/** Of several drivers, each sends the visits whose number leaves `index` when divided by `of`: together the same as one alone. */
export interface VisitShare {
  readonly index: number;
  readonly of: number;
}

export interface JourneyParts {
  readonly scenario: Scenario;
  readonly pace: Pace;
  readonly clock: () => number;
  /** Where scenario time 0 is, by the clock. */
  readonly startsAtMs: number;
  readonly send: (request: ClientRequest) => Promise<Reply>;
  readonly inFlight: () => number;
  /** Of the worker that takes new requests now; while there is none, requests wait for it as they would in http.sys. */
  readonly port: () => number | Promise<number>;
  /** How the host says that the cap refused a session. */
  readonly refusalReason: string;
  /** Which of the visitors come from here; left out, all. */
  readonly share?: VisitShare;
  /** Of a fixed population, their sessions stored; left out, every visit is somebody new. */
  readonly members?: Pick<Members, "of">;
  /** Left out: our host, by its pages, its reasons and its headers. */
  readonly foreign?: ForeignSite;
}

/** Somebody's real site: where its pages are and what its answers mean. */
export interface ForeignSite {
  /** "http://127.0.0.1:8080"; a redirect to elsewhere is not followed. */
  readonly origin: string;
  /** @param segment where the session stands in the address, with what comes before it; else empty. */
  readonly pathOf: (page: PageKind, segment: string) => string;
  /** @param path that was asked for first. @param visitor as he is after the answer. */
  readonly meaningOf: (reply: Answered, path: string, visitor: Surfer) => Meaning;
}

/** What an answer says of its request. */
export type Meaning = "completed" | "refused" | { readonly failure: string };

export interface JourneyDriver {
  readonly counts: VisitCounts;
  /** Of requests due in the measured part; response and service of those that were completed. */
  readonly histograms: JourneyHistograms;
  /** The response times once more, by when the request was due. */
  readonly responseIntervals: readonly ResponseInterval[];
  /** Of all requests, those of the warm-up too. Plain data; of several drivers mergeOutcomes makes one. */
  readonly outcomes: OutcomeSlots;
  /** Begins. @returns when the last visit is over, or at `end`. */
  run(): Promise<void>;
  /** No visit goes on from here; those still walking are counted as cut. */
  end(): void;
}

/** unsent: the generator dropped it, or the run ended first; the site has nothing to do with it. */
type RequestEnd = "completed" | "refused" | "failed" | "unsent";

interface Visitor {
  readonly visit: number;
  readonly person: Person;
  readonly pageViews: number;
  step: number;
  attempt: number;
}

export function createJourneyDriver(parts: JourneyParts): JourneyDriver {
  const { scenario, pace, clock, startsAtMs } = parts;
  const { run, workload } = scenario;
  const meaningOf = parts.foreign?.meaningOf ?? hostMeaningOf;
  const arrivals = createArrivals(workload.arrivals, run.seed);
  const journeys = createJourneys(workload, run.seed);
  const realMs = (scenarioMs: number) => scenarioMs / run.timeScale;
  const record = createJourneyRecord(run, startsAtMs, clock);
  const { counts } = record;
  const share = parts.share ?? { index: 0, of: 1 };
  let nextVisit = 0;
  let walking = 0;
  let arrivalsOver = false;
  let ended = false;
  let tellEnded: () => void = () => undefined;
  const whenEnded = new Promise<void>((resolve) => {
    tellEnded = resolve;
  });
  const browse = createBrowser({
    send: parts.send,
    port: parts.port,
    origin: parts.foreign?.origin,
    clock,
    whenEnded,
    onRedirect() {
      counts.redirects++;
    },
  });
  let finish: () => void = () => undefined;
  let fault: (error: unknown) => void = () => undefined;

  function awaitNextVisit(): void {
    let atMs = arrivals.nextAtMs();
    for (; nextVisit % share.of !== share.index && atMs < run.durationMs; nextVisit++) atMs = arrivals.nextAtMs();
    if (atMs >= run.durationMs) {
      arrivalsOver = true;
      finishWhenEmpty();
      return;
    }
    const visit = nextVisit++;
    const dueAtMs = startsAtMs + realMs(atMs);
    pace.at(dueAtMs, (lagMs) => {
      const visitor = welcome(visit);
      counts.visits++;
      walking++;
      viewPage(visitor, dueAtMs, lagMs).catch(fault);
      awaitNextVisit();
    });
  }

  function welcome(visit: number): Visitor {
    const person = parts.members?.of(visit) ?? createPerson(scenario, journeys, visit);
    return { visit, person, pageViews: journeys.requestsOf(visit), step: 0, attempt: 0 };
  }

  /** The page itself, then what it sends in parallel once loaded. */
  async function viewPage(visitor: Visitor, dueAtMs: number, lagMs: number): Promise<void> {
    const { visit, step } = visitor;
    const end = await request(visitor, 0, dueAtMs, lagMs);
    if (end === "refused" || (end === "failed" && !journeys.bearsFailures)) {
      tryAgain(visitor, end);
      return;
    }
    const parallel = journeys.parallelRequests(visit, step);
    if (parallel > 0 && !ended) await sendParallel(visitor, parallel);
    visitor.step++;
    visitor.attempt = 0;
    if (visitor.step < visitor.pageViews) goOn(visitor, clock() + realMs(journeys.thinkMs(visit, step)));
    else leave();
  }

  /** One after another by the workload's spacing, none waiting for another; a page's own time is not compressed. */
  async function sendParallel(visitor: Visitor, count: number): Promise<void> {
    const loadedAtMs = clock();
    const { spacingMs } = workload.parallel;
    const sent = Array.from({ length: count }, (_, index) => {
      const dueAtMs = loadedAtMs + index * spacingMs;
      if (spacingMs === 0) return request(visitor, index + 1, dueAtMs, clock() - dueAtMs);
      return new Promise((resolve, reject) => {
        pace.at(dueAtMs, (lagMs) => request(visitor, index + 1, dueAtMs, lagMs).then(resolve, reject));
      });
    });
    await Promise.all(sent);
  }

  /** At the same page; an attempt counts whether it was refused or failed. */
  function tryAgain(visitor: Visitor, end: "refused" | "failed"): void {
    const { visit, step } = visitor;
    const attempt = ++visitor.attempt;
    const afterMs =
      end === "refused" ? journeys.retryAfterMs(visit, attempt) : journeys.failedRetryAfterMs(visit, step, attempt);
    if (afterMs === null) leave();
    else goOn(visitor, clock() + realMs(afterMs));
  }

  function goOn(visitor: Visitor, dueAtMs: number): void {
    if (!ended) pace.at(dueAtMs, (lagMs) => void viewPage(visitor, dueAtMs, lagMs).catch(fault));
  }

  function leave(): void {
    walking--;
    finishWhenEmpty();
  }

  function finishWhenEmpty(): void {
    assert(walking >= 0, "no visit ends twice");
    if (arrivalsOver && walking === 0) finish();
  }

  async function request(visitor: Visitor, place: number, dueAtMs: number, lagMs: number): Promise<RequestEnd> {
    const startedAtMs = dueAtMs + lagMs;
    record.started(dueAtMs, lagMs);
    if (parts.inFlight() >= IN_FLIGHT_MAX) {
      record.failed(DROPPED, dueAtMs);
      return "unsent";
    }
    const path = pathOf(visitor, place);
    const reply = await browse(visitor.person, path);
    const endedAtMs = clock() - (reply?.heldMs ?? 0);
    if (reply === null || (ended && reply.kind === "broken")) {
      if (endedAtMs - startedAtMs >= UNANSWERED_AFTER_MS) record.failed(UNANSWERED, dueAtMs);
      // The end of the run cut it off: it says nothing about the site.
      else counts.requests--;
      return "unsent";
    }
    if (reply.kind === "broken") {
      record.failed(reply.failure, dueAtMs);
      return "failed";
    }
    const meaning = meaningOf(reply, path, visitor.person);
    if (meaning === "refused") {
      counts.refusedSeen++;
      return "refused";
    }
    if (meaning !== "completed") {
      record.failed(meaning.failure, dueAtMs);
      return "failed";
    }
    record.completed(dueAtMs, startedAtMs, endedAtMs, reply);
    return "completed";
  }

  function hostMeaningOf({ status, reason }: Answered): Meaning {
    if (status === 500 && reason === parts.refusalReason) return "refused";
    return status < 300 ? "completed" : { failure: status === 500 ? reason : `http ${status}` };
  }

  function pathOf({ visit, person, step, pageViews }: Visitor, place: number): string {
    const { segment } = person;
    const page = journeys.pageOf(visit, step, place);
    if (parts.foreign !== undefined) return parts.foreign.pathOf(page, segment);
    const last = place === 0 && step === pageViews - 1;
    const abandons = last && page.session === "read-write" && journeys.logsOut(visit);
    return pagePath(scenario, journeys, { visit, step, place, abandons, segment, person: person.number });
  }

  return {
    counts,
    histograms: record.histograms,
    get responseIntervals() {
      return record.responseIntervals();
    },
    outcomes: record.outcomes,
    run() {
      return new Promise((resolve, reject) => {
        finish = resolve;
        fault = reject;
        awaitNextVisit();
      });
    },
    end() {
      if (ended) return;
      ended = true;
      tellEnded();
      pace.stop();
      counts.cut = walking;
      finish();
    },
  };
}
