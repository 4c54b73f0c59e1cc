// With the recommended settings, how much more may come until the first target is missed, which, and what gives. The load is scaled as a
// whole, so the shape of the day stays; the same visitors come at every load, only closer together, so that its answer does not jump.

import type { Scenario } from "../../config/scenario.ts";
import { UNLIMITED_SESSIONS } from "../../config/session-settings.ts";
import type { BreakingPoint, TargetEvidence } from "../../metrics/plan/plan.ts";
import { predictRun } from "../../sim/predict/predict-run.ts";
import { scaleArrivals } from "../../workload/scale-arrivals.ts";
import type { Facts } from "./facts.ts";
import { judgeLimit } from "./judge.ts";
import { histogramsFor, limitsOf } from "./limits.ts";
import { FIRST_LOOK, type SearchTask } from "./search.ts";
import type { PlannedSituation } from "./situations.ts";
import { digits } from "./words.ts";

const FACTORS = [1.25, 1.5, 2, 3, 4, 6, 8, 12, 16] as const;
/** The bracket is so narrow at the end. */
const NARROW = 1.03;
/** Of one replication; a load beyond is not tried. */
const SECONDS_MAX = 20;
const REPLICATIONS = 2 * FIRST_LOOK;
/** Of an interval that is only shown: whether a target is missed is told by its value. */
const SHOWN_ERROR = 0.025;

interface Tried {
  readonly situation: PlannedSituation;
  readonly scenario: Scenario;
  readonly facts: readonly Facts[];
  readonly evidence: TargetEvidence;
}

/** @returns null where the work was cut short. */
export async function findBreakingPoint(task: SearchTask, chosen: Scenario): Promise<BreakingPoint | null> {
  const missAt = async (factor: number): Promise<readonly Tried[] | null> => {
    const scaled = task.situations.map(({ apply }) => atLoad(apply(chosen), factor));
    const answers = await task.evaluate(
      scaled.map((scenario, s) => {
        const histograms = histogramsFor(limitsOf(task.situations[s].targets));
        return { scenario, from: 0, to: REPLICATIONS, histograms };
      }),
    );
    if (answers === null) return null;
    return task.situations.flatMap((situation, s) =>
      limitsOf(situation.targets).flatMap((limit): Tried[] => {
        const evidence = judgeLimit(limit, scaled[s], answers[s], SHOWN_ERROR, situation.name);
        return isMissed(evidence) ? [{ situation, scenario: scaled[s], facts: answers[s], evidence }] : [];
      }),
    );
  };

  let metAt = 1;
  let missedAt: number | null = null;
  let missed: readonly Tried[] = [];
  for (const factor of FACTORS) {
    const heaviest = task.situations.map(({ apply }) => predictRun(atLoad(apply(chosen), factor), 1));
    if (heaviest.some(({ seconds, replications }) => seconds / replications > SECONDS_MAX)) break;
    const found = await missAt(factor);
    if (found === null) return null;
    if (found.length > 0) {
      [missedAt, missed] = [factor, found];
      break;
    }
    metAt = factor;
  }
  while (missedAt !== null && missedAt / metAt > NARROW) {
    const middle = Number(Math.sqrt(metAt * missedAt).toPrecision(4));
    const found = await missAt(middle);
    if (found === null) return null;
    if (found.length === 0) metAt = middle;
    else [missedAt, missed] = [middle, found];
  }
  if (missedAt === null) return { metAt, missedAt, target: null, why: `nothing gives up to ${metAt} times the load` };
  const first = missed.reduce((worst, one) => (room(one) < room(worst) ? one : worst));
  return { metAt, missedAt, target: first.evidence, why: whatGives(first) };
}

function atLoad(scenario: Scenario, factor: number): Scenario {
  const arrivals = scaleArrivals(scenario.workload.arrivals, factor);
  return { ...scenario, workload: { ...scenario.workload, arrivals } };
}

function isMissed({ met, margin }: TargetEvidence): boolean {
  return margin === null ? met === false : margin < 0;
}

const room = ({ evidence }: Tried) => evidence.margin ?? Number.NEGATIVE_INFINITY;

const BUSY = 0.8;
const OFTEN = 0.1;

/** The first cause that shows in the figures, in the order in which they hide each other. */
function whatGives({ scenario, facts, evidence, situation }: Tried): string {
  const { site } = scenario;
  const under = situation.kind === "fault" ? `, with ${situation.name}` : "";
  if (evidence.figure === "refusedShare") return `the cap of ${site.sessionsMax} sessions is reached${under}`;
  if (/^(memory|stored|live)/.test(evidence.figure)) {
    return `${digits(mean(facts, "storedSessionsMax"))} sessions are stored at the highest${under}`;
  }
  if (evidence.figure === "lostShare") return `sessions of a process are lost with it${under}`;
  const cores = mean(facts, "coreUtilisation");
  const store = mean(facts, "storeUtilisation");
  const waiting = mean(facts, "lockWaitShare");
  const [busiest, share] = cores >= store ? ["the web cores are", cores] : ["the store is", store];
  if (share >= BUSY) return `${busiest} ${percent(share)} busy${under}`;
  if (waiting >= OFTEN) return `${percent(waiting)} of requests wait for the lock of their session${under}`;
  if (site.sessionsMax < UNLIMITED_SESSIONS && mean(facts, "refusedShare") >= OFTEN) {
    return `${percent(mean(facts, "refusedShare"))} of newcomers are refused at the cap${under}`;
  }
  return `${busiest} ${percent(share)} busy on average, and requests queue there at busy moments${under}`;
}

function mean(facts: readonly Facts[], figure: string): number {
  const parts = facts.flatMap(({ parts }) => parts[figure] ?? []);
  const whole = parts.reduce((sum, part) => sum + part.whole, 0);
  return whole === 0 ? 0 : parts.reduce((sum, { part }) => sum + part, 0) / whole;
}

const percent = (share: number) => `${digits(share * 100)} %`;
