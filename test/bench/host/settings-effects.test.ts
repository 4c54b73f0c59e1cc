// What each attribute of <sessionState> and of classic ASP's <session> does to a running host, from the text of a web.config on: no
// setting is read and then forgotten on its way.

import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { createHttpClient } from "../../../bench/drivers/http/http-client.ts";
import { LOCK_WAIT_HEADER } from "../../../bench/host/http-host.ts";
import { openSessionStore } from "../../../bench/providers/open-session-store.ts";
import type { StoreSettings } from "../../../bench/providers/store-settings.ts";
import { loadScenario } from "../../../cli/load-scenario.ts";
import { createFakeTime } from "../fake-time.ts";
import { until } from "../processes.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { closeHosts, startTestHost } from "./test-host.ts";

afterEach(closeHosts);

const change = "session=read-write&changes=1&bytes=100";
const look = "session=read-write";
const MINUTE_MS = 60_000;

/** A host whose settings are those of a web.config, in time that stands still; a store out of process is SQLite in its place. */
async function siteOf(configuration: string, site = "") {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, "web.config"), `<configuration>${configuration}</configuration>`);
  const scenarioPath = path.join(folder, "scenario.yaml");
  const scenarioText = `name: settings\nsite: { settings: web.config, sessionStart: false, ${site} }\nworkload: { arrivals: 1 }\n`;
  await writeFile(scenarioPath, scenarioText);
  const { scenario } = await loadScenario(scenarioPath);
  const opened: StoreSettings[] = [];
  const time = createFakeTime();
  const { host, settings } = await startTestHost(scenario, {
    clock: time.clock,
    delay: time.delay,
    openStore(store) {
      opened.push(store);
      return openSessionStore({ ...store, provider: "sqlite" });
    },
  });
  const ca = settings.tls?.certificatePem;
  const client = createHttpClient({
    silenceMaxMs: 10_000,
    lockWaitHeader: LOCK_WAIT_HEADER,
    tls: ca === undefined ? null : { ca },
  });
  onTestFinished(() => client.close());

  async function visit(query: string, cookies = "", page = "/page.aspx") {
    const address = { clientAddress: "10.0.0.1", userAgent: "test" };
    const reply = await client.send({ port: host.port, path: `${page}?${query}`, cookies, ...address });
    if (reply.kind === "broken") throw new Error(reply.failure);
    const [setCookie = ""] = reply.setCookies;
    return { ...reply, setCookie, cookie: setCookie.split(";", 1)[0] };
  }

  return { host, opened, time, visit };
}

const sessionState = (attributes: string) => siteOf(`<system.web><sessionState ${attributes} /></system.web>`);
const aspSession = (attributes: string, site = "") =>
  siteOf(`<system.webServer><asp><session ${attributes} /></asp></system.webServer>`, site);

describe("<sessionState>", () => {
  test("mode Off: no page has a session; InProc: the worker keeps it", async () => {
    const off = await sessionState('mode="Off"');
    expect(await off.visit(change)).toMatchObject({ status: 200, setCookie: "" });
    const inProc = await sessionState('mode="InProc"');
    await inProc.visit(change);
    expect(await inProc.host.census()).toMatchObject({ stored: 1 });
    expect([...off.opened, ...inProc.opened]).toEqual([]);
  });

  test.each([
    ["StateServer", "state-server", ""],
    ["SQLServer", "postgresql", ""],
    ["Custom", "module", '<providers><add name="p" type="T" /></providers>'],
  ])("mode %s: a store out of process keeps it", async (mode, provider, providers) => {
    const element = `<sessionState mode="${mode}" customProvider="p">${providers}</sessionState>`;
    const { opened, visit } = await siteOf(`<system.web>${element}</system.web>`);
    expect(opened).toMatchObject([{ provider }]);
    const { cookie } = await visit(change);
    expect(await visit(change, cookie)).toMatchObject({ status: 200, setCookie: "" });
  });

  test.each([
    ["UseCookies", 200, /^$/, /^ASP\.NET_SessionId=/],
    ["false", 200, /^$/, /^ASP\.NET_SessionId=/],
    ["UseUri", 302, /^\/\(S\([a-z0-5]{24}\)\)\/page\.aspx\?/, /^$/],
    ["true", 302, /^\/\(S\([a-z0-5]{24}\)\)\/page\.aspx\?/, /^$/],
    ["AutoDetect", 302, /&AspxAutoDetectCookieSupport=1$/, /^AspxAutoDetectCookieSupport=1;/],
    ["UseDeviceProfile", 200, /^$/, /^ASP\.NET_SessionId=/],
  ])("cookieless %s", async (cookieless, status, location, setCookie) => {
    const { visit } = await sessionState(`cookieless="${cookieless}"`);
    const reply = await visit(change);
    expect(reply.status).toBe(status);
    expect(reply.location ?? "").toMatch(location);
    expect(reply.setCookie).toMatch(setCookie);
  });

  test.each([
    ['cookieName="sid"', /^sid=[a-z0-5]{24}; path=\/; HttpOnly; SameSite=Lax$/],
    ['cookieSameSite="None"', /; HttpOnly; SameSite=None$/],
    ['cookieSameSite="Strict"', /; HttpOnly; SameSite=Strict$/],
    ['cookieSameSite="-1"', /; HttpOnly$/],
  ])("%s", async (attributes, setCookie) => {
    const { visit, host } = await sessionState(attributes);
    const first = await visit(change);
    expect(first.setCookie).toMatch(setCookie);
    await visit(change, first.cookie);
    expect(host.counts().started).toBe(1);
  });

  test("timeout: a session lives as many minutes", async () => {
    const { visit, time, host } = await sessionState('timeout="3"');
    const { cookie } = await visit(change);
    await time.advance(3 * MINUTE_MS - 1);
    await visit(look, cookie);
    expect(host.counts()).toMatchObject({ started: 1, expired: 0 });
    await time.advance(3 * MINUTE_MS + 1);
    await visit(look, cookie);
    expect(host.counts()).toMatchObject({ started: 2, expired: 1 });
  });

  test("regenerateExpiredSessionId: who comes without cookies and with an expired id is sent on, or keeps it", async () => {
    const unknown = `/(S(${"a".repeat(24)}))/page.aspx`;
    const on = await sessionState('cookieless="UseUri" regenerateExpiredSessionId="true"');
    expect(await on.visit(change, "", unknown)).toMatchObject({ status: 302 });
    const off = await sessionState('cookieless="UseUri" regenerateExpiredSessionId="false"');
    expect(await off.visit(change, "", unknown)).toMatchObject({ status: 200 });
  });

  test.each([
    ["compressionEnabled", 'mode="StateServer" compressionEnabled="true"', { compression: true }],
    ["stateNetworkTimeout", 'mode="StateServer" stateNetworkTimeout="7"', { options: { networkTimeoutMs: 7_000 } }],
    ["sqlCommandTimeout", 'mode="SQLServer" sqlCommandTimeout="8"', { options: { commandTimeoutMs: 8_000 } }],
    ["an infinite one", 'mode="SQLServer" sqlCommandTimeout="Infinite"', { options: { commandTimeoutMs: null } }],
    [
      "sqlConnectionRetryInterval",
      'mode="SQLServer" sqlConnectionRetryInterval="60"',
      { options: { connectionRetryMs: 60_000 } },
    ],
    [
      "allowCustomSqlDatabase",
      'mode="SQLServer" allowCustomSqlDatabase="true"',
      { options: { allowCustomSqlDatabase: true } },
    ],
  ])("%s is what the store is opened with", async (_name, attributes, expected) => {
    const { opened } = await sessionState(attributes);
    expect(opened).toMatchObject([expected]);
  });
});

