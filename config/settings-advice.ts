// What somebody who knows session state would say on reading these settings. Every remark hangs on a setting that was written or on
// a combination of them: a site that says nothing hears nothing.
// Sources: .NET reference source (SessionStateModule.cs, cacheexpires, sqlstateclientmanager.cs), InstallSqlState.sql, IIS documentation.

import type { Surroundings } from "./apply-edits.ts";
import type { Advice } from "./config-file.ts";
import { holdsCredentials, isLoopback, parseStateConnectionString } from "./connection-strings.ts";
import { loadDefaults, type Setting, type Settings, UNLIMITED_SESSIONS } from "./session-settings.ts";
import { clockSeconds } from "./setting-values.ts";

const DAY_MINUTES = 1440;
const UNLIMITED_QUEUE = 2_147_483_647;

/** Remarks on effective settings, in the order of the settings they hang on. */
export function settingsAdvice(settings: Settings, surroundings: Surroundings): Advice[] {
  return [
    ...modeAdvice(settings, surroundings),
    ...storeAdvice(settings),
    ...sqlAdvice(settings),
    ...expiryAdvice(settings),
    ...cookieAdvice(settings, surroundings),
    ...credentialAdvice(settings),
    ...lockAdvice(settings, surroundings),
    ...classicAdvice(settings),
  ];
}

function modeAdvice({ sessionState }: Settings, { sessionModule }: Surroundings): Advice[] {
  const { mode, customProvider, sessionIDManagerType, partitionResolverType } = sessionState;
  const advice: Advice[] = [];
  if (mode.value === "InProc" && isWritten(mode)) {
    advice.push(
      remark(
        "in-proc-one-process",
        "info",
        mode,
        "InProc keeps sessions in one worker process: a recycle, a deployment or a change to web.config loses them all, and a web garden or a farm without affinity loses them between processes.",
      ),
    );
  }
  if (isOutOfProcess(mode.value) || mode.value === "Custom") {
    advice.push(
      remark(
        "session-end-never",
        "info",
        mode,
        `Session_End is raised in InProc only: in ${mode.value} mode the handler never runs.`,
      ),
    );
  }
  if (isOutOfProcess(mode.value)) {
    advice.push(
      remark(
        "whole-session-serialised",
        "info",
        mode,
        `In ${mode.value} mode the whole session is read for each request that uses it, and written back whole when any item changed or a mutable one was read; every item must be serialisable.`,
      ),
    );
  }
  if (customProvider.value !== "" && mode.value !== "Custom") {
    advice.push(
      remark(
        "custom-provider-unused",
        "warning",
        customProvider,
        `customProvider is set, but mode is ${mode.value}: it has no effect.`,
      ),
    );
  }
  if (sessionIDManagerType.value !== "") {
    advice.push(
      remark(
        "own-session-ids",
        "info",
        sessionIDManagerType,
        "Session ids come from a class of the site's own: how they are made, carried and reissued is up to it.",
      ),
    );
  }
  if (partitionResolverType.value !== "") {
    advice.push(
      remark(
        "partition-resolver",
        "info",
        partitionResolverType,
        "With a partition resolver the connection strings here are ignored: the resolver gives one for each session id.",
      ),
    );
  }
  if (sessionModule !== undefined && !sessionModule.value.startsWith("System.Web.SessionState.SessionStateModule")) {
    advice.push(moduleRemark(sessionModule, mode.value));
  }
  return advice;
}

function moduleRemark(module: Setting<string>, mode: string): Advice {
  if (module.value === "") {
    return remark(
      "session-module-removed",
      "warning",
      module,
      "The module named Session is removed: no page has session state, whatever <sessionState> says.",
    );
  }
  if (/SessionStateModuleAsync/.test(module.value)) {
    const refused =
      mode === "StateServer" || mode === "SQLServer" ? ` It takes InProc and Custom only, not ${mode}.` : "";
    return remark(
      "session-module-async",
      refused === "" ? "info" : "warning",
      module,
      `The asynchronous session module stands in for ASP.NET's own: it waits for locks in its own way, with a queue limit of 50.${refused}`,
    );
  }
  return remark(
    "session-module-replaced",
    "warning",
    module,
    `The module ${module.value.split(",")[0]} stands in for ASP.NET's own: locks, expiry and store may differ from what is said here.`,
  );
}

