// From what the user wrote to what the program computes with: units converted here, once; what the scenario leaves open is taken
// from the settings file, and what that leaves open from the defaults of the technology.

import { builtInCalibration } from "./built-in-calibration.ts";
import type { WorkloadFile } from "./file/workload.ts";
import { scaleLaw } from "./scale-law.ts";
import type {
  Arrivals,
  Calibration,
  Fault,
  PageSession,
  Scenario,
  Site,
  Store,
  StoreProvider,
  Workload,
} from "./scenario.ts";
import type { ScenarioFile } from "./scenario-file.ts";
import {
  defaultSettings,
  type PageSessionState,
  plainValues,
  type SessionMode,
  type Settings,
  UNLIMITED_SESSIONS,
} from "./session-settings.ts";
import { defaultExpiry } from "./site-in-mode.ts";
import { parseTimeSpanSeconds } from "./time-span.ts";

export interface ScenarioParts {
  readonly file: ScenarioFile;
  /** The workload, inline or read from the file that the scenario names. */
  readonly workload: WorkloadFile;
  /** null where the scenario names no settings file. */
  readonly settings: Settings | null;
  /** null for the built-in one of the mode. */
  readonly calibration: Calibration | null;
}

const MINUTE_MS = 60_000;
/** As IIS counts memory: kilobytes of 1,024. */
const MEGABYTE = 1024 * 1024;
const SAMPLES_DEFAULT = 240;

export function resolveScenario({ file, workload, settings, calibration }: ScenarioParts): Scenario {
  const durationMs = file.run.durationMinutes * MINUTE_MS;
  const site = resolveSite(file.site, settings);
  const store = resolveStore(file.store, site.mode, settings);
  return {
    name: file.name,
    description: file.description,
    site,
    store,
    workload: resolveWorkload(workload, durationMs, defaultPageSession(site, settings)),
    calibration: calibration ?? builtInCalibration(site.mode, store.provider),
    run: {
      fidelity: file.run.fidelity,
      durationMs,
      warmupMs: file.run.warmupMinutes * MINUTE_MS,
      drainMs: file.run.drainMinutes * MINUTE_MS,
      seed: file.run.seed,
      replications: file.run.replications,
      ...(file.run.antithetic ? { antithetic: true } : {}),
      ...(file.run.precision === undefined ? {} : { precision: [file.run.precision].flat() }),
      timeScale: file.run.timeScale,
      sampleMs: file.run.sampleSeconds === undefined ? durationMs / SAMPLES_DEFAULT : file.run.sampleSeconds * 1000,
    },
    faults: file.faults.map(resolveFault),
    targets: file.targets,
  };
}

export function resolveFault(fault: ScenarioFile["faults"][number]): Fault {
  const atMs = fault.atMinutes * MINUTE_MS;
  switch (fault.kind) {
    case "recycle":
      return { kind: fault.kind, atMs };
    case "rolling-deploy":
      return { kind: fault.kind, atMs, everyMs: fault.everySeconds * 1000, downMs: fault.downSeconds * 1000 };
    case "kill-worker":
      return { kind: fault.kind, atMs, downMs: fault.downSeconds * 1000, ...workerOf(fault) };
    case "kill-store":
      return { kind: fault.kind, atMs, downMs: fault.downSeconds * 1000, ...partitionOf(fault) };
    case "pause-worker":
      return { kind: fault.kind, atMs, forMs: fault.forSeconds * 1000, ...workerOf(fault) };
    case "pause-store":
      return { kind: fault.kind, atMs, forMs: fault.forSeconds * 1000, ...partitionOf(fault) };
    case "slow-store":
      return { kind: fault.kind, atMs, forMs: fault.forSeconds * 1000, delayMs: fault.delayMs, ...partitionOf(fault) };
    case "cut-store":
      return { kind: fault.kind, atMs, forMs: fault.forSeconds * 1000, silent: fault.silent, ...partitionOf(fault) };
  }
}

/** Users count workers from 1, and partitions. */
function workerOf({ worker }: { readonly worker?: number | undefined }): { readonly worker?: number } {
  return worker === undefined ? {} : { worker: worker - 1 };
}

