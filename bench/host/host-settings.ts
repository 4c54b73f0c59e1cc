// What a host process is told: the site of a scenario with its scenario times turned into real milliseconds, once, here.

import { InputError, type Problem } from "../../config/problem.ts";
import type { Scenario, Site } from "../../config/scenario.ts";

/** Plain JSON, to cross into the host's process. All times are real. */
export interface HostSettings {
  readonly mode: "Off" | "InProc";
  readonly technology: Site["technology"];
  /** null: never. */
  readonly timeoutMs: number | null;
  readonly sessionsMax: number;
  readonly sessionStart: boolean;
  readonly cookieName: string;
  readonly lockPollMs: number;
  readonly executionTimeoutMs: number;
  readonly requestQueueLimitPerSession: number;
  readonly expirySweepMs: number;
  readonly expirySlideMinMs: number;
  /** For the log alone, whose times are scenario times. */
  readonly timeScale: number;
  /** Where to write the W3C log; null for no log. */
  readonly logPath: string | null;
  /** The client address is the first of X-Forwarded-For, as behind a balancer that is trusted. */
  readonly trustForwardedFor: boolean;
}

/** What is compressed (timeouts, sweeps) and what is not (lock polls, execution timeout) is said in config/scenario.ts, Run. */
export function hostSettings(scenario: Scenario, logPath: string | null): HostSettings {
  const { site, run } = scenario;
  const problems = unsupported(scenario);
  if (problems.length > 0) throw new InputError(`Cannot bench "${scenario.name}"`, problems);
  return {
    mode: site.mode === "Off" ? "Off" : "InProc",
    technology: site.technology,
    timeoutMs: site.timeoutMs === null ? null : site.timeoutMs / run.timeScale,
    sessionsMax: site.sessionsMax,
    sessionStart: site.sessionStart,
    cookieName: site.cookieName,
    lockPollMs: site.lockPollMs,
    executionTimeoutMs: site.executionTimeoutMs,
    requestQueueLimitPerSession: site.requestQueueLimitPerSession,
    expirySweepMs: site.expirySweepMs / run.timeScale,
    expirySlideMinMs: site.expirySlideMinMs / run.timeScale,
    timeScale: run.timeScale,
    logPath,
    trustForwardedFor: true,
  };
}

function unsupported({ site }: Scenario): Problem[] {
  const problems: Problem[] = [];
  if (site.mode !== "InProc" && site.mode !== "Off") {
    problems.push({
      at: "site.mode",
      given: site.mode,
      expected: "InProc or Off: bench drives no other mode so far",
      mend: `use "sessionlab simulate" for ${site.mode}, or set mode to InProc`,
    });
  }
  const workers = site.servers * site.workersPerServer;
  if (workers !== 1) {
    problems.push({
      at: "site.servers × site.workersPerServer",
      given: String(workers),
      expected: "1: bench drives one worker process so far",
      mend: 'set both to 1, or use "sessionlab simulate" for a farm or a web garden',
    });
  }
  return problems;
}
