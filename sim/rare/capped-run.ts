// The scenario's own model, cap and all, over visits whose moments are given: what it refuses within a window.

import type { Scenario } from "../../config/scenario.ts";
import type { Journeys } from "../../workload/journeys.ts";
import { createEventQueue } from "../engine/event-queue.ts";
import { createRecordBook, MEASURED } from "../population/record-book.ts";
import { createSessionLives } from "../population/session-lives.ts";
import { createStoredLevel } from "../population/stored-level.ts";
import { createVisitWalk } from "../population/visit-walk.ts";
import type { RareSite } from "./rare-site.ts";

/** Visits in the order in which they come. */
export interface VisitList {
  count: number;
  atMs: Float64Array;
  visit: Float64Array;
}

export interface CappedRun {
  readonly refused: number;
  /** Started or refused. */
  readonly attempts: number;
}

interface CappedRunOptions {
  readonly scenario: Scenario;
  readonly site: RareSite;
  readonly seed: number;
  readonly journeys: Journeys;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Draws are looked up by visit, so these visitors are those that were followed before. */
export function runCapped(visits: VisitList, options: CappedRunOptions): CappedRun {
  const { scenario, seed, journeys, fromMs, untilMs } = options;
  const { site } = scenario;
  const { stores, sweepMs } = options.site;
  const run = { ...scenario.run, durationMs: untilMs, warmupMs: fromMs, sampleMs: untilMs };
  const book = createRecordBook(run);
  const level = createStoredLevel({ stores, sessionsMax: site.sessionsMax, sweepMs, losses: [], endMs: untilMs });
  const places = site.mode === "InProc" && !site.affinity ? stores : 1;
  const lives = createSessionLives({ site, places, losses: [], endMs: untilMs, book, level });
  const turns = createEventQueue();
  const windowed = { ...scenario, run };
  const walk = createVisitWalk({
    scenario: windowed,
    seed,
    mirrored: false,
    endMs: untilMs,
    journeys,
    book,
    level,
    lives,
    turns,
  });
  for (let next = 0; ; ) {
    const arrivalMs = next < visits.count ? visits.atMs[next] : Number.POSITIVE_INFINITY;
    const nowMs = Math.min(arrivalMs, turns.nextAtMs);
    if (nowMs >= untilMs) break;
    level.advance(nowMs);
    if (arrivalMs <= nowMs) {
      walk.arrive(nowMs, visits.visit[next++]);
    } else {
      turns.pop();
      walk.resume(nowMs, turns.id);
    }
  }
  const refused = book.sum("refused", MEASURED);
  return { refused, attempts: refused + book.sum("started", MEASURED) };
}
