// Points that no simulation has to look at: formulas miss a target there by so much that what they leave out cannot make up for it.
// Source: for overload, visits pile up at λ − μ/R a second (a fluid bound), and who waits among them waits for those before him.

import type { Scenario } from "../../config/scenario.ts";
import { UNLIMITED_SESSIONS } from "../../config/session-settings.ts";
import { saturationOf } from "../../sim/analytic/demands.ts";
import { closedFormsOf } from "../../sim/simulate.ts";
import { countMean, lawMean } from "../../workload/distributions.ts";
import type { Limit } from "./limits.ts";
import { sayValue } from "./words.ts";

/** What the closed forms say may be off by so much, at the very most, or by so many of their own tolerances. */
const SLACK_SHARE = 0.25;
const TOLERANCES = 3;
/** And a share by so much more. */
const SLACK_POINTS = 0.03;

/**
 * @param scenario in one situation without a fault.
 * @returns why a limit is out of reach, in a sentence; null where only a simulation can tell.
 */
export function hopeless(scenario: Scenario, limits: readonly Limit[]): string | null {
  return overloaded(scenario, limits) ?? beyondForms(scenario, limits);
}

function overloaded(scenario: Scenario, limits: readonly Limit[]): string | null {
  const { run, workload, site } = scenario;
  const tightest = limits.filter(isResponse).sort((a, b) => a.value - b.value)[0];
  if (tightest === undefined || run.fidelity === "population" || site.sessionsMax !== UNLIMITED_SESSIONS) return null;
  const { arrivals } = workload;
  if (arrivals.kind !== "poisson" && arrivals.kind !== "constant") return null;
  const requests = countMean(workload.requestsPerVisit) * (1 + workload.parallel.share * workload.parallel.requests);
  const bound = saturationOf(scenario);
  const offered = (arrivals.perSecond * run.timeScale * requests) / bound.requestsPerSecond;
  if (offered <= 1) return null;
  const untilMs = (run.warmupMs + (run.durationMs - run.warmupMs) / 2) / run.timeScale;
  const thinkMs = (countMean(workload.requestsPerVisit) * lawMean(workload.thinkMs)) / run.timeScale;
  const waitMs = (((offered - 1) / requests) * untilMs - thinkMs) / 2;
  if (!(waitMs > tightest.value)) return null;
  return `the ${bound.station} are asked for ${(offered * 100).toFixed(0)} % of what they can do`;
}

/** The median and what lies above it, and the mean: all of them grow with the queue. */
function isResponse({ kind, side }: Limit): boolean {
  return side === "at most" && kind.key.startsWith("response");
}

function beyondForms(scenario: Scenario, limits: readonly Limit[]): string | null {
  const forms = closedFormsOf(scenario);
  for (const { kind, side, value: limit } of limits) {
    const form = forms[kind.key] ?? (side === "at most" ? forms[meanBelow[kind.key] ?? ""] : undefined);
    if (form === undefined) continue;
    const slack = Math.max(SLACK_SHARE, TOLERANCES * (form.tolerance ?? 0));
    const points = kind.unit === "share" ? SLACK_POINTS : 0;
    const missed =
      side === "at most" ? form.value > limit * (1 + slack) + points : form.value < limit / (1 + slack) - points;
    if (missed) return `${form.name} gives ${sayValue(form.value, kind.unit)} where ${side} ${limit} is asked`;
  }
  return null;
}

/** The highest is no lower than the mean. */
const meanBelow: Readonly<Record<string, string>> = {
  storedSessionsMax: "storedSessionsMean",
  memoryMaxBytes: "memoryMeanBytes",
};