function storeAdvice({ sessionState }: Settings): Advice[] {
  const { mode, stateConnectionString, sqlConnectionString, compressionEnabled, partitionResolverType } = sessionState;
  const { allowCustomSqlDatabase } = sessionState;
  const advice: Advice[] = [];
  if (mode.value === "StateServer" && partitionResolverType.value === "") {
    const address = parseStateConnectionString(stateConnectionString.value);
    if (!isWritten(stateConnectionString)) {
      advice.push(
        remark(
          "state-server-default",
          "warning",
          mode,
          "mode is StateServer without a stateConnectionString: sessions go to tcpip=loopback:42424, the service of this very machine, and are not shared with other servers.",
        ),
      );
    } else if (address !== undefined && isLoopback(address.host)) {
      advice.push(
        remark(
          "state-server-loopback",
          "info",
          stateConnectionString,
          "The state service runs on the web server itself: it survives a recycle, but not the machine, and no other server sees its sessions.",
        ),
      );
    } else if (address !== undefined) {
      advice.push(
        remark(
          "state-server-remote",
          "info",
          stateConnectionString,
          `The state service at ${address.host} must have AllowRemoteConnection=1 and is a single point of failure: when it is gone, every request that carries a session fails. Every server must use the same application path, case included.`,
        ),
      );
    }
  }
  if (mode.value !== "StateServer" && isWritten(stateConnectionString)) {
    advice.push(
      remark(
        "state-connection-unused",
        "info",
        stateConnectionString,
        `stateConnectionString is set, but mode is ${mode.value}: it has no effect.`,
      ),
    );
  }
  if (mode.value !== "SQLServer" && isWritten(sqlConnectionString)) {
    advice.push(
      remark(
        "sql-connection-unused",
        "info",
        sqlConnectionString,
        `sqlConnectionString is set, but mode is ${mode.value}: it has no effect.`,
      ),
    );
  }
  if (mode.value !== "SQLServer" && allowCustomSqlDatabase.value) {
    advice.push(
      remark(
        "custom-database-unused",
        "info",
        allowCustomSqlDatabase,
        `allowCustomSqlDatabase is set, but mode is ${mode.value}: it has no effect.`,
      ),
    );
  }
  if (compressionEnabled.value && !isOutOfProcess(mode.value)) {
    advice.push(
      remark(
        "compression-unused",
        "warning",
        compressionEnabled,
        `compressionEnabled has no effect in ${mode.value} mode: only StateServer and SQLServer compress.`,
      ),
    );
  }
  return advice;
}

function sqlAdvice({ sessionState }: Settings): Advice[] {
  const { mode, sqlConnectionString, sqlConnectionRetryInterval } = sessionState;
  if (mode.value !== "SQLServer") return [];
  const advice = [
    remark(
      "sql-agent-job",
      "warning",
      mode,
      "Expired rows are deleted by a SQL Server Agent job each minute (ASPState_Job_DeleteExpiredSessions): without the Agent they are never deleted. Until then, a request brings an expired session back to life.",
    ),
  ];
  if (!isWritten(sqlConnectionString) && sessionState.partitionResolverType.value === "") {
    advice.push(
      remark(
        "sql-connection-default",
        "warning",
        mode,
        "mode is SQLServer without a sqlConnectionString: sessions go to the database ASPState on localhost.",
      ),
    );
  }
  const retry = sqlConnectionRetryInterval.value;
  if (typeof retry === "number" && retry > 0 && retry % 60 === 0) {
    advice.push(
      remark(
        "retry-multiple-of-60",
        "warning",
        sqlConnectionRetryInterval,
        `sqlConnectionRetryInterval=${retry} means no retry: ASP.NET looks at the seconds of the time span alone, which are 0 at each whole minute. Write ${retry - 1}.`,
      ),
    );
  } else if (typeof retry === "number" && retry > 60) {
    advice.push(
      remark(
        "retry-over-a-minute",
        "info",
        sqlConnectionRetryInterval,
        `sqlConnectionRetryInterval=${retry}: ASP.NET decides whether to retry by the seconds of the time span alone (${retry % 60}), so multiples of 60 would turn it off.`,
      ),
    );
  }
  return advice;
}

