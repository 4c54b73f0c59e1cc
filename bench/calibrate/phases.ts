// The runs that a calibration rests on: one kind of page each, requested over HTTP at a steady rate by visitors of one request. What two
// runs differ in is what their pages differ in, so differences are costs: of a page without a session, of one that reads it, of one that
// locks it, of one that writes it, with little state and with much.

import { withoutRecycles } from "../../config/recycling.ts";
import type { PageKind, Scenario } from "../../config/scenario.ts";
import { UNLIMITED_SESSIONS } from "../../config/session-settings.ts";

/** What the pages of a run do: nothing, work, read their session, lock it, lock and write it. */
export type PhaseKind = "empty" | "page" | "read" | "lock" | "write";

export const SMALL_BYTES = 1_024;
/** Larger ones would fill a store that writes to a disk, and tell of its queue instead of its work. */
export const LARGE_BYTES = 16_384;
/** Sessions that are there before each run; few enough to be written soon, enough that two requests seldom meet in one. */
export const SESSIONS = 400;
export const PAGE_CPU_MS = 4;
/** Below what any site holds, so that requests seldom wait for each other. */
export const REQUESTS_PER_SECOND = 150;
/** What a request takes depends on how long the site has been idle (sim/model/waking.ts), so empty pages come at other rates as well. */
export const EMPTY_RATES_PER_SECOND = [50, REQUESTS_PER_SECOND, 400] as const;
/**
 * Pages with work of their own keep the site busy for more than half of the time, so that what the clock counts for their work is hardly
 * mixed with what waking takes.
 */
const PAGES_PER_SECOND = 150;
/** They come again after so many other runs: the speed of a core that is shared with other machines changes within seconds. */
const BETWEEN_PAGES = 4;
const MEASURED_MS = 7_000;
/** Empty pages come before the other runs and after them. */
const EMPTY_MS = 4_000;
/** With fewer responses a mean is known too badly to be subtracted from. */
const MEASURED_MS_MIN = 2_000;
/**
 * A thousand requests go before those that are measured, however slowly these come: at 50 a second, empty pages took 0.8 ms each after
 * two seconds of them, and 0.6 ms after thirty, for their code had not been compiled yet.
 */
const WARMUP_MS = 4_500;
const WARMING_MS = 4_000;
const WARMING_PER_SECOND = 250;
/** Pages that work allow no more. */
const WARMING_PAGES_PER_SECOND = 180;

export interface Phase {
  readonly kind: PhaseKind;
  readonly stateBytes: number;
  readonly perSecond: number;
  readonly scenario: Scenario;
}

const none = { kind: "constant", value: 0 } as const;

/**
 * @param base says the site's mode and store; its workload and times are not looked at.
 * @param effort 1 for runs of the usual length.
 * @returns in the order in which they are run.
 */
export function phasesOf(base: Scenario, effort: number): readonly Phase[] {
  const phase = (kind: PhaseKind, stateBytes: number, perSecond = REQUESTS_PER_SECOND): Phase => ({
    kind,
    stateBytes,
    perSecond,
    scenario: phaseScenario(base, kind, stateBytes, perSecond, effort),
  });
  const withState = (["read", "lock", "write"] as const).flatMap((kind) => [
    phase(kind, SMALL_BYTES),
    phase(kind, LARGE_BYTES),
  ]);
  const empty = EMPTY_RATES_PER_SECOND.map((perSecond) => phase("empty", SMALL_BYTES, perSecond));
  const others = [...empty, ...(base.site.mode === "Off" ? [] : withState), ...empty];
  return others.flatMap((other, place) =>
    place % BETWEEN_PAGES === 0 ? [phase("page", SMALL_BYTES, PAGES_PER_SECOND), other] : [other],
  );
}

function phaseScenario(
  base: Scenario,
  kind: PhaseKind,
  stateBytes: number,
  perSecond: number,
  effort: number,
): Scenario {
  const durationMs = WARMUP_MS + Math.max(MEASURED_MS_MIN, effort * (kind === "empty" ? EMPTY_MS : MEASURED_MS));
  const session: PageKind["session"] =
    kind === "read" ? "read-only" : kind === "lock" || kind === "write" ? "read-write" : "none";
  const page: PageKind = {
    name: kind,
    share: 1,
    session,
    changedShare: kind === "write" ? 1 : 0,
    cpuMs: kind === "page" ? { kind: "constant", value: PAGE_CPU_MS } : none,
    waitMs: none,
  };
  return {
    ...base,
    name: `calibration, ${kind}`,
    site: {
      ...withoutRecycles(base.site),
      technology: "aspnet",
      timeoutMs: 1_200_000,
      sessionsMax: UNLIMITED_SESSIONS,
      servers: 1,
      workersPerServer: 1,
      coresPerWorker: 1,
    },
    workload: {
      arrivals: {
        kind: "burst",
        perSecond,
        burstPerSecond: Math.max(perSecond, kind === "page" ? WARMING_PAGES_PER_SECOND : WARMING_PER_SECOND),
        burstAtMs: 0,
        burstMs: WARMING_MS,
      },
      // A page without a session is requested without its cookie: with it, the session's timeout would be reset.
      ...(session === "none" ? {} : { population: { sessions: SESSIONS, choice: { kind: "uniform" as const } } }),
      requestsPerVisit: { kind: "fixed", value: 1 },
      thinkMs: none,
      logoutShare: 0,
      withoutCookiesShare: 0,
      parallel: { share: 0, requests: 1, spacingMs: 0 },
      pages: [page],
      stateBytes: { kind: "constant", value: stateBytes },
      whenRefused: { kind: "leave" },
    },
    run: {
      fidelity: "requests",
      durationMs,
      warmupMs: WARMUP_MS,
      drainMs: 0,
      seed: base.run.seed,
      replications: 1,
      timeScale: 1,
      sampleMs: durationMs / 20,
    },
    faults: [],
    targets: [],
  };
}
