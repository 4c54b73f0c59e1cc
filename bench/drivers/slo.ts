// sessionlab bench --driver slo: the highest rate at which p99 of the response times and the share of failed requests stay within
// the scenario's targets, in requests of real time, and the sessions and the memory that it means.

import { InputError } from "../../config/problem.ts";
import type { Scenario, Target } from "../../config/scenario.ts";
import { UNLIMITED_SESSIONS } from "../../config/session-settings.ts";
import { figureKinds } from "../../metrics/figures.ts";
import type { Audit, Estimate, Figure, RunResult } from "../../metrics/run-result.ts";
import type { SloProbe, SloStudy } from "../../metrics/study.ts";
import { studyFigure } from "../../metrics/study-figures.ts";
import { summariseStudy } from "../../metrics/summarise-study.ts";
import { ratePeak } from "../../workload/arrivals.ts";
import type { BenchOptions } from "../bench-options.ts";
import { runJourneys } from "../run-journeys.ts";
import { type Held, heldBy, planHold } from "./slo-hold.ts";
import { type Evidence, judge, lean, type Objectives, RESPONSES_MIN } from "./slo-judgement.ts";
import {
  believable,
  describeProbe,
  evidenceOf,
  type ProbePlan,
  planProbe,
  probeScenario,
  requestsPerVisit,
} from "./slo-probe.ts";
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
    probes.push(describeProbe(result, plan, valid && lean(evidence, objectives) === "met"));
    return { evidence, valid };
  }

  const startRate = Math.max(START_RATE / perVisit, ratePeak(scenario.workload.arrivals) * scenario.run.timeScale);
  const bracket = await searchRate(probe, {
    startRate: Math.min(startRate, HIGHEST_RATE / perVisit),
    lowestRate: LOWEST_RATE / perVisit,
    highestRate: HIGHEST_RATE / perVisit,
    objectives,
    outOfTime: () => Date.now() - startedAt.getTime() > SEARCH_MS_MAX,
    onBracket: (bracket) => {
      known = describeBracket(bracket, perVisit);
    },
  });
  const answer = answerOf(bracket);
  let held: Held | null = null;
  let holdMissed = false;
  if (answer !== null && bracket.complete && !options.signal.aborted) {
    const plan = planHold(scenario, bracket.metClearly ?? answer.low, scenario.run.seed + tries++);
    if (plan !== null) {
      const result = await liveOnce(plan, `holding ${say(plan.visitsPerSecond * perVisit)} requests/s`);
      if (result !== null) {
        held = heldBy(scenario, result, plan, answer);
        holdMissed = judge(evidenceOf(result, plan, objectives), objectives) === "missed";
      }
    }
  }
  const complete = bracket.complete && !options.signal.aborted;
  const study = studyOf(objectives, probes, answer, bracket, perVisit, held);
  const audit = auditOf({ scenario, study, bracket, perVisit, answer, held, holdMissed, complete });
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
    auditVerdict: audit.verdict,
    auditFindings: audit.findings,
    environment: options.environment(startedAt, tookMs / 1000),
  });
}

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

/** In visits a second. */
interface Answer {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly bound: "bracket" | "at least";
}

/** The middle of the bracket on a logarithmic scale; where there is no upper end, the highest rate that met them. */
function answerOf({ met, missed, unbelieved, metClearly, missedClearly }: Bracket): Answer | null {
  if (met === null) return null;
  if (missed === null || (unbelieved !== null && unbelieved < missed)) {
    return { value: met, low: metClearly ?? met, high: met, bound: "at least" };
  }
  const low = metClearly ?? met;
  return { value: Math.sqrt(met * missed), low, high: missedClearly ?? missed, bound: "bracket" };
}

function studyOf(
  objectives: Objectives,
  probes: readonly SloProbe[],
  answer: Answer | null,
  bracket: Bracket,
  perVisit: number,
  held: Held | null,
): SloStudy {
  const requests: Estimate | null =
    answer === null
      ? null
      : {
          value: answer.value * perVisit,
          interval:
            answer.bound === "at least"
              ? null
              : {
                  low: answer.low * perVisit,
                  high: answer.high * perVisit,
                  method: `bracket: met at its low end, missed at its high end, each at 99 %${
                    bracket.leant.length === 0 ? "" : " or as it leant"
                  }`,
                },
        };
  return {
    kind: "slo",
    ...objectives,
    probes,
    bound: answer?.bound ?? "none",
    requestsPerSecond: requests,
    sessions: held?.sessions ?? null,
    memoryBytes: held?.memoryBytes ?? null,
  };
}