describe("what stands beside <sessionState>", () => {
  /** Two writers at once: one in its page, one who waits for it. */
  async function twoWriters(configuration: string, pageMs: number) {
    const { host, time, visit } = await siteOf(configuration);
    const { cookie } = await visit(change);
    const first = visit(`${change}&wait=${pageMs}`, cookie);
    await until("one is in its page", () => host.counts().storeCalls.getItemExclusive === 1);
    const second = visit(change, cookie);
    await until("the other found it locked", () => host.counts().lockWaits === 1);
    await time.advance(pageMs);
    await first;
    return second;
  }

  test("executionTimeout: a lock that old is broken, and the session had at the next poll", async () => {
    const runtime = '<system.web><httpRuntime executionTimeout="2" /></system.web>';
    expect(await twoWriters(runtime, 4_000)).toMatchObject({ status: 200, lockWaitMs: 2_500 });
  });

  test("aspnet:RequestQueueLimitPerSession: so many may wait", async () => {
    const limit = '<appSettings><add key="aspnet:RequestQueueLimitPerSession" value="0" /></appSettings>';
    expect(await twoWriters(limit, 100)).toMatchObject({ status: 500, reason: "queue limit of the session" });
  });
});

describe("<session> of classic ASP", () => {
  test("allowSessionState false: no page has a session", async () => {
    const { visit } = await aspSession('allowSessionState="false"');
    expect(await visit(change)).toMatchObject({ status: 200, setCookie: "" });
    const on = await aspSession('allowSessionState="true"');
    expect((await on.visit(change)).setCookie).toMatch(/^ASPSESSIONID[A-Z]{8}=[A-P]{24}; path=\/$/);
  });

  test("keepSessionIdSecure: over HTTPS the cookie is secure", async () => {
    const on = await aspSession('keepSessionIdSecure="true"', "https: true");
    expect((await on.visit(change)).setCookie).toContain("; secure;");
    const off = await aspSession('keepSessionIdSecure="false"', "https: true");
    expect((await off.visit(change)).setCookie).not.toContain("secure");
  });

  test("max: so many sessions, and Server Too Busy beyond", async () => {
    const { visit } = await aspSession('max="1"');
    expect(await visit(change)).toMatchObject({ status: 200 });
    expect(await visit(change)).toMatchObject({ status: 500, reason: "Server Too Busy" });
  });

  test("timeout: a session lives as long", async () => {
    const { visit, time, host } = await aspSession('timeout="00:03:00"');
    const { cookie } = await visit(change);
    await time.advance(3 * MINUTE_MS - 1);
    expect(await visit(look, cookie)).toMatchObject({ setCookie: "" });
    await time.advance(3 * MINUTE_MS + 1);
    expect((await visit(look, cookie)).setCookie).not.toBe("");
    expect(host.counts()).toMatchObject({ started: 1, expired: 1 });
  });
});
