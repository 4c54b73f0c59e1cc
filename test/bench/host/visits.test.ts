// Visitors as the bench sends them against a site as the bench serves it, over real connections: how ids travel, and what it costs.

import { afterEach, describe, expect, test } from "vitest";
import { machineClock } from "../../../bench/clock.ts";
import { createHttpClient } from "../../../bench/drivers/http/http-client.ts";
import { createJourneyDriver } from "../../../bench/drivers/journeys/journeys.ts";
import { LOCK_WAIT_HEADER, TOO_BUSY } from "../../../bench/host/http-host.ts";
import type { LoggedRequest } from "../../../bench/host/iis-log.ts";
import { createPace, machineTimers } from "../../../bench/pace.ts";
import type { Site } from "../../../config/scenario.ts";
import { smallScenario } from "../small-scenario.ts";
import { closeHosts, startTestHost } from "./test-host.ts";

afterEach(closeHosts);

const PAGES = 3;

/** One visitor looks at three pages, each of which changes its session. */
async function visit(
  site: Partial<Site>,
  withoutCookiesShare: 0 | 1,
  session: "read-write" | "read-only" = "read-write",
) {
  const none = { kind: "constant", value: 0 } as const;
  const scenario = smallScenario({
    site,
    workload: {
      arrivals: { kind: "trace", atMs: [0] },
      requestsPerVisit: { kind: "fixed", value: PAGES },
      thinkMs: none,
      logoutShare: 0,
      withoutCookiesShare,
      pages: [{ name: "basket", share: 1, session, changedShare: 1, cpuMs: none, waitMs: none }],
    },
    run: { timeScale: 1, warmupMs: 0, durationMs: 1_000 },
  });
  const logged: LoggedRequest[] = [];
  const { host, settings } = await startTestHost(scenario, {
    log: {
      write: (request) => void logged.push(request),
      close: async () => undefined,
      discard: async () => undefined,
    },
  });
  const tls = settings.tls === null ? null : { ca: settings.tls.certificatePem };
  const client = createHttpClient({ silenceMaxMs: 5_000, lockWaitHeader: LOCK_WAIT_HEADER, tls });
  const pace = createPace(machineTimers(machineClock));
  const driver = createJourneyDriver({
    scenario,
    pace,
    clock: machineClock,
    startsAtMs: machineClock(),
    send: client.send,
    inFlight: client.inFlight,
    port: () => host.port,
    refusalReason: TOO_BUSY,
  });
  await driver.run();
  client.close();
  const { redirects, completed, failures } = driver.counts;
  return { redirects, completed, failures, counts: host.counts(), stored: (await host.census())?.stored, logged };
}

const COOKIES = 0;
const NO_COOKIES = 1;

describe("a visit of three pages", () => {
  test.each<[Site["cookieless"], 0 | 1, number, number]>([
    ["UseCookies", COOKIES, 0, 1],
    ["UseCookies", NO_COOKIES, 0, PAGES],
    ["UseUri", COOKIES, 1, 1],
    ["UseUri", NO_COOKIES, 1, 1],
    ["AutoDetect", COOKIES, 1, 1],
    ["AutoDetect", NO_COOKIES, 2, 1],
    ["UseDeviceProfile", COOKIES, 0, 1],
    ["UseDeviceProfile", NO_COOKIES, 1, 1],
  ])("%s, share without cookies %i: %i redirects, %i sessions", async (cookieless, share, redirects, sessions) => {
    const seen = await visit({ cookieless }, share);
    expect(seen).toMatchObject({ redirects, completed: PAGES, failures: {}, stored: sessions });
    expect(seen.counts).toMatchObject({ arrivals: sessions, started: sessions, refused: 0 });
    expect(seen.logged.map((request) => request.status)).toEqual([...Array(redirects).fill(302), 200, 200, 200]);
  });

  test("without regeneration an id in the address costs one redirect all the same", async () => {
    const seen = await visit({ cookieless: "UseUri", regenerateExpiredSessionId: false }, NO_COOKIES);
    expect(seen).toMatchObject({ redirects: 1, completed: PAGES, stored: 1 });
  });

  test("the log shows the address as it was sent, session and all", async () => {
    const { logged } = await visit({ cookieless: "UseUri" }, NO_COOKIES);
    expect(logged[0].path).toBe("/basket.aspx");
    expect(logged[1].path).toMatch(/^\/\(S\([a-z0-5]{24}\)\)\/basket\.aspx$/);
  });

  test.each(["aspnet", "asp"] as const)(
    "over TLS, with the one certificate trusted, %s keeps its session",
    async (technology) => {
      const seen = await visit({ technology, https: true }, COOKIES);
      expect(seen).toMatchObject({ completed: PAGES, failures: {}, stored: 1 });
      const secure = seen.logged[0].setCookie?.includes("; secure") ?? false;
      expect(secure).toBe(technology === "asp");
    },
  );

  test("classic ASP gives a reader a new id with each page, and keeps none of the sessions", async () => {
    const seen = await visit({ technology: "asp" }, COOKIES, "read-only");
    expect(seen).toMatchObject({ completed: PAGES, stored: 0 });
    const ids = seen.logged.map((request) => request.setCookie?.split(";")[0]);
    expect(new Set(ids).size).toBe(PAGES);
    expect(seen.logged[1].cookie).toBe(ids[0]);
  });
});

test("a site over TLS is not trusted by who does not know its certificate", async () => {
  const { host } = await startTestHost(smallScenario({ site: { https: true } }));
  const other = await startTestHost(smallScenario({ site: { https: true } }));
  const ca = other.settings.tls?.certificatePem ?? "";
  const client = createHttpClient({ silenceMaxMs: 5_000, lockWaitHeader: LOCK_WAIT_HEADER, tls: { ca } });
  const request = { port: host.port, path: "/", cookies: "", clientAddress: "10.0.0.1", userAgent: "test" };
  expect(await client.send(request)).toMatchObject({ kind: "broken" });
  client.close();
});
