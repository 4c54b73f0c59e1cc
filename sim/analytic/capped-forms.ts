// The formulas for a site with a cap that is met: its sessions are customers of Erlang's loss system.

import type { Scenario } from "../../config/scenario.ts";
import type { ClosedForm } from "../../metrics/run-result.ts";
import { storesOf } from "../stores.ts";
import { COUNT_MAX } from "./arguments.ts";
import { say } from "./filling-forms.ts";
import { refusalSwing } from "./neglected.ts";
import { SESSIONS_PER_VISIT_MAX, type SlidingSession } from "./sliding-session.ts";
import { erlangBBetween, SWEEP_SHARE_MAX, sweepBatch, sweepOf, sweptPlaces } from "./swept-places.ts";

/** How far the refused share may be off by what is given back together because it was taken together. */
const SWING_MAX = 0.02;
/** Of the share refused: beside simulations Erlang B on swept places was within 1 %. */
const SWEPT_TOLERANCE = 0.02;

/** Erlang B wants refused visitors to leave for good, each visit to be one stretch of one session, and places given back soon. */
export function erlangApplies(scenario: Scenario, session: SlidingSession, offeredErlangs: number): boolean {
  const { site, workload } = scenario;
  const sweepMs = sweepOf(site);
  const leaves = workload.whenRefused.kind === "leave" && workload.logoutShare === 0;
  const single =
    session.sessionsPerVisit < SESSIONS_PER_VISIT_MAX && sweepMs <= SWEEP_SHARE_MAX * session.storedMsPerVisit;
  if (offeredErlangs > COUNT_MAX) return false;
  return leaves && single && refusalSwing(scenario, offeredErlangs, session) <= SWING_MAX;
}

/** @param off share of the time stored that the formulas neglect. */
export function cappedForms(
  scenario: Scenario,
  perSecond: number,
  session: SlidingSession,
  off: number,
): Record<string, ClosedForm> {
  const { site } = scenario;
  const stores = storesOf(scenario);
  const storedSeconds = session.storedMsPerVisit / 1000;
  const offered = perSecond * storedSeconds;
  const erlangs = offered / stores;
  const places = sweptPlaces(site.sessionsMax, erlangs, sweepBatch(site, perSecond / stores));
  const refused = erlangBBetween(places, erlangs);
  const kept = 1 - refused;
  const swept = places < site.sessionsMax ? `, which sweeps make ${say(places)}` : "";
  const sum = `${say(perSecond)}/s × ${say(storedSeconds)} s`;
  // A little more or less work makes much of a difference to those few who are refused.
  const leverage = Math.abs(erlangBBetween(places, erlangs * (1 + off)) - refused);
  const swing = refusalSwing(scenario, erlangs, session);
  const astray = SWEPT_TOLERANCE * refused + leverage + swing;
  return {
    refusedShare: {
      value: refused,
      name: "Erlang B",
      sum: `${sum} = ${say(erlangs)} erlang on ${site.sessionsMax} places${swept}${stores > 1 ? ", each store" : ""}`,
      ...(refused > 0 ? { tolerance: astray / refused } : {}),
    },
    storedSessionsMean: {
      value: offered * kept,
      name: "Erlang B",
      sum: `${sum} × (1 − ${say(refused)})`,
      tolerance: off + astray,
    },
    sessionsPerSecond: {
      value: perSecond * kept * session.sessionsPerVisit,
      name: "Erlang B",
      sum: `${say(perSecond)}/s × (1 − ${say(refused)}) × ${say(session.sessionsPerVisit)}`,
      tolerance: off + astray,
    },
  };
}
