// A scenario small enough for a test: half a minute of scenario time in a second or two, with every kind of page.

import type { Run, Scenario, Site, Workload } from "../../config/scenario.ts";
import { plainCalibration } from "../plain-calibration.ts";

export interface Changes {
  readonly site?: Partial<Site>;
  readonly workload?: Partial<Workload>;
  readonly run?: Partial<Run>;
  readonly faults?: Scenario["faults"];
  readonly store?: Partial<Scenario["store"]>;
}

/** @returns two visits a scenario second for 40 s, lived in two real seconds, with whatever `changes` say instead. */
export function smallScenario(changes: Changes = {}): Scenario {
  const none = { kind: "constant", value: 0 } as const;
  return {
    name: "small",
    description: "",
    site: {
      technology: "aspnet",
      mode: "InProc",
      timeoutMs: 20_000,
      sessionsMax: 4_294_967_295,
      sessionStart: false,
      cookieName: "ASP.NET_SessionId",
      cookieless: "UseCookies",
      cookieSameSite: "Lax",
      regenerateExpiredSessionId: true,
      https: false,
      keepSessionIdSecure: true,
      servers: 1,
      workersPerServer: 1,
      coresPerWorker: 1,
      affinity: true,
      lockPollMs: 500,
      executionTimeoutMs: 110_000,
      requestQueueLimitPerSession: 50,
      expirySweepMs: 4_000,
      expirySlideMinMs: 200,
      deleteJobMs: 60_000,
      recycleEveryMs: null,
      ...changes.site,
    },
    store: {
      provider: "in-proc",
      connections: [],
      partitions: 1,
      module: null,
      compression: false,
      applicationId: "/LM/W3SVC/1/ROOT",
      networkTimeoutMs: 10_000,
      commandTimeoutMs: 30_000,
      connectionRetryMs: 0,
      allowCustomSqlDatabase: false,
      ...changes.store,
    },
    workload: {
      arrivals: { kind: "poisson", perSecond: 2 },
      requestsPerVisit: { kind: "geometric", mean: 3 },
      thinkMs: { kind: "exponential", mean: 3_000 },
      logoutShare: 0.3,
      withoutCookiesShare: 0.1,
      parallel: { share: 0, requests: 1, spacingMs: 0 },
      pages: [
        { name: "basket", share: 3, session: "read-write", changedShare: 0.7, cpuMs: none, waitMs: none },
        { name: "browse", share: 2, session: "read-only", changedShare: 0, cpuMs: none, waitMs: none },
        { name: "about", share: 1, session: "none", changedShare: 0, cpuMs: none, waitMs: none },
      ],
      stateBytes: { kind: "constant", value: 2_000 },
      whenRefused: { kind: "leave" },
      ...changes.workload,
    },
    calibration: plainCalibration("InProc"),
    run: {
      fidelity: "requests",
      durationMs: 40_000,
      warmupMs: 5_000,
      drainMs: 0,
      seed: 7,
      replications: 1,
      timeScale: 20,
      sampleMs: 2_000,
      ...changes.run,
    },
    faults: changes.faults ?? [],
    targets: [],
  };
}
