// What a plan may set: what the command line says, over what the scenario file says; where neither says anything, the modes and the number
// of servers, and a cap where there is one or where memory is limited.

import type { PlanFile } from "../../config/file/plan.ts";
import { InputError } from "../../config/problem.ts";
import type { Scenario } from "../../config/scenario.ts";
import { UNLIMITED_SESSIONS } from "../../config/session-settings.ts";
import { type Axis, expectDistinctKeys, parseAxis } from "../../config/vary.ts";
import { predictReplication } from "../../sim/predict/predict-replication.ts";

export interface ChosenAxes {
  readonly axes: readonly Axis[];
  /** Nobody named them. */
  readonly usual: boolean;
}

/** @param asked as --search gives them, each "key=values". @throws InputError */
export function chosenAxes(asked: readonly string[], said: PlanFile["search"], scenario: Scenario): ChosenAxes {
  const given = asked.map((text) => parseAxis(text, "--search"));
  expectDistinctKeys(given, "--search");
  const written = Object.entries(said)
    .filter(([key]) => !given.some((axis) => axis.key === key))
    .map(([key, values]) => parseAxis(`${key}=${[values].flat().join(",")}`, `plan.search.${key}`));
  const axes = [...written, ...given];
  expectSettings(axes);
  return axes.length > 0 ? { axes, usual: false } : { axes: usualAxes(scenario), usual: true };
}

/** @throws InputError for keys that say how a question is asked, and not what a site is. */
function expectSettings(axes: readonly Axis[]): void {
  const problems = axes
    .filter(({ key }) => !/^(site|store|workload)\./.test(key))
    .map(({ key }) => ({
      at: "--search",
      given: key,
      expected: "a key of site, store or workload: what can be set at a site",
      mend: "leave it out; the scenario file says how a run is made and judged",
    }));
  const visitors = axes
    .filter(({ key }) => VISITORS_OWN.test(key))
    .map(({ key }) => ({
      at: "--search",
      given: key,
      expected: "something that a site can set: who comes, and what they do, is a question and no choice",
      mend: "leave it out; sweep varies it, and the sensitivities of a plan tell what it matters",
    }));
  if (problems.length + visitors.length > 0) throw new InputError("Cannot plan", [...problems, ...visitors]);
}

const VISITORS_OWN =
  /^workload\.(arrivals|population|requestsPerVisit|thinkSeconds|logoutShare|withoutCookiesShare|whenRefused|whenFailed)\b/;

const SERVERS = [1, 2, 3, 4, 6, 8] as const;
const CAPS = [2, 1.5, 1.25, 1.1, 1] as const;

function usualAxes(scenario: Scenario): readonly Axis[] {
  const classic = scenario.site.technology === "asp";
  const custom = scenario.site.mode === "Custom" ? ["Custom"] : [];
  return [
    { key: "site.mode", values: classic ? ["InProc"] : ["InProc", "StateServer", "SQLServer", ...custom] },
    { key: "site.servers", values: SERVERS },
    ...capsOf(scenario),
  ];
}

/** Around what is needed, the most generous first, since it costs nothing but memory. */
function capsOf(scenario: Scenario): readonly Axis[] {
  const { site, targets } = scenario;
  const limited = targets.some(({ figure }) => /^(memory|storedSessions)/.test(figure));
  if (site.sessionsMax === UNLIMITED_SESSIONS && !limited) return [];
  const open = { ...scenario, site: { ...site, sessionsMax: UNLIMITED_SESSIONS } };
  const needed = predictReplication(open).sessionsMax;
  const caps = CAPS.map((factor) => Math.max(1, Math.round(Number((needed * factor).toPrecision(2)))));
  const own = site.sessionsMax === UNLIMITED_SESSIONS ? [] : [site.sessionsMax];
  return [{ key: "site.sessionsMax", values: [...new Set([UNLIMITED_SESSIONS, ...caps, ...own])] }];
}
