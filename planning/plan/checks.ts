// What cannot be meant in a question for the best settings, said before anything runs: targets that contradict each other, that no site
// can meet however large, or that this run cannot know.

import type { Problem } from "../../config/problem.ts";
import type { Law, Scenario, Target } from "../../config/scenario.ts";
import { figureKinds, requestFigureKeys } from "../../metrics/figures.ts";
import { lawCdf, lawMean } from "../../workload/distributions.ts";

/** @param at where the targets stand: "targets", "plan.faultTargets". */
export function targetProblems(scenario: Scenario, targets: readonly Target[], at: string): readonly Problem[] {
  const problems = targets.flatMap((target, i) => problemsOf(scenario, target, `${at}.${i}`));
  return [...problems, ...contradictions(targets, at)];
}

function problemsOf(scenario: Scenario, { figure, atMost, atLeast }: Target, at: string): readonly Problem[] {
  const kind = figureKinds.find(({ key }) => key === figure);
  if (kind === undefined) {
    const expected = "a figure of a simulation";
    return [
      {
        at: `${at}.figure`,
        given: `${figure}, which only an experiment of bench has`,
        expected,
        mend: "leave it out here",
      },
    ];
  }
  const problems: Problem[] = [];
  const refuse = (side: string, given: string, expected: string, mend: string) =>
    problems.push({ at: `${at}.${side}`, given, expected, mend });
  if (scenario.run.fidelity === "population" && requestFigureKeys.includes(figure)) {
    const expected = "run.fidelity: requests, in which requests take time";
    problems.push({
      at: `${at}.figure`,
      given: `${figure} in a run of fidelity population`,
      expected,
      mend: "leave run.fidelity out, or the target",
    });
    return problems;
  }
  if (atMost !== undefined && atMost < 0)
    refuse("atMost", String(atMost), "0 or more: nothing here is below 0", "raise it");
  if (kind.unit === "share") {
    const asPercent = "a share, from 0 to 1";
    if (atLeast !== undefined && atLeast > 1) refuse("atLeast", String(atLeast), asPercent, percentMend(atLeast));
    if (atMost !== undefined && atMost >= 1)
      refuse("atMost", String(atMost), `${asPercent}, below 1`, percentMend(atMost));
  }
  const floor = idleFloorMs(scenario, figure);
  if (atMost !== undefined && atMost >= 0 && floor > atMost) {
    const least = Number(floor.toPrecision(3));
    refuse(
      "atMost",
      `${atMost} ms`,
      `at least ${least}: even an idle site takes so long by its pages' own cpuMs and waitMs`,
      "raise it, or make the pages faster",
    );
  }
  return problems;
}

function percentMend(value: number): string {
  return value <= 100 ? `for ${value} % write ${value / 100}` : "lower it";
}

function contradictions(targets: readonly Target[], at: string): readonly Problem[] {
  const figures = [...new Set(targets.map(({ figure }) => figure))];
  return figures.flatMap((figure): Problem[] => {
    const of = targets.filter((target) => target.figure === figure);
    const most = Math.min(...of.map(({ atMost }) => atMost ?? Number.POSITIVE_INFINITY));
    const least = Math.max(...of.map(({ atLeast }) => atLeast ?? Number.NEGATIVE_INFINITY));
    if (least <= most) return [];
    const given = `${figure} at least ${least} and at most ${most}`;
    return [{ at, given, expected: "limits with room between them", mend: "swap them, or leave one out" }];
  });
}

/** Some rounding of the histograms. */
const ROUNDING = 0.99;

/** A response time of this figure that no settings go below, since the pages alone take as long; 0 where none is known. */
export function idleFloorMs({ workload, calibration, run }: Scenario, figure: string): number {
  if (run.fidelity === "population") return 0;
  const kind = figureKinds.find(({ key }) => key === figure);
  const { requestCpuMs, clientRoundTripMs } = calibration;
  const fixedMs = leastOf(requestCpuMs) + (figure.startsWith("response") ? leastOf(clientRoundTripMs) : 0);
  const shares = workload.pages.reduce((sum, { share }) => sum + share, 0);
  if (figure === "responseMeanMs") {
    const pages = workload.pages.reduce(
      (sum, page) => sum + (page.share / shares) * (lawMean(page.cpuMs) + lawMean(page.waitMs)),
      0,
    );
    return Number.isFinite(pages) ? ROUNDING * (pages + fixedMs) : 0;
  }
  const at = kind?.percentile;
  if (at === undefined || (at.histogram !== "response" && at.histogram !== "service")) return 0;
  // The sum of two times is below x only where each is below what x leaves it.
  const shareUpTo = (ms: number) =>
    workload.pages.reduce((sum, page) => {
      const cpu = lawCdf(page.cpuMs, ms - leastOf(page.waitMs));
      const wait = lawCdf(page.waitMs, ms - leastOf(page.cpuMs));
      return sum + (page.share / shares) * Math.min(cpu, wait);
    }, 0);
  let low = 0;
  let high = 1;
  while (shareUpTo(high) < at.at / 100 && high < MS_MAX) high *= 2;
  if (high >= MS_MAX) return 0;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (shareUpTo(middle) < at.at / 100) low = middle;
    else high = middle;
  }
  return ROUNDING * (low + fixedMs);
}

const MS_MAX = 1e9;

function leastOf(law: Law): number {
  switch (law.kind) {
    case "constant":
      return law.value;
    case "pareto":
      return law.min;
    case "empirical":
      return law.quantiles[0];
    default:
      return 0;
  }
}

const HOURS_MEANT_SECONDS = 20;

/** What is allowed and still looks like a slip, one sentence each. */
export function doubts(scenario: Scenario, targets: readonly Target[]): readonly string[] {
  const { site, workload, run } = scenario;
  const said: string[] = [];
  const minutes = (site.timeoutMs ?? 0) / 60_000;
  if (minutes >= 60 * HOURS_MEANT_SECONDS && minutes % 60 === 0) {
    said.push(
      `timeoutMinutes ${minutes} is ${minutes / 60} hours; if ${minutes} seconds were meant, write ${minutes / 60}`,
    );
  }
  if (site.timeoutMs !== null && run.warmupMs < site.timeoutMs) {
    said.push(
      "The warm-up is shorter than the session timeout, so the figures still show the empty start: lengthen run.warmupMinutes",
    );
  }
  const { arrivals } = workload;
  if (arrivals.kind === "burst" && (arrivals.burstAtMs < run.warmupMs || arrivals.burstAtMs >= run.durationMs)) {
    said.push("The burst does not lie in the measured part of the run, so no target sees it: move it, or the warm-up");
  }
  for (const { figure, atMost } of targets) {
    if (atMost !== 0 || figureKinds.find(({ key }) => key === figure)?.unit !== "share") continue;
    said.push(
      `${figure} at most 0 cannot be shown by any number of runs, unless the settings rule it out: a small share, such as 0.0001, can`,
    );
  }
  return said;
}
