// What a host process is told: the site of a scenario with its scenario times turned into real milliseconds, once, here.

import { InputError, type Problem } from "../../config/problem.ts";
import { type Scenario, type Site, type StoreProvider, storeProviders } from "../../config/scenario.ts";
import { type SessionMode, UNLIMITED_SESSIONS } from "../../config/session-settings.ts";
import { machineClock } from "../clock.ts";
import { problemsOfFaults } from "../faults/refuse-faults.ts";
import type { StoreSettings } from "../providers/store-settings.ts";
import { createTlsIdentity, type TlsIdentity } from "./tls/tls-identity.ts";

/** Plain JSON, to cross into the host's process; it holds a private key and is never printed or kept. All times are real. */
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
  /** Serve over TLS, with this certificate; null: plain HTTP. */
  readonly tls: TlsIdentity | null;
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
 */
export function hostSettings(scenario: Scenario, connections: readonly string[], logPath: string | null): HostSettings {
  const { site, run } = scenario;
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
    tls: site.https ? createTlsIdentity(machineClock()) : null,
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

/** What keeps the sessions in each mode; PostgreSQL, MariaDB and SQLite keep the tables of SQLServer mode by the same rules. */
const providersOfMode: Readonly<Record<SessionMode, readonly StoreProvider[]>> = {
  Off: storeProviders,
  InProc: storeProviders,
  StateServer: ["state-server"],
  SQLServer: ["sqlserver", "postgresql", "mariadb", "sqlite"],
  Custom: storeProviders,
};

/** A name that comes back from a client as it was sent (RFC 6265, 5.2): without ; and =, and with no blank at either end. */
const COOKIE_NAME = /^(?! )[ -:<>-~]+(?<! )$/;

/** @throws InputError for a scenario that a bench cannot drive. */
export function refuseUndrivable(scenario: Scenario): void {
  const { site, store } = scenario;
  const problems: Problem[] = [];
  const workers = site.servers * site.workersPerServer;
  if (workers !== 1) {
    problems.push({
      at: "site.servers × site.workersPerServer",
      given: String(workers),
      expected: "1: bench drives one worker process so far",
      mend: 'set both to 1, or use "sessionlab simulate" for a farm or a web garden',
    });
  }
  const outside = site.mode !== "Off" && site.mode !== "InProc";
  if (!providersOfMode[site.mode].includes(store.provider)) {
    problems.push({
      at: "store.provider",
      given: store.provider,
      expected: `${providersOfMode[site.mode].join(", ")}, which keep the sessions of ${site.mode}`,
      mend: "change it, or make it site.mode: Custom",
    });
  }
  if (outside && (site.timeoutMs === null || site.timeoutMs % MINUTE_MS !== 0)) {
    problems.push({
      at: "site.timeoutMinutes",
      given: site.timeoutMs === null ? "Infinite" : String(site.timeoutMs / MINUTE_MS),
      expected: `whole minutes: out of process nothing else can be stored`,
      mend: "set it",
    });
  }
  if (outside && site.sessionsMax !== UNLIMITED_SESSIONS) {
    problems.push({
      at: "site.sessionsMax",
      given: String(site.sessionsMax),
      expected: "no cap: only a worker that keeps its sessions itself can count them before it lets one in",
      mend: "leave it out, or bench InProc",
    });
  }
  if (!COOKIE_NAME.test(site.cookieName)) {
    problems.push({
      at: "<sessionState> cookieName",
      given: JSON.stringify(site.cookieName),
      expected: "printable ASCII without ; and =, no blank at either end: a cookie of another name never comes back",
      mend: "rename it",
    });
  }
  if (store.provider === "sealed-cookie" && outside && site.cookieless !== "UseCookies") {
    problems.push({
      at: "site.cookieless",
      given: site.cookieless,
      expected: "UseCookies: a session held by its client is a cookie",
      mend: "leave it out, or keep the sessions in another store",
    });
  }
  if (site.recycleAtMemoryBytes !== undefined) {
    problems.push({
      at: "site.recycleAtMemoryMB",
      given: String(site.recycleAtMemoryBytes / 1024 / 1024),
      expected:
        "none in a bench: it replaces workers by the clock and by their requests, and does not watch their memory",
      mend: 'leave it out or take recycleAfterRequests; "sessionlab simulate" knows it',
    });
  }
  problems.push(...problemsOfFaults(scenario, process.platform));
  if (problems.length > 0) throw new InputError(`Cannot bench "${scenario.name}"`, problems);
}