function partitionOf({ partition }: { readonly partition?: number | undefined }): { readonly partition?: number } {
  return partition === undefined ? {} : { partition: partition - 1 };
}

function resolveSite(site: ScenarioFile["site"], settings: Settings | null): Site {
  const technology = site.technology ?? (settings !== null && saysOnlyClassicAsp(settings) ? "asp" : "aspnet");
  const classic = technology === "asp";
  const { sessionState, aspSession } = plainValues(settings ?? defaultSettings());
  const mode = site.mode ?? modeOf(classic, settings);
  const expiry = defaultExpiry(technology, mode);
  return {
    technology,
    mode,
    timeoutMs: site.timeoutMinutes === undefined ? timeoutMsOf(classic, settings) : site.timeoutMinutes * MINUTE_MS,
    sessionsMax:
      site.sessionsMax ?? (classic ? (settings?.aspSession.max.value ?? UNLIMITED_SESSIONS) : UNLIMITED_SESSIONS),
    sessionStart: site.sessionStart,
    cookieName: classic ? "ASPSESSIONIDSESSIONL" : sessionState.cookieName,
    cookieless: classic ? "UseCookies" : (site.cookieless ?? sessionState.cookieless),
    cookieSameSite: site.cookieSameSite ?? sessionState.cookieSameSite,
    regenerateExpiredSessionId: site.regenerateExpiredSessionId ?? sessionState.regenerateExpiredSessionId,
    https: site.https,
    keepSessionIdSecure: site.keepSessionIdSecure ?? aspSession.keepSessionIdSecure,
    servers: site.servers,
    workersPerServer: site.workersPerServer,
    coresPerWorker: site.coresPerWorker,
    affinity: site.affinity,
    lockPollMs: site.lockPollMs,
    executionTimeoutMs: 1000 * (site.executionTimeoutSeconds ?? settings?.load.executionTimeout.value ?? 110),
    requestQueueLimitPerSession:
      site.requestQueueLimitPerSession ?? settings?.load.requestQueueLimitPerSession.value ?? 50,
    expirySweepMs: site.expirySweepSeconds === undefined ? expiry.expirySweepMs : site.expirySweepSeconds * 1000,
    expirySlideMinMs:
      site.expirySlideMinSeconds === undefined ? expiry.expirySlideMinMs : site.expirySlideMinSeconds * 1000,
    deleteJobMs: site.deleteJobRuns ? site.deleteJobSeconds * 1000 : null,
    recycleEveryMs: site.recycleEveryMinutes === undefined ? null : site.recycleEveryMinutes * MINUTE_MS,
    ...(site.recycleAfterRequests === undefined ? {} : { recycleAfterRequests: site.recycleAfterRequests }),
    ...(site.recycleAtMemoryMB === undefined ? {} : { recycleAtMemoryBytes: site.recycleAtMemoryMB * MEGABYTE }),
  };
}

/** What keeps the sessions of a mode where the scenario does not say: PostgreSQL stands in for SQL Server, which nobody can ship. */
export function defaultProvider(mode: SessionMode): StoreProvider {
  return providerOfMode[mode];
}

const providerOfMode: Readonly<Record<SessionMode, StoreProvider>> = {
  Off: "in-proc",
  InProc: "in-proc",
  StateServer: "state-server",
  SQLServer: "postgresql",
  Custom: "module",
};

/** The mode whose place a provider takes. */
export const modeOfProvider: Readonly<Record<StoreProvider, SessionMode>> = {
  "in-proc": "InProc",
  "state-server": "StateServer",
  sqlserver: "SQLServer",
  postgresql: "SQLServer",
  mariadb: "SQLServer",
  sqlite: "SQLServer",
  redis: "Custom",
  "sealed-cookie": "Custom",
  "express-session": "Custom",
  module: "Custom",
};

