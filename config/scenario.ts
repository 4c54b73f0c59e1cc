// What is asked of a run, in the units the program computes with: milliseconds, bytes, shares from 0 to 1. The file a user writes
// has minutes and seconds in its key names (scenario-file.ts); they are converted once, on the way here.

import type { CookielessMode, SameSiteMode, SessionMode } from "./session-settings.ts";

/**
 * A law that numbers are drawn from. `max`, where given, cuts larger draws down to it.
 * log-normal: mean of the values and sigma of their logarithm; Pareto: smallest value and tail exponent (mean is infinite at
 * shape ≤ 1); empirical: values at equally spaced probabilities 0 … 1, straight lines between them.
 */
export type Law =
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "exponential"; readonly mean: number; readonly max?: number }
  | { readonly kind: "lognormal"; readonly mean: number; readonly sigma: number; readonly max?: number }
  | { readonly kind: "pareto"; readonly min: number; readonly shape: number; readonly max?: number }
  | { readonly kind: "empirical"; readonly quantiles: readonly number[] };

/** A law over the whole numbers 1, 2, 3 …; geometric: the chance of one more is 1 − 1/mean each time. */
export type CountLaw =
  | { readonly kind: "fixed"; readonly value: number }
  | { readonly kind: "geometric"; readonly mean: number }
  | { readonly kind: "empirical"; readonly values: readonly number[]; readonly weights: readonly number[] };

/** When visits begin. Rates are visits per second of scenario time; moments count from the start of the run. */
export type Arrivals =
  | { readonly kind: "poisson"; readonly perSecond: number }
  | { readonly kind: "constant"; readonly perSecond: number }
  | { readonly kind: "ramp"; readonly fromPerSecond: number; readonly toPerSecond: number; readonly overMs: number }
  | {
      readonly kind: "step";
      readonly fromPerSecond: number;
      readonly byPerSecond: number;
      readonly everyMs: number;
      readonly toPerSecond: number;
    }
  | { readonly kind: "profile"; readonly perHour: readonly number[]; readonly startHour: number }
  | {
      readonly kind: "burst";
      readonly perSecond: number;
      readonly burstPerSecond: number;
      readonly burstAtMs: number;
      readonly burstMs: number;
    }
  | { readonly kind: "trace"; readonly atMs: readonly number[] };

/** What a page does with session state: `EnableSessionState` true, ReadOnly or false. */
export type PageSession = "read-write" | "read-only" | "none";

export interface PageKind {
  readonly name: string;
  /** Where it is at a site that is not ours, from the root, with its query: "/cart?add=1". Our host goes by the name. */
  readonly path?: string;
  /** Weight among the pages of the workload; the shares need not add up to 1. */
  readonly share: number;
  readonly session: PageSession;
  /** Share of this page's requests that change session state, so that it is written back. Only read-write pages change it. */
  readonly changedShare: number;
  /** Time on a core. */
  readonly cpuMs: Law;
  /** Time spent waiting for something else (a database, a service), holding the session's lock but no core. */
  readonly waitMs: Law;
}

/** Sessions that are all stored before the run begins. Whoever comes is one of them, with the cookies of his last visit. */
export interface Population {
  readonly sessions: number;
  /** Whose turn it is. zipfian: as YCSB's requestdistribution of that name, theta below 1. */
  readonly choice: { readonly kind: "uniform" } | { readonly kind: "zipfian"; readonly theta: number };
}

export interface Workload {
  readonly arrivals: Arrivals;
  /** Left out: every visit is somebody new. */
  readonly population?: Population;
  /** Page views of one visit, the first included. */
  readonly requestsPerVisit: CountLaw;
  /** From the end of one page view to the start of the next. */
  readonly thinkMs: Law;
  /** Share of visits whose last request abandons the session. */
  readonly logoutShare: number;
  /** Share of visits by clients that return no cookie: each of their requests is a new session. */
  readonly withoutCookiesShare: number;
  /** Share of page views that, once loaded, send `requests` more on the same session, `spacingMs` apart; 0 is all at once. */
  readonly parallel: { readonly share: number; readonly requests: number; readonly spacingMs: number };
  readonly pages: readonly PageKind[];
  /** Size of one session's state, serialised. */
  readonly stateBytes: Law;
  /** What a visitor does who is refused at the cap. */
  readonly whenRefused:
    | { readonly kind: "leave" }
    | { readonly kind: "retry"; readonly afterMs: Law; readonly attemptsMax: number };
  /** What a visitor does whose page failed. Left out: he goes on as if it had come. retry: the same page again. */
  readonly whenFailed?:
    | { readonly kind: "leave" }
    | { readonly kind: "retry"; readonly afterMs: Law; readonly attemptsMax: number };
}

