// How many visits are expected to have a session at each moment of a grid, were nobody refused: what a tilt of the arrivals is measured
// against. Visits are walked from one spacing of the grid, which is a whole number of sweeps, so that later ones fare alike; a visit from
// i spacings later covers the cells i further on. The time that visitors spend between page views has a mean that is known, and those
// walked are set right by it (a control variate), which takes nearly all chance out of the sum.
// Source: Law, Simulation Modeling and Analysis, 5th ed., 11.4 (control variates).

import type { Scenario } from "../../config/scenario.ts";
import { countMean, lawMeanBelow } from "../../workload/distributions.ts";
import type { Journeys } from "../../workload/journeys.ts";
import { type RatePiece, ratePieces } from "../analytic/arrival-rate.ts";
import { coveredCells } from "./visit-cover.ts";
import type { VisitTrace } from "./visit-trace.ts";

export interface CellMeans {
  /** Of one store, in cell 0 … cells. All stores fare alike. */
  readonly visits: Float64Array;
  /** Standard error of each, relative to it. */
  readonly relativeError: number;
  /** Attempts to begin a session from 0 to the moment of each cell, all stores together. */
  readonly attempts: Float64Array;
  /** Chance that a visit covers a cell so many further on, one store: falls to 0. */
  readonly coverage: Float64Array;
}

interface Options {
  readonly scenario: Scenario;
  readonly trace: VisitTrace;
  readonly journeys: Journeys;
  readonly stores: number;
  readonly spacingMs: number;
  readonly cells: number;
  /** To be walked, numbered from 0. */
  readonly visits: number;
}

/** Parts of a spacing in which a rate that varies is taken to be steady. */
const PARTS = 8;
/** The golden section: multiples of it fill a spacing evenly, however many there are. */
const GOLDEN = 0.6180339887498949;

export function cellMeansOf(options: Options): CellMeans {
  const { scenario, stores, spacingMs, cells, visits } = options;
  const { workload } = scenario;
  const parts = workload.arrivals.kind === "poisson" ? 1 : PARTS;
  const { covering, attempting, walked, correction, relativeError } = walkVisits(options, parts);
  const inPart = arrivalsIn(scenario, spacingMs, cells, parts);
  const reach = reachOf([...covering, ...attempting]);
  const expected = new Float64Array(cells + 1);
  const attempts = new Float64Array(cells + 1);
  for (let part = 0; part < parts; part++) {
    const perVisit = correction / (walked[part] * stores);
    spread(inPart[part], covering[part], perVisit, reach, expected);
    spread(inPart[part], attempting[part], 1 / walked[part], reach, attempts);
  }
  for (let cell = 1; cell <= cells; cell++) attempts[cell] += attempts[cell - 1];
  const coverage = new Float64Array(cells + 1);
  for (const counts of covering)
    for (let cell = 0; cell <= cells; cell++) coverage[cell] += counts[cell] / (visits * stores);
  return { visits: expected, relativeError, attempts, coverage };
}

/** Counts, by part of the spacing that a visit came in, of visits that cover each cell, or begin a session just before it. */
function walkVisits({ scenario, trace, journeys, spacingMs, cells, visits }: Options, parts: number) {
  const column = () => Array.from({ length: parts }, () => new Float64Array(cells + 1));
  const covering = column();
  const attempting = column();
  const walked = new Float64Array(parts);
  const control = controlOf(scenario, journeys);
  const sums = { y: 0, z: 0, yy: 0, yz: 0, zz: 0 };
  let cover = 0;
  let counts = covering[0];
  const tell = (_store: number, first: number, last: number) => {
    cover += last - first + 1;
    counts[first]++;
    if (last < cells) counts[last + 1]--;
  };
  for (let visit = 0; visit < visits; visit++) {
    const place = (visit * GOLDEN) % 1;
    const part = Math.floor(place * parts);
    walked[part]++;
    counts = covering[part];
    cover = 0;
    trace.follow(place * spacingMs, visit);
    coveredCells(trace, spacingMs, cells, tell);
    for (let session = 0; session < trace.sessions; session++) {
      const cell = Math.floor(trace.startMs[session] / spacingMs) + 1;
      if (cell <= cells) attempting[part][cell]++;
    }
    const y = cover * spacingMs;
    const z = control.of(visit) - control.mean;
    sums.y += y;
    sums.z += z;
    sums.yy += y * y;
    sums.yz += y * z;
    sums.zz += z * z;
  }
  for (const jumps of covering) for (let cell = 1; cell <= cells; cell++) jumps[cell] += jumps[cell - 1];
  return { covering, attempting, walked, ...corrected(sums, visits) };
}