function resolveStore(store: ScenarioFile["store"], mode: SessionMode, settings: Settings | null): Store {
  const { sessionState } = plainValues(settings ?? defaultSettings());
  const ms = (seconds: number | "Infinite") => (seconds === "Infinite" ? null : seconds * 1000);
  const { connection = [] } = store;
  const connections = typeof connection === "string" ? [connection] : connection;
  return {
    provider: store.provider ?? defaultProvider(mode),
    connections,
    partitions: store.partitions ?? Math.max(1, connections.length),
    module: store.module ?? null,
    compression: store.compression ?? sessionState.compressionEnabled,
    applicationId: store.applicationId,
    networkTimeoutMs: ms(store.networkTimeoutSeconds ?? sessionState.stateNetworkTimeout),
    commandTimeoutMs: ms(store.commandTimeoutSeconds ?? sessionState.sqlCommandTimeout),
    connectionRetryMs: ms(sessionState.sqlConnectionRetryInterval),
    allowCustomSqlDatabase: sessionState.allowCustomSqlDatabase,
  };
}

function saysOnlyClassicAsp(settings: Settings): boolean {
  const written = (group: object) => Object.values(group).some((setting) => setting.written !== undefined);
  return written(settings.aspSession) && !written(settings.sessionState);
}

function modeOf(classic: boolean, settings: Settings | null): SessionMode {
  if (settings === null) return "InProc";
  if (classic) return settings.aspSession.allowSessionState.value ? "InProc" : "Off";
  return settings.sessionState.mode.value;
}

function timeoutMsOf(classic: boolean, settings: Settings | null): number | null {
  if (settings === null) return 20 * MINUTE_MS;
  if (classic) return parseTimeSpanSeconds(settings.aspSession.timeout.value) * 1000;
  const minutes = settings.sessionState.timeout.value;
  return minutes === "Infinite" ? null : minutes * MINUTE_MS;
}

function resolveWorkload(workload: WorkloadFile, durationMs: number, pageSession: PageSession): Workload {
  const { whenRefused, whenFailed } = workload;
  return {
    arrivals: resolveArrivals(workload.arrivals, durationMs),
    ...(workload.population === undefined ? {} : { population: workload.population }),
    requestsPerVisit: workload.requestsPerVisit,
    thinkMs: scaleLaw(workload.thinkSeconds, 1000),
    logoutShare: workload.logoutShare,
    withoutCookiesShare: workload.withoutCookiesShare,
    parallel: workload.parallel,
    pages: workload.pages.map((page) => ({ ...page, session: page.session ?? pageSession })),
    stateBytes: workload.stateBytes,
    whenRefused:
      whenRefused.kind === "leave"
        ? whenRefused
        : {
            kind: "retry",
            afterMs: scaleLaw(whenRefused.afterSeconds, 1000),
            attemptsMax: whenRefused.attemptsMax,
          },
    ...(whenFailed === undefined ? {} : { whenFailed: resolveWhenFailed(whenFailed) }),
  };
}

function resolveWhenFailed(rule: NonNullable<WorkloadFile["whenFailed"]>): NonNullable<Workload["whenFailed"]> {
  if (rule.kind === "leave") return rule;
  const { afterSeconds, attemptsMax } = rule;
  return { kind: rule.kind, afterMs: scaleLaw(afterSeconds, 1000), attemptsMax };
}

/** Of a page that does not say: `<pages>` is a section of ASP.NET, and no concern of classic ASP. */
function defaultPageSession({ technology }: Site, settings: Settings | null): PageSession {
  return technology === "asp" || settings === null
    ? "read-write"
    : pageSessions[settings.load.enableSessionState.value];
}

const pageSessions: Readonly<Record<PageSessionState, PageSession>> = {
  true: "read-write",
  ReadOnly: "read-only",
  false: "none",
};

function resolveArrivals(arrivals: WorkloadFile["arrivals"], durationMs: number): Arrivals {
  switch (arrivals.kind) {
    case "ramp": {
      const { overMinutes, ...rest } = arrivals;
      return { ...rest, overMs: overMinutes === undefined ? durationMs : overMinutes * MINUTE_MS };
    }
    case "step": {
      const { everyMinutes, ...rates } = arrivals;
      return { ...rates, everyMs: everyMinutes * MINUTE_MS };
    }
    case "burst": {
      const { burstAtMinutes, burstMinutes, ...rest } = arrivals;
      return { ...rest, burstAtMs: burstAtMinutes * MINUTE_MS, burstMs: burstMinutes * MINUTE_MS };
    }
    case "trace":
      return { kind: "trace", atMs: arrivals.atSeconds.map((second) => second * 1000) };
    default:
      return arrivals;
  }
}
