// Where and how hard a run is tilted: the grid of moments at which the site may be thought full, the windows of the measured part that
// are simulated one at a time, and how far back a window has to begin.

import { assert } from "../../config/assert.ts";
import { exp, log } from "../../config/elementary.ts";
import { InputError } from "../../config/problem.ts";
import type { Scenario } from "../../config/scenario.ts";
import { ratePeak } from "../../workload/arrivals.ts";
import type { Journeys } from "../../workload/journeys.ts";
import { type CellMeans, cellMeansOf } from "./cell-means.ts";
import type { RareSite } from "./rare-site.ts";
import type { VisitTrace } from "./visit-trace.ts";

export interface RarePlan {
  /** Cell c is the moment c × spacing. */
  readonly spacingMs: number;
  /** Window w is fromMs[w] to fromMs[w + 1]; its cells are firstCell[w] up to firstCell[w + 1], not included. */
  readonly fromMs: readonly number[];
  readonly firstCell: readonly number[];
  /** Visits from longer before a window matter no more. */
  readonly lookBackMs: number;
  /** Arrivals whose session is there at the chosen moment come e^tilt times as often. At least 0. */
  readonly tilt: number;
  /** Most visits expected to have a session at one time, in one store. */
  readonly highest: number;
  /** Standard error of the means that weights rest on, relative to them. */
  readonly meansError: number;
  /** Chance that a moment up to this cell is chosen; counted from the first cell of the first window. */
  readonly chosenUpTo: Float64Array;
  /** Σ over cells and stores of E[e^(tilt × (visits stored − cap))]. */
  readonly total: number;
  /** Expected in the measured part where nobody is refused. */
  readonly attempts: number;
  /** Visits walked to find all that out. */
  readonly visits: number;
}

/** Spacings of the grid in the mean time that a visit is stored: an excursion to the cap lasts a few of them. */
const SPACINGS_A_STAY = 48;
const CELLS_MAX = 200_000;
/** The same where the rate varies, and each cell looks back over all before it. */
const CELLS_MAX_VARYING = 50_000;
/** A grid may be so much coarser than wanted. */
const COARSE = 3;
const ROUGH_VISITS = 4096;
const PILOT_VISITS = 1 << 17;
/**
 * Visits from too long ago to be simulated add this much, at most, to the logarithm of a weight. Runs lack them and weights do not, which
 * makes up for them: near the cap, one more expected is worth as much as any other.
 */
const NEGLECTED = 0.1;
/** And so much, at most, of the spread of the number stored: where the cap is within reach, nothing makes up for them. */
const NEGLECTED_SPREAD = 0.01;

interface PlanOptions {
  readonly scenario: Scenario;
  readonly site: RareSite;
  readonly trace: VisitTrace;
  readonly journeys: Journeys;
}

export function planRare({ scenario, site, trace, journeys }: PlanOptions): RarePlan {
  const { run } = scenario;
  const stayMs = roughStayMs(scenario, trace);
  const spacingMs = spacingOf(scenario, site, stayMs);
  const cells = Math.floor(run.durationMs / spacingMs + 1e-9);
  assert(cells >= 1, "there is a moment in the measured part");
  const means = cellMeansOf({ scenario, trace, journeys, stores: site.stores, spacingMs, cells, visits: PILOT_VISITS });
  const { fromMs, firstCell } = windowsOf(scenario, spacingMs, cells, stayMs);
  const windows = fromMs.length - 1;
  const from = firstCell[0];
  const count = firstCell[windows] - from;
  let highest = 0;
  for (let i = 0; i < count; i++) highest = Math.max(highest, means.visits[from + i]);
  if (highest === 0) refuseNobody(scenario);
  const cap = scenario.site.sessionsMax;
  const tilt = cap > highest ? log(cap / highest) : 0;
  const gain = exp(tilt) - 1;
  const chosenUpTo = new Float64Array(count);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    sum += exp(gain * means.visits[from + i] - tilt * cap);
    chosenUpTo[i] = sum;
  }
  for (let i = 0; i < count; i++) chosenUpTo[i] /= sum;
  const at = (ms: number) => attemptsUpTo(means, spacingMs, ms);
  return {
    spacingMs,
    fromMs,
    firstCell,
    lookBackMs: lookBackOf(
      scenario,
      means,
      spacingMs,
      Math.min(NEGLECTED / gain, NEGLECTED_SPREAD * Math.sqrt(highest)),
    ),
    tilt,
    highest,
    meansError: means.relativeError,
    chosenUpTo,
    total: sum * site.stores,
    attempts: at(run.durationMs) - at(run.warmupMs),
    visits: ROUGH_VISITS + PILOT_VISITS,
  };
}

