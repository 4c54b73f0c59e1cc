// The session settings that a scenario stands for, as somebody would have written them into a configuration file. What only the buyer
// can know, the name of a server, is a placeholder that nobody can take for a name.

import { holdsCredentials, isLoopback, parseStateConnectionString } from "../../config/connection-strings.ts";
import type { Scenario } from "../../config/scenario.ts";
import {
  type AspSessionValues,
  aspSessionDefaults,
  defaultSettings,
  type LoadValues,
  loadDefaults,
  type Provider,
  type SessionStateValues,
  type Setting,
  type Settings,
  sessionStateDefaults,
  TIMEOUT_MINUTES_MAX,
} from "../../config/session-settings.ts";
import { clockText } from "../../config/setting-values.ts";
import { partitionsOf } from "./partitions-of.ts";

const MINUTE_MS = 60_000;
const MINUTE_SECONDS = 60;
const STATE_PORT = 42_424;
/** Of everything that has to be filled in; no host, database or type is called so. */
export const PLACEHOLDER = "REPLACE-WITH-";

const SQL_PLACEHOLDER = `data source=${PLACEHOLDER}SQL-SERVER;Integrated Security=SSPI`;
/** Names of providers in `<providers>`, and of the class that spreads sessions over partitions. */
const CUSTOM_PROVIDER = "PlannedSessionStore";
export const RESOLVER_CLASS = "PlannedPartitionResolver";
/** Source: aspnet-redis-providers, README. */
const REDIS_TYPE = "Microsoft.Web.Redis.RedisSessionStateProvider";

/** Settings of the section that the site's technology reads; all else as if nobody had written anything. */
export function sessionSettingsOf(scenario: Scenario): Settings {
  const settings = defaultSettings();
  return scenario.site.technology === "asp"
    ? { ...settings, aspSession: { ...settings.aspSession, ...written(aspSessionOf(scenario), aspSessionDefaults) } }
    : {
        ...settings,
        sessionState: { ...settings.sessionState, ...written(sessionStateOf(scenario), sessionStateDefaults) },
        load: { ...settings.load, ...written(loadOf(scenario), loadDefaults) },
      };
}

function aspSessionOf({ site }: Scenario): Partial<AspSessionValues> {
  return {
    allowSessionState: site.mode !== "Off",
    keepSessionIdSecure: site.keepSessionIdSecure,
    max: site.sessionsMax,
    timeout: clockText(wholeMinutes(site.timeoutMs) * MINUTE_SECONDS),
  };
}

function sessionStateOf(scenario: Scenario): Partial<SessionStateValues> {
  const { site, store } = scenario;
  if (site.mode === "Off") return { mode: "Off" };
  return {
    mode: site.mode,
    timeout: site.timeoutMs === null ? "Infinite" : wholeMinutes(site.timeoutMs),
    cookieless: site.cookieless,
    cookieName: site.cookieName,
    cookieSameSite: site.cookieSameSite,
    regenerateExpiredSessionId: site.regenerateExpiredSessionId,
    ...(site.mode === "InProc" ? {} : storeSettingsOf(scenario)),
    ...(site.mode === "StateServer" || site.mode === "SQLServer" ? { compressionEnabled: store.compression } : {}),
  };
}

function storeSettingsOf(scenario: Scenario): Partial<SessionStateValues> {
  const { site, store } = scenario;
  const resolver = partitionsOf(scenario) > 1 ? { partitionResolverType: RESOLVER_CLASS } : {};
  switch (site.mode) {
    case "StateServer":
      return {
        ...(partitionsOf(scenario) > 1 ? resolver : { stateConnectionString: connectionStrings(scenario)[0]! }),
        stateNetworkTimeout: wholeSeconds(store.networkTimeoutMs),
      };
    case "SQLServer":
      return {
        ...(partitionsOf(scenario) > 1 ? resolver : { sqlConnectionString: connectionStrings(scenario)[0]! }),
        sqlCommandTimeout: wholeSeconds(store.commandTimeoutMs),
        sqlConnectionRetryInterval: wholeSeconds(store.connectionRetryMs),
        allowCustomSqlDatabase: store.allowCustomSqlDatabase,
      };
    default:
      return { customProvider: CUSTOM_PROVIDER, providers: [providerOf(scenario)] };
  }
}

function providerOf({ store }: Scenario): Provider {
  if (store.provider !== "redis") return { name: CUSTOM_PROVIDER, type: `${PLACEHOLDER}PROVIDER-TYPE`, attributes: {} };
  return { name: CUSTOM_PROVIDER, type: REDIS_TYPE, attributes: { host: `${PLACEHOLDER}REDIS-SERVER`, ssl: "true" } };
}

function loadOf({ site }: Scenario): Partial<LoadValues> {
  return {
    executionTimeout: Math.max(1, Math.ceil(site.executionTimeoutMs / 1000)),
    requestQueueLimitPerSession: site.requestQueueLimitPerSession,
  };
}

/**
 * One connection string a partition: the scenario's own where they name servers that every web server can reach and hold no secret,
 * else placeholders.
 */
export function connectionStrings(scenario: Scenario): readonly string[] {
  const { site, store } = scenario;
  const given = store.connections.filter((text) => {
    if (holdsCredentials(text)) return false;
    if (site.mode !== "StateServer") return site.mode === "SQLServer" && store.provider === "sqlserver";
    const address = parseStateConnectionString(text);
    return address !== undefined && (site.servers === 1 || !isLoopback(address.host));
  });
  const partitions = partitionsOf(scenario);
  if (given.length === partitions) return given;
  return Array.from({ length: partitions }, (_, index) => {
    const number = partitions === 1 ? "" : `-${index + 1}`;
    return site.mode === "StateServer"
      ? `tcpip=${PLACEHOLDER}STATE-SERVER${number}:${STATE_PORT}`
      : SQL_PLACEHOLDER.replace("SQL-SERVER", `SQL-SERVER${number}`);
  });
}

/** A session that never ends is written as the longest that the section takes. */
function wholeMinutes(timeoutMs: number | null): number {
  if (timeoutMs === null) return TIMEOUT_MINUTES_MAX;
  return Math.max(1, Math.ceil(timeoutMs / MINUTE_MS));
}

function wholeSeconds(ms: number | null): number | "Infinite" {
  return ms === null ? "Infinite" : Math.ceil(ms / 1000);
}

/** What is written even where it is the default: what the plan is about. */
const always: ReadonlySet<string> = new Set([
  ...["mode", "timeout", "stateConnectionString", "stateNetworkTimeout", "sqlConnectionString", "sqlCommandTimeout"],
  ...["allowSessionState", "max"],
]);

type Written<T> = { readonly [K in keyof T]: Setting<NonNullable<T[K]>> };

/** With an origin that is no default, so that whoever writes them writes them all. */
function written<T extends object>(values: Partial<T>, defaults: T): Partial<Written<T>> {
  const known = Object.entries(values).filter(
    ([name, value]) => always.has(name) || value !== defaults[name as keyof T],
  );
  return Object.fromEntries(known.map(([name, value]) => [name, { value, origin: "plan" }])) as Partial<Written<T>>;
}
