// What a host process is told: the site of a scenario with its scenario times turned into real milliseconds, once, here.

import { InputError, type Problem } from "../../config/problem.ts";
import type { Scenario, Site } from "../../config/scenario.ts";
import type { StoreSettings } from "../providers/store-settings.ts";

/** Plain JSON, to cross into the host's process. All times are real. */
export interface HostSettings {
  /** null: mode Off, or classic ASP with allowSessionState false; no session is looked at. */
  readonly store: StoreSettings | null;
  readonly technology: Site["technology"];
  /** null: never. */
  readonly timeoutMs: number | null;
  readonly sessionsMax: number;
  readonly sessionStart: boolean;
  readonly cookieName: string;
  readonly cookieless: Site["cookieless"];
  readonly cookieSameSite: Site["cookieSameSite"];
  readonly regenerateExpiredSessionId: boolean;
  /** Serve over TLS, with a certificate of its own making. */
  readonly https: boolean;
  readonly keepSessionIdSecure: boolean;
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

/** Of a scenario minute, before compression. */
const MINUTE_MS = 60_000;

/**
 * What is compressed (timeouts, sweeps) and what is not (lock polls, execution timeout) is said in config/scenario.ts, Run.
 * @param connections of the store, those of servers that the bench started for itself included.
 * @throws InputError for a site that bench cannot drive (several workers).
 */
export function hostSettings(scenario: Scenario, connections: readonly string[], logPath: string | null): HostSettings {
  const { site, run } = scenario;
  const problems = unsupported(scenario);
  if (problems.length > 0) throw new InputError(`Cannot bench "${scenario.name}"`, problems);
  return {
    store: site.mode === "Off" ? null : storeSettings(scenario, connections),
    technology: site.technology,
    timeoutMs: site.timeoutMs === null ? null : site.timeoutMs / run.timeScale,
    sessionsMax: site.sessionsMax,
    sessionStart: site.sessionStart,
    cookieName: site.cookieName,
    cookieless: site.cookieless,
    cookieSameSite: site.cookieSameSite,
    regenerateExpiredSessionId: site.regenerateExpiredSessionId,
    https: site.https,
    keepSessionIdSecure: site.keepSessionIdSecure,
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

/** The store as a bench of this scenario opens it. */
export function storeSettings({ site, store, run }: Scenario, connections: readonly string[]): StoreSettings {
  return {
    provider: site.mode === "InProc" ? "in-proc" : store.provider,
    connections,
    module: store.module,
    compression: store.compression,
    options: {
      minuteMs: MINUTE_MS / run.timeScale,
      applicationId: store.applicationId,
      networkTimeoutMs: store.networkTimeoutMs,
      commandTimeoutMs: store.commandTimeoutMs,
      connectionRetryMs: store.connectionRetryMs,
      allowCustomSqlDatabase: store.allowCustomSqlDatabase,
      executionTimeoutMs: site.executionTimeoutMs,
    },
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
