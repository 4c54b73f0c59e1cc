// Which formulas apply to a scenario, with their sums written out, so that a report can set them beside the simulated figures.
// They describe a site in balance. Where the warm-up is shorter than a session lives, or the rate varies, filling-forms.ts has fewer;
// where visitors behave in a way no formula knows, none is given, and the reason is.

import { isRecycled } from "../../config/recycling.ts";
import type { CountLaw, Scenario } from "../../config/scenario.ts";
import { UNLIMITED_SESSIONS } from "../../config/session-settings.ts";
import type { ClosedForm } from "../../metrics/run-result.ts";
import { countMean, lawMean } from "../../workload/distributions.ts";
import { storesOf } from "../stores.ts";
import { cappedForms, erlangApplies } from "./capped-forms.ts";
import { fillingForms, mayFill, NEGLECTED_MAX, say } from "./filling-forms.ts";
import { contention } from "./lock-contention.ts";
import { memoryForm } from "./memory-form.ts";
import { missingRequestsShare, neglectedShare } from "./neglected.ts";
import { type Forms, requestForms, together, withhold } from "./request-forms.ts";
import type { NetworkRates } from "./response-law.ts";
import { type SlidingSession, slidingSession } from "./sliding-session.ts";

/**
 * @returns by the key of the figure it stands beside (`storedSessionsMean`, `refusedShare`, …): its value in the unit of that figure,
 *   the formula's name, and its sum written out. Empty where no formula describes the scenario, or what they leave out would show.
 */
export function closedFormsOf(scenario: Scenario): Record<string, ClosedForm> {
  return { ...formsOf(scenario).forms };
}

/** The same, and why the other figures have none, where more is to be said than that nobody knows one. */
export function formsOf(scenario: Scenario): Forms {
  const session = sessionOf(scenario);
  const sessions = typeof session === "string" ? withhold(sessionKeys, session) : sessionForms(scenario, session);
  const rates = ratesOf(scenario, sessions, typeof session === "string" ? null : session);
  const requests =
    typeof rates === "string"
      ? withhold(["requestsPerSecond"], rates)
      : { forms: { requestsPerSecond: rates.form }, withheld: {} };
  // What formulas of a site not in balance say of requests is said first.
  const counted = together([visitForms(scenario), calmForms(scenario), requests, sessions]);
  const whole =
    scenario.run.fidelity === "population"
      ? counted
      : together([
          counted,
          typeof rates === "string" ? requestForms(scenario, null, rates) : requestForms(scenario, rates, ""),
        ]);
  const withheld = Object.entries(whole.withheld).filter(([key]) => whole.forms[key] === undefined);
  return { forms: whole.forms, withheld: Object.fromEntries(withheld) };
}

const sessionKeys = [
  "storedSessionsMean",
  "liveSessionsMean",
  "refusedShare",
  "sessionLifetimeMeanSeconds",
  "sessionsPerSecond",
  "memoryMeanBytes",
];

function visitForms(scenario: Scenario): Forms {
  const perSecond = steadyRate(scenario);
  if (perSecond === null) return { forms: {}, withheld: {} };
  const form = { value: perSecond, name: "arrival rate", sum: `${say(perSecond)}/s` };
  return { forms: { visitsPerSecond: form }, withheld: {} };
}

/** Where nothing strikes the site, nothing is lost; and nothing fails where nobody waits for a lock beyond his patience. */
function calmForms(scenario: Scenario): Forms {
  const disturbed = disturbance(scenario);
  if (disturbed !== null) return withhold(["lostShare", "failedShare"], disturbed);
  const lostShare = { value: 0, name: "no process ends", sum: "no fault, no recycle" };
  const locks = scenario.run.fidelity === "population" ? "none" : contention(scenario);
  if (locks !== "none") return { forms: { lostShare }, withheld: { failedShare: locks } };
  return {
    forms: { lostShare, failedShare: { value: 0, name: "nothing fails", sum: "no fault, no wait for a lock" } },
    withheld: {},
  };
}

