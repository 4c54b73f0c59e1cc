// sessionlab bench --driver slo: the highest rate at which p99 of the response times and the share of failed requests stay within
// the scenario's targets, in requests of real time, and the sessions and the memory that it means.

import { InputError } from "../../../config/problem.ts";
import type { Scenario, Target } from "../../../config/scenario.ts";
import type { RunResult } from "../../../metrics/run-result.ts";
import type { SloProbe } from "../../../metrics/study.ts";
import { summariseStudy } from "../../../metrics/summarise-study.ts";
import { ratePeak } from "../../../workload/arrivals.ts";
import { besideMachine } from "../../audit/audit-study.ts";
import type { BenchOptions } from "../../bench-options.ts";
import { runJourneys } from "../journeys/run-journeys.ts";
import { type Held, heldBy, planHold } from "./slo-hold.ts";
import { type Evidence, judge, lean, type Objectives } from "./slo-judgement.ts";
import { machineOver } from "./slo-machine.ts";
import {
  believable,
  describeProbe,
  evidenceOf,
  type ProbePlan,
  planProbe,
  probeScenario,
  requestsPerVisit,
} from "./slo-probe.ts";
import { answerOf, auditOf, figuresOf, say, studyOf } from "./slo-report.ts";
import { type Bracket, searchRate } from "./slo-search.ts";

/** What is asked for where the scenario has no target of its own. */
const DEFAULT_P99_MS = 500;
const DEFAULT_FAILED_SHARE = 0.001;

/** Requests a second: where the search begins, and between which it stays. */
const START_RATE = 250;
const LOWEST_RATE = 10;
const HIGHEST_RATE = 200_000;
/** Beyond it no further rate is tried: on a busy machine few probes are clear, and many are repeated. */
const SEARCH_MS_MAX = 240_000;
/** As a rule; only for the progress. */
const PROBES_EXPECTED = 14;

/** How a plan is lived through; runJourneys, but in tests. */
export type LiveThrough = (scenario: Scenario, options: BenchOptions) => Promise<RunResult>;

/** @throws InputError for a site that bench cannot drive, a store that cannot be started or reached, and arrivals of a trace. */
export async function runSlo(
  scenario: Scenario,
  options: BenchOptions,
  live: LiveThrough = runJourneys,
): Promise<RunResult> {
  const startedAt = new Date();
  refuseLog(scenario, options);
  const objectives = objectivesOf(scenario);
  const perVisit = requestsPerVisit(scenario);
  const probes: SloProbe[] = [];
  const lived: RunResult[] = [];
  let store: string | null = null;
  let known = "";
  let tries = 0;

  async function liveOnce(plan: ProbePlan, what: string): Promise<RunResult | null> {
    const result = await live(probeScenario(scenario, plan), {
      ...options,
      driver: "journeys",
      onProgress: ({ share, note }) =>
        options.onProgress({
          share: Math.min(0.95, (tries - 1 + Math.min(1, share)) / PROBES_EXPECTED),
          note: `${what}${known}; ${note}`,
        }),
    });
    store = result.store;
    lived.push(result);
    return result.complete || !options.signal.aborted ? result : null;
  }

  async function probe(visitsPerSecond: number) {
    if (options.signal.aborted) return null;
    const plan = planProbe(scenario, visitsPerSecond, objectives, scenario.run.seed + tries++);
    const result = await liveOnce(plan, `${say(visitsPerSecond * perVisit)} requests/s`);
    if (result === null) return null;
    // It ended by itself before its time: the host died, and with it whatever came after.
    const evidence = result.complete ? evidenceOf(result, plan, objectives) : allFailed;
    const valid = !result.complete || believable(result);
    const met = valid && lean(evidence, objectives) === "met";
    probes.push(describeProbe(result, plan, { met, valid }));
    return { evidence, valid };
  }

  const startRate = Math.max(START_RATE / perVisit, ratePeak(scenario.workload.arrivals) * scenario.run.timeScale);
  const bracket = await searchRate(probe, {
    startRate: Math.min(startRate, HIGHEST_RATE / perVisit),
    lowestRate: LOWEST_RATE / perVisit,
    highestRate: HIGHEST_RATE / perVisit,
    objectives,
    outOfTime: () => Date.now() - startedAt.getTime() > SEARCH_MS_MAX,
    onBracket(reached) {
      known = describeBracket(reached, perVisit);
    },
  });
  const answer = answerOf(bracket);
  let held: Held | null = null;
  let holdMissed = false;
  if (answer !== null && bracket.complete && !options.signal.aborted) {
    const plan = planHold(scenario, answer.low, scenario.run.seed + tries++);
    if (plan !== null) {
      const result = await liveOnce(plan, `holding ${say(plan.visitsPerSecond * perVisit)} requests/s`);
      if (result !== null) {
        // Incomplete without a cut: the host died of it.
        if (result.complete) held = heldBy(scenario, result, plan, answer);
        holdMissed = !result.complete || judge(evidenceOf(result, plan, objectives), objectives) === "missed";
      }
    }
  }
  const complete = bracket.complete && !options.signal.aborted;
  const study = studyOf(objectives, probes, answer, bracket, perVisit, held);
  const audit = auditOf({
    scenario,
    study,
    bracket,
    perVisit,
    answer,
    held,
    holdMissed,
    complete,
    lowestRate: LOWEST_RATE,
  });
  const tookMs = Date.now() - startedAt.getTime();
  return summariseStudy({
    scenario,
    store,
    settings: options.settings,
    command: options.command,
    study,
    figures: figuresOf(study, held),
    complete,
    tookMs,
    ...besideMachine(audit, machineOver(lived)),
    environment: options.environment(startedAt, tookMs / 1000),
  });
}

/** What is left to say of a host that died. */
const allFailed: Evidence = { requests: 1, failed: 1, probes: [] };

function refuseLog({ name }: Scenario, { logFile }: BenchOptions): void {
  if (logFile === undefined) return;
  const expected = "one run: the search makes many, each of another rate";
  const mend = "leave it out, or log a run of --driver journeys";
  throw new InputError(`Cannot bench "${name}"`, [{ at: "--log", given: logFile, expected, mend }]);
}

/** The scenario's own targets where it has them. */
export function objectivesOf({ targets }: Scenario): Objectives {
  const limit = (figure: string) => targets.find((target: Target) => target.figure === figure)?.atMost;
  return {
    responseP99MsMax: limit("responseP99Ms") ?? DEFAULT_P99_MS,
    failedShareMax: limit("failedShare") ?? DEFAULT_FAILED_SHARE,
  };
}

function describeBracket({ met, missed, unbelieved }: Bracket, perVisit: number): string {
  const upper = missed ?? unbelieved;
  return [
    met === null ? "" : `, met at ${say(met * perVisit)}`,
    upper === null ? "" : `, ${missed === null ? "generator late" : "missed"} at ${say(upper * perVisit)}`,
  ].join("");
}
