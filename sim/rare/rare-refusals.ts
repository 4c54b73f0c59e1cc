// The refused share of a scenario whose cap is hardly ever reached, from 1e-3 down to where nothing else has an answer: the mean of what
// tilted runs refuse (tilted-runs.ts), each weighed by how much less likely it is than it was made, over the attempts there are. Nothing
// is presumed of the laws but that visits come at random and do not know of each other.
// The interval is that of the logarithm, which is nearer to normal: of the runs, by the delta method for a quotient, and of the means
// that the tilt was measured against.

import { assert } from "../../config/assert.ts";
import { exp } from "../../config/elementary.ts";
import type { Scenario } from "../../config/scenario.ts";
import { tQuantile } from "../../metrics/confidence.ts";
import type { Estimate } from "../../metrics/estimate.ts";
import { createJourneys } from "../../workload/journeys.ts";
import { planRare, type RarePlan } from "./rare-plan.ts";
import { rareSiteOf, refuseUntreatable } from "./rare-site.ts";
import { createTiltedRuns } from "./tilted-runs.ts";
import { createVisitTrace } from "./visit-trace.ts";

export interface RareRefusals {
  /** Of new sessions in the measured part; null interval where too few runs refused anybody, or one of them outweighs the others. */
  readonly share: Estimate;
  readonly runs: number;
  /** Runs in which somebody was refused. */
  readonly refusing: number;
  /** Visits walked. */
  readonly visits: number;
  /** How wide the interval came out, as half of it to the share; null as above. */
  readonly relativeHalfWidth: number | null;
  /** The interval is as narrow as asked. */
  readonly reached: boolean;
}

export interface RareOptions {
  /** Half the width of the 95 % interval, relative to the share; 0.1 when left out. */
  readonly relativeHalfWidth?: number;
  /** Given up after so many; DEFAULT_VISITS_MAX when left out. */
  readonly visitsMax?: number;
  /** Of the work, 0 to 1, as far as it can be told. */
  readonly onProgress?: (share: number) => void;
}

/** An estimate in the making. */
export interface RareStudy {
  /** As narrow as asked, or given up. */
  readonly done: boolean;
  /** Share of the work done, as far as it can be told. */
  readonly share: number;
  /** Some more runs, 131,072 visits: some tenths of a second. */
  step(): void;
  /** From the runs so far. */
  estimate(): RareRefusals;
}

export const DEFAULT_PRECISION = 0.1;
export const DEFAULT_VISITS_MAX = 2e8;
/** Visits in a step. */
const STEP_VISITS = 1 << 17;
/** Before so many runs have refused somebody, no interval is trusted. */
const REFUSING_MIN = 40;
/** Nor where a single run makes up more than this share of all. */
const MOST_MAX = 0.25;
const LEVEL = 0.95;

/**
 * @returns the refused share of the measured part with its 95 % interval; the same for the same scenario and options.
 * @throws InputError for a scenario that it cannot treat honestly.
 */
export function estimateRareRefusals(scenario: Scenario, options: RareOptions = {}): RareRefusals {
  const study = createRareStudy(scenario, options);
  while (!study.done) {
    study.step();
    options.onProgress?.(study.share);
  }
  return study.estimate();
}

/** The same step by step. @throws InputError as above. */
export function createRareStudy(scenario: Scenario, options: RareOptions = {}): RareStudy {
  refuseUntreatable(scenario);
  const { relativeHalfWidth: asked = DEFAULT_PRECISION, visitsMax = DEFAULT_VISITS_MAX } = options;
  assert(asked > 0, "a precision is above 0");
  const { seed } = scenario.run;
  const site = rareSiteOf(scenario);
  const journeys = createJourneys(scenario.workload, seed);
  const trace = createVisitTrace({ scenario, seed, journeys, ...site });
  const plan = planRare({ scenario, site, trace, journeys });
  const runs = createTiltedRuns({ scenario, seed, site, plan, trace, journeys });
  const sums: Sums = { runs: 0, refusing: 0, r: 0, a: 0, rr: 0, ra: 0, aa: 0, most: 0 };

  function estimate(): RareRefusals {
    const share = shareOf(sums, plan);
    const { value, interval } = share;
    const relativeHalfWidth = interval === null ? null : (interval.high - interval.low) / 2 / value;
    const reached = relativeHalfWidth !== null && relativeHalfWidth <= asked;
    return { share, runs: sums.runs, refusing: sums.refusing, visits: runs.visits, relativeHalfWidth, reached };
  }

  const study = {
    done: false,
    share: 0,
    step() {
      const untilVisits = runs.visits + STEP_VISITS;
      do add(sums, runs.next());
      while (runs.visits < untilVisits);
      const { relativeHalfWidth, reached } = estimate();
      const width = relativeHalfWidth ?? Number.POSITIVE_INFINITY;
      study.share = Math.min(1, Math.max(runs.visits / visitsMax, (asked / width) * (asked / width)));
      study.done = reached || runs.visits >= visitsMax;
    },
    estimate,
  };
  return study;
}

interface Sums {
  runs: number;
  refusing: number;
  r: number;
  a: number;
  rr: number;
  ra: number;
  aa: number;
  /** The largest r. */
  most: number;
}

function add(sums: Sums, { refused, attempts }: { readonly refused: number; readonly attempts: number }): void {
  sums.runs++;
  if (refused > 0) sums.refusing++;
  sums.r += refused;
  sums.a += attempts;
  sums.most = Math.max(sums.most, refused);
  sums.rr += refused * refused;
  sums.ra += refused * attempts;
  sums.aa += attempts * attempts;
}

/** Refused ÷ attempts: total × mean(r) ÷ (attempts without a cap + total × mean(a)). */
function shareOf(sums: Sums, plan: RarePlan): Estimate {
  const { runs } = sums;
  const refused = plan.total * (sums.r / runs);
  const attempts = plan.attempts + plan.total * (sums.a / runs);
  const value = refused / attempts;
  if (sums.refusing < REFUSING_MIN || sums.most > MOST_MAX * sums.r) return { value, interval: null };
  // What each run says of refused − value × attempts has the mean 0 but for a constant.
  const mean = (sums.r - value * sums.a) / runs;
  const square = (sums.rr - 2 * value * sums.ra + value * value * sums.aa) / runs;
  const errorOfRuns = (plan.total * Math.sqrt((square - mean * mean) / runs)) / refused;
  // E[e^(tilt·N)] is e^((e^tilt − 1)·mean).
  const errorOfMeans = (exp(plan.tilt) - 1) * plan.highest * plan.meansError;
  const error = Math.sqrt(errorOfRuns * errorOfRuns + errorOfMeans * errorOfMeans);
  const factor = exp(tQuantile(1 - (1 - LEVEL) / 2, sums.refusing - 1) * error);
  const method = `95 %, importance sampling: ${runs} tilted runs, ${sums.refusing} of them refusing`;
  return { value, interval: { low: value / factor, high: Math.min(1, value * factor), method } };
}