export interface Site {
  /** asp: classic ASP, requests of one session one after another. aspnet: exclusive locks with polling. */
  readonly technology: "aspnet" | "asp";
  readonly mode: SessionMode;
  /** Sliding; null means never. */
  readonly timeoutMs: number | null;
  /** Cap on stored sessions of one store; 4294967295 means no cap. */
  readonly sessionsMax: number;
  /** A Session_Start handler exists, so that every session-using page of a newcomer stores a session. */
  readonly sessionStart: boolean;
  readonly cookieName: string;
  readonly cookieless: CookielessMode;
  readonly cookieSameSite: SameSiteMode;
  /** A client that comes with the id of a session that is no more gets a new id, not the same again. Acts in cookieless requests only. */
  readonly regenerateExpiredSessionId: boolean;
  /** The site is reached over TLS. */
  readonly https: boolean;
  /** Classic ASP over TLS: the session cookie is marked secure. */
  readonly keepSessionIdSecure: boolean;
  readonly servers: number;
  readonly workersPerServer: number;
  readonly coresPerWorker: number;
  /** A visitor's requests all reach the same worker. */
  readonly affinity: boolean;
  readonly lockPollMs: number;
  readonly executionTimeoutMs: number;
  readonly requestQueueLimitPerSession: number;
  /** How often InProc, StateServer and Custom look for expired sessions; 0 removes each at the very moment it expires. */
  readonly expirySweepMs: number;
  /** A slide of the expiry by less than this is not recorded (InProc, StateServer, Custom). */
  readonly expirySlideMinMs: number;
  /** How often the SQL job deletes expired rows; null where no Agent runs: rows never go. */
  readonly deleteJobMs: number | null;
  /** A worker process is replaced this often; null for never. */
  readonly recycleEveryMs: number | null;
  /** A worker process is replaced after so many requests. Left out: never. */
  readonly recycleAfterRequests?: number;
  /** A worker process is replaced when it takes more. Left out: never. */
  readonly recycleAtMemoryBytes?: number;
}

/** What keeps the sessions, by the name of its protocol or product. */
export const storeProviders = [
  "in-proc",
  "state-server",
  "sqlserver",
  "postgresql",
  "mariadb",
  "redis",
  "sqlite",
  "sealed-cookie",
  "express-session",
  "module",
] as const;
export type StoreProvider = (typeof storeProviders)[number];

/** The store that a bench drives; a simulation takes the costs of one from the calibration instead. */
export interface Store {
  readonly provider: StoreProvider;
  /** Where it is; several: partitions, one session on one of them by its id. Empty: the bench starts one of its own. */
  readonly connections: readonly string[];
  /** Stores out of process, each session on one of them by its id; as many as connections, where any is named. */
  readonly partitions: number;
  /** Of express-session: the package of the store. Of module: the path of the provider. Else null. */
  readonly module: string | null;
  /** The serialised state is deflated. */
  readonly compression: boolean;
  /** As AppDomainAppId: "/LM/W3SVC/1/ROOT". */
  readonly applicationId: string;
  /** null: no limit. */
  readonly networkTimeoutMs: number | null;
  readonly commandTimeoutMs: number | null;
  /** As written: 0 for no retry, null for Infinite. */
  readonly connectionRetryMs: number | null;
  readonly allowCustomSqlDatabase: boolean;
}

export interface Run {
  /** population: sessions and memory only, requests take no time. requests: every store call, lock, poll and queue. */
  readonly fidelity: "population" | "requests";
  readonly durationMs: number;
  /** The first part, left out of the figures. */
  readonly warmupMs: number;
  /** After the duration no new visits begin; those under way may finish for so long. */
  readonly drainMs: number;
  readonly seed: number;
  readonly replications: number;
  /** Replications come in pairs: 2k + 1 is 2k with its luck turned round. Left out: each on its own. */
  readonly antithetic?: boolean;
  /** Replications go on until all of these are reached. Left out: as many as `replications` says. */
  readonly precision?: readonly Precision[];
  /**
   * Scenario time runs this many times faster than real time: timeouts, sweeps, think times, schedules and arrivals are
   * compressed; the work of a request (CPU, waits, network, lock polls) is not. Above 1 in a simulation, the same compression.
   */
  readonly timeScale: number;
  /** Spacing of the time series, in scenario time. */
  readonly sampleMs: number;
}

/** How well a figure is to be known: half the width of its 95 % interval, relative to the figure. */
export interface Precision {
  readonly figure: string;
  readonly relativeHalfWidth: number;
  /** After so many it is given up. */
  readonly replicationsMax: number;
}