function expiryAdvice({ sessionState, aspSession }: Settings): Advice[] {
  const { timeout, mode } = sessionState;
  const advice: Advice[] = [];
  const minutes = timeout.value === "Infinite" ? Number.POSITIVE_INFINITY : timeout.value;
  if (minutes > 525_600) {
    advice.push(
      remark(
        "timeout-over-a-year",
        "warning",
        timeout,
        `timeout is ${timeout.value === "Infinite" ? "Infinite" : `${minutes} minutes, over a year`}: sessions in practice never expire and only add up. InProc and StateServer refuse such a value.`,
      ),
    );
  } else if (minutes > DAY_MINUTES) {
    advice.push(
      remark(
        "timeout-over-a-day",
        "warning",
        timeout,
        `timeout is ${minutes} minutes, over a day: each visitor's session is stored that long after the last request. Stored sessions = arrivals per minute × (visit + ${minutes} minutes).`,
      ),
    );
  }
  const classic = clockSeconds(aspSession.timeout.value) / 60;
  if (classic === 0) {
    advice.push(
      remark(
        "asp-timeout-zero",
        "warning",
        aspSession.timeout,
        "asp session timeout is 00:00:00: a session is over as soon as its request is.",
      ),
    );
  } else if (classic > DAY_MINUTES) {
    advice.push(
      remark(
        "asp-timeout-over-a-day",
        "warning",
        aspSession.timeout,
        `asp session timeout is ${aspSession.timeout.value}, over a day: each visitor's session holds memory and counts against max that long.`,
      ),
    );
  }
  if (mode.value === "Off" && isWritten(timeout)) {
    advice.push(
      remark("timeout-unused", "info", timeout, "timeout is set, but mode is Off: there are no sessions to expire."),
    );
  }
  return advice;
}

function cookieAdvice({ sessionState }: Settings, { cookiesRequireSsl }: Surroundings): Advice[] {
  const { cookieless, regenerateExpiredSessionId, cookieSameSite, mode } = sessionState;
  if (mode.value === "Off") return [];
  const advice: Advice[] = [];
  const usesUrl = cookieless.value !== "UseCookies";
  if (usesUrl && !isWritten(regenerateExpiredSessionId)) {
    advice.push(
      remark(
        "regenerate-default-true",
        "info",
        cookieless,
        "regenerateExpiredSessionId is documented as false by default, but is true in code and schema: an expired id in a URL is replaced by a new one, with a redirect that drops posted data.",
      ),
    );
  }
  if (!usesUrl && isWritten(regenerateExpiredSessionId)) {
    const kind = regenerateExpiredSessionId.value
      ? "It is true by default (documented as false)"
      : "The default is true in code, though documented as false";
    advice.push(
      remark(
        "regenerate-without-effect",
        "info",
        regenerateExpiredSessionId,
        `regenerateExpiredSessionId only acts on cookieless requests, and cookies are used here: an expired id is taken again for the new session. ${kind}.`,
      ),
    );
  }
  if (usesUrl && isWritten(regenerateExpiredSessionId) && !regenerateExpiredSessionId.value) {
    advice.push(
      remark(
        "regenerate-off",
        "warning",
        regenerateExpiredSessionId,
        "With ids in URLs and regenerateExpiredSessionId=false, anybody who opens an old link creates and shares the session of that id (session fixation).",
      ),
    );
  }
  const cost = {
    UseUri:
      "UseUri puts the session id into every URL: one redirect for each new session, and a copied link or a Referer gives the session away.",
    AutoDetect:
      "AutoDetect costs each new visitor a redirect, and those without cookies two; every visit starts with requests that do no work.",
    UseDeviceProfile:
      "UseDeviceProfile trusts the browser definitions, not the browser: who has switched cookies off gets a new session for each request.",
    UseCookies: "",
  }[cookieless.value];
  if (cost !== "") advice.push(remark(`cookieless-${cookieless.value}`, "warning", cookieless, cost));
  if (cookieSameSite.value === "None" && !cookiesRequireSsl && cookieless.value !== "UseUri") {
    advice.push(
      remark(
        "samesite-none-not-secure",
        "warning",
        cookieSameSite,
        "cookieSameSite=None without httpCookies requireSSL=true: browsers drop such a cookie unless it is Secure, and each request then starts a new session.",
      ),
    );
  }
  return advice;
}

function credentialAdvice({ sessionState }: Settings): Advice[] {
  const { sqlConnectionString, stateConnectionString, providers } = sessionState;
  const holders = [sqlConnectionString, stateConnectionString]
    .filter((one) => holdsCredentials(one.value))
    .map((one) => one.origin);
  const secretive = providers.value.some((provider) =>
    Object.entries(provider.attributes).some(
      ([name, value]) => holdsCredentials(`${name}=${value}`) || holdsCredentials(value),
    ),
  );
  if (secretive) holders.push(providers.origin);
  return holders.map((origin) => ({
    code: "credentials-in-file",
    severity: "warning",
    message:
      "A password or key stands in the file in plain text (shown as *** here). Use integrated security, or encrypt the section with aspnet_regiis -pef.",
    origin,
  }));
}

