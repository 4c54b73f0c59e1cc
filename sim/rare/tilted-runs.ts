// Runs in which the rare comes to pass. A moment and a store are chosen; of all visits those that have a session there and then come
// e^tilt times as often, so that about as many are stored as the cap allows; then the scenario's own model runs over these visits, and
// what it refuses in the window around the moment is counted. Visits without refusals are independent of each other, so the chance of
// what came, under the scenario's own law, to its chance under the law it was drawn from, is Σ E[e^(tilt·N)] ÷ Σ e^(tilt·N), sums over
// all moments and stores of the window, N the visits stored. Because any of the moments could have been the chosen one, the weight hardly
// varies among runs that refuse.
// Sources: Heidelberger, ACM TOMACS 5 (1995), on tilting; Adler, Blanchet and Liu, Annals of Applied Probability 22 (2012), on moments
// chosen at random; Lewis and Shedler, Naval Research Logistics Quarterly 26 (1979), on thinning.

import { exp } from "../../config/elementary.ts";
import type { Scenario } from "../../config/scenario.ts";
import { rateAt, ratePeak } from "../../workload/arrivals.ts";
import { negativeLog } from "../../workload/exponential.ts";
import type { Journeys } from "../../workload/journeys.ts";
import { createStream } from "../../workload/random-stream.ts";
import { runCapped, type VisitList } from "./capped-run.ts";
import { createLevelBound } from "./level-bound.ts";
import type { RarePlan } from "./rare-plan.ts";
import type { RareSite } from "./rare-site.ts";
import { coveredCells } from "./visit-cover.ts";
import type { VisitTrace } from "./visit-trace.ts";

export interface TiltedRun {
  /** Refused in the window ÷ Σ e^(tilt × (N − cap)). */
  readonly refused: number;
  /** The same of the attempts to begin a session, those there would have been without a cap taken off. */
  readonly attempts: number;
}

export interface TiltedRuns {
  /** Walked so far. */
  readonly visits: number;
  next(): TiltedRun;
}

interface TiltedRunsOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly site: RareSite;
  readonly plan: RarePlan;
  readonly trace: VisitTrace;
  readonly journeys: Journeys;
}

const NOTHING: TiltedRun = { refused: 0, attempts: 0 };

export function createTiltedRuns(options: TiltedRunsOptions): TiltedRuns {
  const { scenario, seed, site, plan, trace, journeys } = options;
  const { workload } = scenario;
  const { stores } = site;
  const { spacingMs, firstCell, fromMs, tilt } = plan;
  const cap = scenario.site.sessionsMax;
  const luck = createStream(seed, "rare refusals");
  const peakPerSecond = ratePeak(workload.arrivals);
  const varies = workload.arrivals.kind !== "poisson";
  const kept = exp(-tilt);
  const cellsMax = Math.max(...fromMs.slice(1).map((_, w) => firstCell[w + 1] - firstCell[w]));
  const jumps = new Int32Array(stores * (cellsMax + 1));
  const bound = createLevelBound(stores);
  const accepted: VisitList = { count: 0, atMs: new Float64Array(1024), visit: new Float64Array(1024) };
  const gapMs = (1000 * kept) / peakPerSecond;
  const runs = { visits: plan.visits, next };

  let chosenCell = 0;
  let chosenStore = 0;
  let first = 0;
  let cells = 0;
  let present = false;

  const look = (store: number, from: number, to: number) => {
    if (store === chosenStore && from <= chosenCell && to >= chosenCell) present = true;
  };
  const count = (store: number, from: number, to: number) => {
    const low = Math.max(0, from - first);
    const high = to - first + 1;
    if (low >= cells || high <= 0) return;
    const row = store * (cellsMax + 1);
    jumps[row + low]++;
    jumps[row + Math.min(cells, high)]--;
  };

  function accept(atMs: number, visit: number): void {
    if (accepted.count === accepted.atMs.length) {
      for (const column of ["atMs", "visit"] as const) {
        const larger = new Float64Array(accepted.count * 2);
        larger.set(accepted[column]);
        accepted[column] = larger;
      }
    }
    accepted.atMs[accepted.count] = atMs;
    accepted.visit[accepted.count++] = visit;
  }

  /** Σ e^(tilt × (N − cap)) over the cells of the window, in all stores. */
  function weighed(): number {
    let sum = 0;
    for (let store = 0; store < stores; store++) {
      let stored = 0;
      for (let cell = 0; cell < cells; cell++) {
        stored += jumps[store * (cellsMax + 1) + cell];
        sum += exp(tilt * (stored - cap));
      }
    }
    return sum;
  }

  function next(): TiltedRun {
    chosenCell = firstCell[0] + cellChosen(plan.chosenUpTo, luck.next());
    chosenStore = Math.floor(luck.next() * stores);
    const window = windowOf(firstCell, chosenCell);
    first = firstCell[window];
    cells = firstCell[window + 1] - first;
    const windowMs = fromMs[window];
    const untilMs = fromMs[window + 1];
    const beginMs = Math.max(0, windowMs - plan.lookBackMs);
    jumps.fill(0);
    bound.clear(beginMs, untilMs);
    accepted.count = 0;
    let attempts = 0;
    for (let atMs = beginMs; ; ) {
      atMs += gapMs * negativeLog(luck.nextBits());
      if (atMs >= untilMs) break;
      if (varies && luck.next() * peakPerSecond >= rateAt(workload.arrivals, atMs)) continue;
      const visit = runs.visits++;
      trace.follow(atMs, visit);
      present = false;
      coveredCells(trace, spacingMs, chosenCell, look);
      if (!present && luck.next() >= kept) continue;
      accept(atMs, visit);
      bound.add(trace);
      coveredCells(trace, spacingMs, first + cells - 1, count);
      for (let session = 0; session < trace.sessions; session++) {
        const startMs = trace.startMs[session];
        if (startMs >= windowMs && startMs < untilMs) attempts++;
      }
    }
    if (!bound.mayFill(cap)) return NOTHING;
    const capped = runCapped(accepted, { scenario, site, seed, journeys, fromMs: windowMs, untilMs });
    const weight = 1 / weighed();
    return { refused: capped.refused * weight, attempts: (capped.attempts - attempts) * weight };
  }

  return runs;
}

/** The first cell whose share of the chances, with all before it, is above u. */
function cellChosen(chosenUpTo: Float64Array, u: number): number {
  let low = 0;
  let high = chosenUpTo.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (chosenUpTo[middle] > u) high = middle;
    else low = middle + 1;
  }
  return low;
}

function windowOf(firstCell: readonly number[], cell: number): number {
  let low = 0;
  let high = firstCell.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (firstCell[middle] <= cell) low = middle;
    else high = middle - 1;
  }
  return low;
}