function sessionForms(scenario: Scenario, session: SlidingSession): Forms {
  const perSecond = steadyRate(scenario);
  const neglected = perSecond === null ? 1 : neglectedShare(scenario, perSecond, session);
  const why = perSecond === null ? NOT_STEADY : outOfBalance(scenario, session, neglected);
  if (perSecond === null || why !== null) {
    const filling = fillingForms(scenario, session);
    const memory = memoryForm(scenario, filling.storedSessionsMean);
    return together([withhold(sessionKeys, why ?? NOT_STEADY), { forms: filling, withheld: {} }, memory]);
  }
  const forms = balancedForms(scenario, perSecond, session, neglected);
  return together([forms, memoryForm(scenario, forms.forms.storedSessionsMean)]);
}

const NOT_STEADY = "visits do not come at random at a steady rate";

/** Why the site is not in balance while it is measured; null where it is. */
function outOfBalance(scenario: Scenario, session: SlidingSession, neglected: number): string | null {
  const { workload, run } = scenario;
  const visitMs = (countMean(workload.requestsPerVisit) - 1) * lawMean(workload.thinkMs);
  if (run.warmupMs < session.storedMsPerVisit || run.warmupMs < visitMs) {
    return "the warm-up is shorter than a visit's sessions are stored";
  }
  return neglected <= NEGLECTED_MAX
    ? null
    : "requests take a good part of a visit, slides of the expiry go unrecorded, or the warm-up is too short";
}

/** @param tolerance what the formulas neglect. */
function balancedForms(scenario: Scenario, perSecond: number, session: SlidingSession, tolerance: number): Forms {
  const { site } = scenario;
  const capped = site.sessionsMax < UNLIMITED_SESSIONS;
  const storedSeconds = session.storedMsPerVisit / 1000;
  const offered = perSecond * storedSeconds;
  const sum = `${say(perSecond)}/s × ${say(storedSeconds)} s`;
  if (capped && !erlangApplies(scenario, session, offered / storesOf(scenario))) {
    return withhold(sessionKeys, "Erlang B wants each visitor to meet the cap once, and places given back singly");
  }
  const started = session.sessionsPerVisit;
  const lifetime: ClosedForm = {
    value: storedSeconds / started,
    name: "sliding session",
    sum: `${say(storedSeconds)} s stored a visit ÷ ${say(started)} sessions a visit`,
    tolerance,
  };
  if (capped) {
    const forms = cappedForms(scenario, perSecond, session, tolerance);
    return { forms: { sessionLifetimeMeanSeconds: lifetime, ...forms }, withheld: {} };
  }
  return {
    forms: {
      sessionLifetimeMeanSeconds: lifetime,
      storedSessionsMean: { value: offered, name: "Little's law", sum: `${sum} = ${say(offered)}`, tolerance },
      liveSessionsMean: {
        value: (perSecond * session.liveMsPerVisit) / 1000,
        name: "Little's law",
        sum: `${say(perSecond)}/s × ${say(session.liveMsPerVisit / 1000)} s`,
        tolerance,
      },
      refusedShare: { value: 0, name: "no cap", sum: "no cap, none refused" },
      sessionsPerSecond: {
        value: perSecond * started,
        name: "arrival rate × sessions a visit",
        sum: `${say(perSecond)}/s × ${say(started)}`,
        tolerance,
      },
    },
    withheld: {},
  };
}

/** Visits a second where the rate is steady and random; null otherwise. */
function steadyRate({ workload }: Scenario): number | null {
  return workload.arrivals.kind === "poisson" ? workload.arrivals.perSecond : null;
}

interface Rates extends NetworkRates {
  readonly form: ClosedForm;
}