function figuresOf(study: SloStudy, held: Held | null): readonly Figure[] {
  const { closedForm = null } = held ?? {};
  return [
    studyFigure("sloRequestsPerSecond", study.requestsPerSecond),
    { ...studyFigure("sloSessions", study.sessions), ...(closedForm === null ? {} : { closedForm }) },
    studyFigure("sloMemoryBytes", study.memoryBytes),
    ...figuresAtAnswer(study),
  ];
}

/** The objectives as they were met at the highest rate that met them, or missed at the lowest: for the verdict on the targets. */
function figuresAtAnswer({ probes }: SloStudy): readonly Figure[] {
  const rising = probes.filter(({ valid }) => valid).toSorted((a, b) => a.requestsPerSecond - b.requestsPerSecond);
  const probe = rising.findLast(({ met }) => met) ?? rising[0];
  if (probe === undefined) return [];
  const values = {
    responseP99Ms: probe.responses < RESPONSES_MIN ? null : probe.responseP99Ms,
    failedShare: probe.failedShare,
  };
  return figureKinds.flatMap(({ key, label, unit }) =>
    key === "responseP99Ms" || key === "failedShare" ? [{ key, label, unit, value: values[key] }] : [],
  );
}

interface Outcome {
  readonly scenario: Scenario;
  readonly study: SloStudy;
  readonly bracket: Bracket;
  readonly perVisit: number;
  readonly answer: Answer | null;
  readonly held: Held | null;
  readonly holdMissed: boolean;
  readonly complete: boolean;
}

function auditOf(outcome: Outcome): Pick<Audit, "verdict" | "findings"> {
  const doubts = [...doubtsOf(outcome)];
  return { verdict: doubts.length > 0 ? "doubtful" : "valid", findings: [...doubts, ...remarksOf(outcome)] };
}

function* doubtsOf({
  scenario,
  study,
  bracket,
  perVisit,
  answer,
  held,
  holdMissed,
  complete,
}: Outcome): Generator<string> {
  if (!complete) yield "The search was cut short; the bracket is as far as it came.";
  if (bracket.outOfTime)
    yield "The search ended for lack of time, before its bracket was within 5 %: the machine was busy.";
  if (answer === null && complete) {
    yield `Not even ${say(LOWEST_RATE)} requests/s met the objectives, or could be told to.`;
  }
  if (answer?.bound === "at least" && complete) {
    const { unbelieved } = bracket;
    yield unbelieved === null
      ? `At least ${say(answer.value * perVisit)} requests/s: nothing higher was tried.`
      : `At least ${say(answer.value * perVisit)} requests/s: at ${say(unbelieved * perVisit)} the generator was not to be believed ` +
        "(late or busy), so that the site may bear more; try --generators, or another machine.";
  }
  if (bracket.leant.length > 0) {
    const rates = bracket.leant.map((rate) => say(rate * perVisit)).join(", ");
    yield `Neither clearly met nor clearly missed in several probes: ${rates} requests/s; taken as they leant.`;
  }
  if (holdMissed) yield "When the rate was held for longer, the objectives were missed: they are met for a while only.";
  const { sessionsMax } = scenario.site;
  if (answer !== null && held?.sessions != null && sessionsMax < held.sessions.value) {
    const rate = (answer.value * perVisit * sessionsMax) / held.sessions.value;
    yield `The cap of ${sessionsMax} sessions was lifted for the search; it is reached at ${say(rate)} requests/s already.`;
  } else if (sessionsMax < UNLIMITED_SESSIONS && held?.sessions == null && study.bound !== "none") {
    yield `The cap of ${sessionsMax} sessions was lifted for the search, and it is not known at what rate it is reached.`;
  }
}

function* remarksOf({ scenario, study, held, complete }: Outcome): Generator<string> {
  if (held?.storedThen != null && study.sessions !== null && held.storedThen < study.sessions.value) {
    yield `Measured with ${say(held.storedThen)} sessions stored, in compressed time; with ${say(study.sessions.value)}, as in real ` +
      "time, a store may be slower.";
  }
  if (complete && study.bound !== "none" && held === null) {
    yield scenario.workload.population === undefined
      ? "Sessions live too long, or for ever, to be held for their whole life: how many there would be is left out."
      : `The sessions are the ${scenario.workload.population.sessions} of the population, whatever the rate.`;
  }
  if (scenario.faults.length > 0) yield "The scenario's faults were left out: the search is about the site in order.";
}

function describeBracket({ met, missed, unbelieved }: Bracket, perVisit: number): string {
  const upper = missed ?? unbelieved;
  return [
    met === null ? "" : `, met at ${say(met * perVisit)}`,
    upper === null ? "" : `, ${missed === null ? "generator late" : "missed"} at ${say(upper * perVisit)}`,
  ].join("");
}

function say(value: number): string {
  return String(value >= 1000 ? Math.round(value) : Number(value.toPrecision(3)));
}
