// What the SLO search has to say: from the bracket it ended with, its probes and what was held, to a study, figures and findings.

import type { Scenario } from "../../../config/scenario.ts";
import { UNLIMITED_SESSIONS } from "../../../config/session-settings.ts";
import { figureKinds } from "../../../metrics/figures.ts";
import type { Audit, Estimate, Figure } from "../../../metrics/run-result.ts";
import type { SloProbe, SloStudy } from "../../../metrics/study.ts";
import { studyFigure } from "../../../metrics/study-figures.ts";
import type { Held } from "./slo-hold.ts";
import { type Objectives, RESPONSES_MIN } from "./slo-judgement.ts";
import type { Bracket } from "./slo-search.ts";

/** In visits a second. */
export interface Answer {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly bound: "bracket" | "at least";
}

/** The middle of the bracket on a logarithmic scale; where there is no upper end, the highest rate that met them. */
export function answerOf({ met, missed, unbelieved, metClearly, missedClearly }: Bracket): Answer | null {
  if (met === null) return null;
  if (missed === null || (unbelieved !== null && unbelieved < missed)) {
    return { value: met, low: metClearly ?? met, high: met, bound: "at least" };
  }
  const low = metClearly ?? met;
  return { value: Math.sqrt(met * missed), low, high: missedClearly ?? missed, bound: "bracket" };
}

export function studyOf(
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

export function figuresOf(study: SloStudy, held: Held | null): readonly Figure[] {
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

export interface Outcome {
  readonly scenario: Scenario;
  readonly study: SloStudy;
  readonly bracket: Bracket;
  readonly perVisit: number;
  readonly answer: Answer | null;
  readonly held: Held | null;
  readonly holdMissed: boolean;
  readonly complete: boolean;
  /** Requests a second below which nothing was tried. */
  readonly lowestRate: number;
}

export function auditOf(outcome: Outcome): Pick<Audit, "verdict" | "findings"> {
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
  lowestRate,
}: Outcome): Generator<string> {
  if (!complete) yield "The search was cut short; the bracket is as far as it came.";
  if (bracket.outOfTime)
    yield "The search ended for lack of time, before its bracket was within 5 %: the machine was busy.";
  if (answer === null && complete) {
    yield `Not even ${say(lowestRate)} requests/s met the objectives, or could be told to.`;
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

function* remarksOf({ scenario, study, held, holdMissed, complete }: Outcome): Generator<string> {
  if (held?.storedThen != null && study.sessions !== null && held.storedThen < study.sessions.value) {
    yield `Measured with ${say(held.storedThen)} sessions stored, in compressed time; with ${say(study.sessions.value)}, as in real ` +
      "time, a store may be slower.";
  }
  if (complete && study.bound !== "none" && held === null && !holdMissed) {
    yield scenario.workload.population === undefined
      ? "Sessions live too long, or for ever, to be held for their whole life: how many there would be is left out."
      : `The sessions are the ${scenario.workload.population.sessions} of the population, whatever the rate.`;
  }
  if (scenario.faults.length > 0) yield "The scenario's faults were left out: the search is about the site in order.";
}

/** A number for prose. */
export function say(value: number): string {
  return String(value >= 1000 ? Math.round(value) : Number(value.toPrecision(3)));
}