/** How many requests come, served and refused; or why nobody knows. */
function ratesOf(scenario: Scenario, sessions: Forms, session: SlidingSession | null): Rates | string {
  const { site, workload } = scenario;
  const visitsPerSecond = steadyRate(scenario);
  if (visitsPerSecond === null) return NOT_STEADY;
  const disturbed = disturbance(scenario);
  if (disturbed !== null) return disturbed;
  const missing = missingRequestsShare(scenario, visitsPerSecond);
  if (missing === 1) return "a queue grows without end";
  if (missing > NEGLECTED_MAX) return "the warm-up is too short beside a visit";
  const requestsMean =
    countMean(workload.requestsPerVisit) * (1 + workload.parallel.share * workload.parallel.requests);
  const refusing = site.mode !== "Off" && site.sessionsMax < UNLIMITED_SESSIONS;
  const refused = sessions.forms.refusedShare;
  if (refusing && refused !== undefined && session !== null) {
    const kept = 1 - refused.value;
    return {
      perSecond: visitsPerSecond * requestsMean * kept,
      refusedPerSecond: visitsPerSecond * refused.value,
      form: {
        value: visitsPerSecond * (refused.value + requestsMean * kept),
        name: "Erlang B",
        sum: `${say(visitsPerSecond)}/s × (${say(refused.value)} × 1 + ${say(kept)} × ${say(requestsMean)})`,
        tolerance: missing + refused.value * (refused.tolerance ?? 0),
      },
    };
  }
  if (refusing && (session === null || mayFill(scenario, session))) {
    return "who is refused at the cap, and comes back, is not known";
  }
  const perSecond = visitsPerSecond * requestsMean;
  const sum = `${say(visitsPerSecond)}/s × ${say(requestsMean)}`;
  return {
    perSecond,
    refusedPerSecond: 0,
    form: { value: perSecond, name: "arrival rate × requests a visit", sum, tolerance: missing },
  };
}

/** What ends sessions before their time; null where nothing does. */
function disturbance({ site, faults }: Scenario): string | null {
  if (faults.length > 0) return "faults strike the site";
  return !isRecycled(site) ? null : "workers are recycled";
}

/** The reason where visitors do what the formula does not know. */
function sessionOf(scenario: Scenario): SlidingSession | string {
  const { site, workload, run } = scenario;
  const { pages, logoutShare, withoutCookiesShare, requestsPerVisit } = workload;
  if (site.mode === "Off") return "there are no sessions";
  if (site.timeoutMs === null) return "sessions never end";
  const disturbed = disturbance(scenario);
  if (disturbed !== null) return disturbed;
  const always = site.sessionStart
    ? pages.every((page) => page.session !== "none")
    : pages.every((page) => page.session === "read-write" && page.changedShare === 1);
  if (!always) return "not every page keeps a session";
  if (logoutShare > 0 && pages.some((page) => page.session !== "read-write")) {
    return "on some pages nobody can log out";
  }
  // What is sent after a logout starts another session.
  if (logoutShare > 0 && workload.parallel.share > 0) return "requests follow a logout";
  // Waits for the lock lengthen a visit, of which the formula knows nothing.
  if (run.fidelity === "requests" && workload.parallel.share > 0) return "waits for locks lengthen visits";
  if (site.mode === "InProc" && !site.affinity && site.servers * site.workersPerServer > 1) {
    return "each worker keeps sessions of its own, and any of them is asked";
  }
  if (withoutCookiesShare > 0) return "visitors without cookies start a session with every request";
  const revives = site.mode === "SQLServer";
  const sweepMs = revives ? site.deleteJobMs : site.expirySweepMs;
  if (sweepMs === null) return "expired rows are never deleted";
  return slidingSession({
    requestsMean: countMean(requestsPerVisit),
    thinkMs: workload.thinkMs,
    timeoutMs: site.timeoutMs,
    sweepMs,
    revives,
    logoutShare,
    singleShare: chanceOfOne(requestsPerVisit),
  });
}

function chanceOfOne(law: CountLaw): number {
  if (law.kind === "fixed") return law.value === 1 ? 1 : 0;
  if (law.kind === "geometric") return 1 / law.mean;
  const total = law.weights.reduce((sum, weight) => sum + weight, 0);
  return law.values.reduce((sum, value, i) => sum + (value === 1 ? law.weights[i] : 0), 0) / total;
}