/**
 * Real time, whatever the time scale: `downMs`, `forMs`, `delayMs`, `everyMs`. Scenario time: `atMs`.
 * recycle: a new worker takes over from the old one. kill: the process is killed as a crash would, and started again after `downMs`.
 * pause: it stands still (SIGSTOP), keeps what it has, and goes on after `forMs`. Kill and pause strike one `worker` process, counted
 * from 0 through the first server, then the second; left out, the first. rolling-deploy: one server after another is taken out for
 * `downMs`, all its workers at once; who comes is served by the others, what it has begun it finishes. With `server`, counted from 0,
 * it is the turn of that one alone.
 */
export type WorkerFault =
  | { readonly kind: "recycle"; readonly atMs: number }
  | { readonly kind: "kill-worker"; readonly atMs: number; readonly downMs: number; readonly worker?: number }
  | { readonly kind: "pause-worker"; readonly atMs: number; readonly forMs: number; readonly worker?: number }
  | {
      readonly kind: "rolling-deploy";
      readonly atMs: number;
      readonly everyMs: number;
      readonly downMs: number;
      readonly server?: number;
    };

/**
 * slow-store: what passes between site and store takes `delayMs` longer each way. cut-store: every connection to the store is reset
 * and none is made; `silent`: nobody is told, what is sent merely does not arrive while it lasts, as when packets are lost.
 * Each strikes one `partition` of the store, counted from 0; left out, all of them.
 */
export type StoreFault = { readonly partition?: number } & (
  | { readonly kind: "kill-store"; readonly atMs: number; readonly downMs: number }
  | { readonly kind: "pause-store"; readonly atMs: number; readonly forMs: number }
  | { readonly kind: "slow-store"; readonly atMs: number; readonly forMs: number; readonly delayMs: number }
  | { readonly kind: "cut-store"; readonly atMs: number; readonly forMs: number; readonly silent: boolean }
);

export type Fault = WorkerFault | StoreFault;

export interface Target {
  readonly figure: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

export const storeOperations = [
  "getItem",
  "getItemExclusive",
  "setAndReleaseItemExclusive",
  "releaseItemExclusive",
  "removeItem",
  "resetItemTimeout",
  "createUninitializedItem",
] as const;
/** The calls of ASP.NET's SessionStateStoreProviderBase. */
export type StoreOperation = (typeof storeOperations)[number];

export interface OperationCost {
  /** Time on a web core: marshalling, serialising. */
  readonly webCpuMs: number;
  readonly webCpuMsPerKiB: number;
  /** Time at the store. */
  readonly storeMs: Law;
  readonly storeMsPerKiB: number;
}

/** Where a calibration was measured. */
export interface CalibrationMachine {
  readonly cpu: string;
  readonly cores: number;
  readonly platform: string;
  readonly node: string;
  /** Engine and version of the store; null where sessions are in process. */
  readonly store: string | null;
  readonly sessionlab: string;
  /** ISO day. */
  readonly measuredOn: string;
}

/** What one provider costs on one machine. */
export interface Calibration {
  readonly name: string;
  /** Whose costs they are; left out: whoever names the file says so. */
  readonly provider?: StoreProvider;
  readonly machine?: CalibrationMachine;
  /** 95 % intervals of what was measured, by where the figure stands: "memory.bytesPerSession". */
  readonly intervals?: Readonly<Record<string, { readonly low: number; readonly high: number }>>;
  /** How the figures came about; an assumption says so here and in every report. */
  readonly evidence: string;
  readonly measured: boolean;
  /** What a web core spends on a request beside the page and the store calls. */
  readonly requestCpuMs: Law;
  /** What a millisecond of a page's own processor time takes on this machine; 1 where it is left out. */
  readonly pageCpuFactor?: number;
  /**
   * A request whose worker had none for t takes cpuMsMax × (1 − e^(−t/afterMs)) more: its code and data have gone cold. Left out: nothing.
   */
  readonly waking?: { readonly cpuMsMax: number; readonly afterMs: number };
  /** Between visitor and site, there and back: part of every response time, no work of the site's. */
  readonly clientRoundTripMs: Law;
  /** Between site and store, there and back. */
  readonly networkRoundTripMs: Law;
  /** Calls the store works on at one time. */
  readonly storeConcurrency: number;
  readonly operations: Readonly<Record<StoreOperation, OperationCost>>;
  readonly memory: {
    readonly fixedBytes: number;
    readonly bytesPerSession: number;
    readonly bytesPerStateByte: number;
    /**
     * What a write replaced and what was removed can be used again only after so long, real time (PostgreSQL: when its vacuum comes
     * by), and the store's files, once grown, do not shrink. Left out: at once.
     */
    readonly reuseAfterMs?: number;
  };
}

export interface Scenario {
  readonly name: string;
  readonly description: string;
  readonly site: Site;
  readonly store: Store;
  readonly workload: Workload;
  readonly calibration: Calibration;
  readonly run: Run;
  readonly faults: readonly Fault[];
  readonly targets: readonly Target[];
}