function refuseNobody({ name }: Scenario): never {
  const expected = "visits that have a session in the measured part";
  throw new InputError(`Cannot estimate rare refusals of "${name}"`, [
    { at: "workload.arrivals", given: "without any then", expected, mend: "measure when they come" },
  ]);
}

/** Mean time that the sessions of a visit are stored, all together, within the run. */
function roughStayMs({ run }: Scenario, trace: VisitTrace): number {
  let sumMs = 0;
  for (let visit = 0; visit < ROUGH_VISITS; visit++) {
    trace.follow(0, visit);
    for (let session = 0; session < trace.sessions; session++) {
      sumMs += Math.min(trace.endMs[session], run.durationMs) - trace.startMs[session];
    }
  }
  return sumMs / ROUGH_VISITS;
}

/**
 * A whole number of sweeps: just before a sweep a store is fullest, and all spacings are alike.
 * @throws InputError where so many moments would be needed that the grid would miss whole visits to the cap.
 */
function spacingOf(scenario: Scenario, { sweepMs, stores }: RareSite, stayMs: number): number {
  const { run, workload, site, name } = scenario;
  const measuredMs = run.durationMs - run.warmupMs;
  const stored = (ratePeak(workload.arrivals) * stayMs) / 1000 / stores;
  const cap = site.sessionsMax;
  // From the cap the number falls back by (cap − stored) a stay, and each e-fold of the weight is 1/tilt of it.
  const folds = cap > stored ? 2 * log(cap / stored) * (cap - stored) : 0;
  const wantedMs = Math.min(stayMs / Math.max(SPACINGS_A_STAY, folds), measuredMs / 4);
  const cellsMax = workload.arrivals.kind === "poisson" ? CELLS_MAX : CELLS_MAX_VARYING;
  const spacingMs = Math.max(wantedMs, run.durationMs / cellsMax);
  if (spacingMs > Math.max(COARSE * wantedMs, sweepMs)) {
    const minutes = (ms: number) => Number((ms / 60_000).toPrecision(2));
    const expected = `at most ${minutes(COARSE * wantedMs * cellsMax)}, for sessions stored for ${minutes(stayMs)} on the average`;
    throw new InputError(`Cannot estimate rare refusals of "${name}"`, [
      { at: "run.durationMinutes", given: String(minutes(run.durationMs)), expected, mend: "take a part of the run" },
    ]);
  }
  return sweepMs === 0 ? spacingMs : sweepMs * Math.max(1, Math.floor(spacingMs / sweepMs));
}

/** Windows as long as a stay, roughly, so that half of what is simulated is not the way there. */
function windowsOf({ run }: Scenario, spacingMs: number, cells: number, stayMs: number) {
  const measuredMs = run.durationMs - run.warmupMs;
  const windows = Math.max(1, Math.floor(measuredMs / Math.max(stayMs, 4 * spacingMs)));
  const fromMs = Array.from({ length: windows + 1 }, (_, w) => run.warmupMs + (measuredMs * w) / windows);
  const firstCell = fromMs.map((ms) => Math.min(cells + 1, Math.floor(ms / spacingMs + 1e-9) + 1));
  return { fromMs, firstCell };
}

/** @param visitsMax that have begun longer ago and still have a session, in one store. */
function lookBackOf({ workload }: Scenario, { coverage }: CellMeans, spacingMs: number, visitsMax: number): number {
  const perSpacing = (ratePeak(workload.arrivals) * spacingMs) / 1000;
  let left = 0;
  let cell = coverage.length - 1;
  for (; cell > 0; cell--) {
    left += coverage[cell] * perSpacing;
    if (left > visitsMax) break;
  }
  return (cell + 2) * spacingMs;
}

function attemptsUpTo({ attempts }: CellMeans, spacingMs: number, ms: number): number {
  const place = ms / spacingMs;
  const cell = Math.min(Math.floor(place), attempts.length - 1);
  const after = cell + 1 < attempts.length ? attempts[cell + 1] - attempts[cell] : attempts[cell] - attempts[cell - 1];
  return attempts[cell] + (place - cell) * after;
}
