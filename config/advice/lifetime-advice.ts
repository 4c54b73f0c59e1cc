// Remarks on how long sessions last, how many fit, and how their ids travel.
// Source: .NET reference source, SessionStateSection.cs, SessionIDManager.cs, CookielessHelper.cs; AspSessionMax documentation.

import type { Surroundings } from "../read/apply-edits.ts";
import type { Advice } from "../read/config-file.ts";
import { type Settings, UNLIMITED_SESSIONS } from "../session-settings.ts";
import { clockSeconds } from "../setting-values.ts";
import { isWritten, remark } from "./remark.ts";

const DAY_MINUTES = 1440;

export function expiryAdvice({ sessionState, aspSession }: Settings): Advice[] {
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

export function cookieAdvice({ sessionState }: Settings, { cookiesRequireSsl }: Surroundings): Advice[] {
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

export function classicAdvice({ aspSession, load }: Settings): Advice[] {
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