/** What all counts are to be multiplied by, and how well their sum is then known. */
function corrected(sums: Readonly<Record<"y" | "z" | "yy" | "yz" | "zz", number>>, visits: number) {
  const y = sums.y / visits;
  const z = sums.z / visits;
  const varianceY = sums.yy / visits - y * y;
  const varianceZ = sums.zz / visits - z * z;
  const covariance = sums.yz / visits - y * z;
  if (!(varianceZ > 0)) return { correction: 1, relativeError: Math.sqrt(Math.max(0, varianceY) / visits) / y };
  const slope = covariance / varianceZ;
  const left = Math.max(0, varianceY - slope * covariance);
  return { correction: 1 - (slope * z) / y, relativeError: Math.sqrt(left / visits) / y };
}

/** The think times of a visit, each as long as a session outlasts it: a quantity with a known mean. */
function controlOf({ site, workload }: Scenario, journeys: Journeys) {
  const timeoutMs = site.timeoutMs ?? Number.POSITIVE_INFINITY;
  const mean = (countMean(workload.requestsPerVisit) - 1) * lawMeanBelow(workload.thinkMs, timeoutMs);
  if (!Number.isFinite(mean)) return { mean: 0, of: () => 0 };
  function of(visit: number): number {
    let sum = 0;
    const gaps = journeys.requestsOf(visit) - 1;
    for (let step = 0; step < gaps; step++) sum += Math.min(journeys.thinkMs(visit, step), timeoutMs);
    return sum;
  }
  return { mean, of };
}

/** Adds to each cell what the arrivals of every spacing before it bring there. */
function spread(
  arrivals: Float64Array,
  counts: Float64Array,
  perVisit: number,
  reach: number,
  into: Float64Array,
): void {
  const cells = into.length - 1;
  if (arrivals.every((count) => Math.abs(count - arrivals[0]) <= 1e-9 * arrivals[0])) {
    let sum = 0;
    for (let cell = 0; cell <= cells; cell++) {
      sum += counts[cell] * perVisit * arrivals[0];
      into[cell] += sum;
    }
    return;
  }
  for (let from = 0; from < arrivals.length; from++) {
    const weight = arrivals[from] * perVisit;
    if (weight === 0) continue;
    const last = Math.min(reach, cells - from);
    for (let cell = 0; cell <= last; cell++) into[from + cell] += counts[cell] * weight;
  }
}

function reachOf(columns: readonly Float64Array[]): number {
  const reaches = columns.map((counts) => counts.findLastIndex((count) => count > 0));
  return Math.max(0, ...reaches);
}

/** Expected arrivals in each part of each spacing. */
function arrivalsIn({ workload }: Scenario, spacingMs: number, cells: number, parts: number): Float64Array[] {
  const { arrivals } = workload;
  const columns = Array.from({ length: parts }, () => new Float64Array(cells));
  if (arrivals.kind === "poisson") return [columns[0].fill((arrivals.perSecond * spacingMs) / 1000)];
  for (const piece of ratePieces(arrivals, cells * spacingMs) ?? []) addPiece(piece, spacingMs / parts, columns);
  return columns;
}

function addPiece(piece: RatePiece, partMs: number, columns: readonly Float64Array[]): void {
  const parts = columns.length;
  const { fromMs, toMs, fromPerSecond, toPerSecond } = piece;
  const slope = toMs > fromMs ? (toPerSecond - fromPerSecond) / (toMs - fromMs) : 0;
  for (let number = Math.floor(fromMs / partMs); number * partMs < toMs; number++) {
    const spacing = Math.floor(number / parts);
    if (spacing >= columns[0].length) return;
    const low = Math.max(fromMs, number * partMs);
    const high = Math.min(toMs, (number + 1) * partMs);
    if (high <= low) continue;
    const rate = fromPerSecond + slope * ((low + high) / 2 - fromMs);
    columns[number % parts][spacing] += (rate * (high - low)) / 1000;
  }
}