function lockAdvice({ sessionState, load }: Settings, { debug }: Surroundings): Advice[] {
  if (sessionState.mode.value === "Off") return [];
  const { executionTimeout, requestQueueLimitPerSession: queueLimit, enableSessionState } = load;
  const advice: Advice[] = [];
  const seconds = executionTimeout.value;
  if (isWritten(executionTimeout) && seconds !== loadDefaults.executionTimeout) {
    const consequence =
      seconds < loadDefaults.executionTimeout
        ? "a page that runs longer loses its session lock to the next request, and its changes with it"
        : "a lock left behind by a dead worker blocks its session that long";
    advice.push(
      remark(
        "execution-timeout-breaks-locks",
        seconds > loadDefaults.executionTimeout ? "warning" : "info",
        executionTimeout,
        `executionTimeout=${seconds} s is also when a waiting request breaks a session lock, and when it gives up waiting: ${consequence}.${debug ? " With compilation debug=true pages themselves are not ended." : ""}`,
      ),
    );
  }
  if (isWritten(queueLimit) && queueLimit.value === UNLIMITED_QUEUE) {
    advice.push(
      remark(
        "queue-unlimited",
        "warning",
        queueLimit,
        "No limit on requests waiting for one session: a user who keeps reloading a slow page holds a waiting request each time.",
      ),
    );
  }
  if (isWritten(queueLimit) && queueLimit.value === 0) {
    advice.push(
      remark(
        "queue-zero",
        "warning",
        queueLimit,
        "A queue limit of 0 fails every request that finds its session locked.",
      ),
    );
  }
  if (enableSessionState.value === "false" && isWritten(enableSessionState)) {
    advice.push(
      remark(
        "pages-without-session",
        "info",
        enableSessionState,
        "Pages have no session unless they ask for one; a request that carries a session id still costs the store one call, to reset its timeout.",
      ),
    );
  }
  if (load.runAllManagedModulesForAllRequests.value) {
    advice.push(
      remark(
        "static-files-touch-session",
        "warning",
        load.runAllManagedModulesForAllRequests,
        "runAllManagedModulesForAllRequests sends every request, images and scripts too, through the session module: each one with a session id resets the timeout, one store call in all modes out of process.",
      ),
    );
  }
  return advice;
}

function classicAdvice({ aspSession, load }: Settings): Advice[] {
  const { max, allowSessionState, keepSessionIdSecure, timeout } = aspSession;
  const advice: Advice[] = [];
  if (max.value !== UNLIMITED_SESSIONS && allowSessionState.value) {
    advice.push(
      remark(
        "cap-counts-stored",
        "warning",
        max,
        `max=${max.value} counts stored sessions: an expired one keeps its place until the sweep finds it, so fewer than ${max.value} are live when new users are refused (HTTP 500, Server Too Busy). With timeout ${timeout.value}, ${max.value} stored sessions are reached at ${capArrivals(max.value, timeout.value)} new sessions a minute.`,
      ),
    );
  }
  if (!allowSessionState.value && (isWritten(max) || isWritten(timeout))) {
    advice.push(
      remark(
        "asp-session-off",
        "info",
        allowSessionState,
        "allowSessionState is false: max and timeout have no effect.",
      ),
    );
  }
  if (!keepSessionIdSecure.value) {
    advice.push(
      remark(
        "asp-cookie-not-secure",
        "warning",
        keepSessionIdSecure,
        "keepSessionIdSecure=false: a session id given out over HTTPS also travels over plain HTTP.",
      ),
    );
  }
  if (isWritten(load.queueTimeout) && load.queueTimeout.value === "00:00:00") {
    advice.push(
      remark(
        "asp-queue-waits-forever",
        "info",
        load.queueTimeout,
        "queueTimeout 00:00:00 lets a queued ASP request wait for ever.",
      ),
    );
  }
  return advice;
}

/** Little's law with visits of no length: the highest arrival rate that stays under the cap. */
function capArrivals(max: number, timeout: string): string {
  const minutes = clockSeconds(timeout) / 60;
  return minutes === 0 ? "no number of" : String(Math.round((max / minutes) * 10) / 10);
}

function remark(code: string, severity: Advice["severity"], setting: Setting<unknown>, message: string): Advice {
  return { code, severity, message, origin: setting.origin };
}

function isWritten(setting: Setting<unknown>): boolean {
  return setting.origin !== "default";
}

function isOutOfProcess(mode: string): boolean {
  return mode === "StateServer" || mode === "SQLServer";
}
