// The session-state settings of a site: every attribute of ASP.NET's <sessionState> and of classic ASP's <session>, with the
// pages and limits that matter to load. Each value knows how it was written and where; what nobody wrote is a default.
// Names and defaults: .NET Framework reference source (SessionStateSection.cs) and IIS_schema.xml.

/** One value with its history. `written` is the text as it stands in the file, absent for a default. */
export interface Setting<T> {
  readonly value: T;
  readonly written?: string;
  /** `web.config:12` (file and line), or `default`. */
  readonly origin: string;
}

export const sessionModes = ["Off", "InProc", "StateServer", "SQLServer", "Custom"] as const;
export type SessionMode = (typeof sessionModes)[number];
export const cookielessModes = ["UseUri", "UseCookies", "AutoDetect", "UseDeviceProfile"] as const;
export type CookielessMode = (typeof cookielessModes)[number];
export const sameSiteModes = ["None", "Lax", "Strict", "-1"] as const;
export type SameSiteMode = (typeof sameSiteModes)[number];
export const pageSessionStates = ["true", "ReadOnly", "false"] as const;
export type PageSessionState = (typeof pageSessionStates)[number];

/** An entry of `<providers>`; `attributes` are those beside name and type, as written. */
export interface Provider {
  readonly name: string;
  readonly type: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** No limit on sessions, as the installed schema writes it; `-1` on input means the same. */
export const UNLIMITED_SESSIONS = 4_294_967_295;
/** One year, the longest timeout that InProc and StateServer take. */
export const TIMEOUT_MINUTES_MAX = 525_600;

/** Plain values of `system.web/sessionState`, in the units of web.config. */
export interface SessionStateValues {
  readonly mode: SessionMode;
  readonly cookieless: CookielessMode;
  readonly cookieName: string;
  /** Minutes. */
  readonly timeout: number | "Infinite";
  readonly stateConnectionString: string;
  /** Seconds. */
  readonly stateNetworkTimeout: number | "Infinite";
  readonly sqlConnectionString: string;
  /** Seconds. */
  readonly sqlCommandTimeout: number | "Infinite";
  /** Seconds; 0 means no retry. */
  readonly sqlConnectionRetryInterval: number | "Infinite";
  readonly allowCustomSqlDatabase: boolean;
  readonly customProvider: string;
  readonly partitionResolverType: string;
  readonly regenerateExpiredSessionId: boolean;
  readonly sessionIDManagerType: string;
  readonly useHostingIdentity: boolean;
  readonly compressionEnabled: boolean;
  readonly cookieSameSite: SameSiteMode;
  readonly providers: readonly Provider[];
}

/** Plain values of `system.webServer/asp/session`. */
export interface AspSessionValues {
  readonly allowSessionState: boolean;
  readonly keepSessionIdSecure: boolean;
  /** Sessions; 4294967295 means no limit. */
  readonly max: number;
  /** `[d.]hh:mm:ss`, whole minutes, up to 365 days. */
  readonly timeout: string;
}

/** What stands beside the session settings and decides what load does to a site. */
export interface LoadValues {
  /** `system.web/pages enableSessionState`. */
  readonly enableSessionState: PageSessionState;
  /** `system.web/httpRuntime executionTimeout`, seconds. */
  readonly executionTimeout: number;
  /** `system.web/sessionPageState historySize`. */
  readonly historySize: number;
  /** appSetting `aspnet:RequestQueueLimitPerSession`; 2147483647 means no limit. */
  readonly requestQueueLimitPerSession: number;
  /** `asp/limits`, with the units of the schema. */
  readonly requestQueueMax: number;
  readonly queueTimeout: string;
  readonly queueConnectionTestTime: string;
  readonly processorThreadMax: number;
  readonly scriptTimeout: string;
  readonly bufferingLimit: number;
  readonly maxRequestEntityAllowed: number;
  /** `system.webServer/modules runAllManagedModulesForAllRequests`: static files pass through the session module too. */
  readonly runAllManagedModulesForAllRequests: boolean;
}

type WithOrigin<T> = { readonly [K in keyof T]: Setting<T[K]> };

export interface Settings {
  readonly sessionState: WithOrigin<SessionStateValues>;
  readonly aspSession: WithOrigin<AspSessionValues>;
  readonly load: WithOrigin<LoadValues>;
}

export const sessionStateDefaults: SessionStateValues = {
  mode: "InProc",
  cookieless: "UseCookies",
  cookieName: "ASP.NET_SessionId",
  timeout: 20,
  stateConnectionString: "tcpip=loopback:42424",
  stateNetworkTimeout: 10,
  sqlConnectionString: "data source=localhost;Integrated Security=SSPI",
  sqlCommandTimeout: 30,
  sqlConnectionRetryInterval: 0,
  allowCustomSqlDatabase: false,
  customProvider: "",
  partitionResolverType: "",
  regenerateExpiredSessionId: true,
  sessionIDManagerType: "",
  useHostingIdentity: true,
  compressionEnabled: false,
  cookieSameSite: "Lax",
  providers: [],
};

export const aspSessionDefaults: AspSessionValues = {
  allowSessionState: true,
  keepSessionIdSecure: true,
  max: UNLIMITED_SESSIONS,
  timeout: "00:20:00",
};

export const loadDefaults: LoadValues = {
  enableSessionState: "true",
  executionTimeout: 110,
  historySize: 9,
  requestQueueLimitPerSession: 50,
  requestQueueMax: 3000,
  queueTimeout: "00:00:00",
  queueConnectionTestTime: "00:00:03",
  processorThreadMax: 25,
  scriptTimeout: "00:01:30",
  bufferingLimit: 4_194_304,
  maxRequestEntityAllowed: 200_000,
  runAllManagedModulesForAllRequests: false,
};

function withOrigin<T extends object>(values: T): WithOrigin<T> {
  const entries = Object.entries(values).map(([name, value]) => [name, { value, origin: "default" }]);
  return Object.fromEntries(entries) as WithOrigin<T>;
}

/** The settings of a site that says nothing. */
export function defaultSettings(): Settings {
  return {
    sessionState: withOrigin(sessionStateDefaults),
    aspSession: withOrigin(aspSessionDefaults),
    load: withOrigin(loadDefaults),
  };
}

/** The values alone, without their history. */
export function plainValues(settings: Settings): {
  readonly sessionState: SessionStateValues;
  readonly aspSession: AspSessionValues;
  readonly load: LoadValues;
} {
  return {
    sessionState: withoutOrigin(settings.sessionState),
    aspSession: withoutOrigin(settings.aspSession),
    load: withoutOrigin(settings.load),
  };
}

function withoutOrigin<T extends object>(settings: WithOrigin<T>): T {
  const entries = Object.entries<Setting<unknown>>(settings).map(([name, setting]) => [name, setting.value]);
  return Object.fromEntries(entries) as T;
}
