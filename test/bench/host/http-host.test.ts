import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { machineClock } from "../../../bench/clock.ts";
import { type HostSettings, hostSettings } from "../../../bench/host/host-settings.ts";
import { type HttpHost, type HttpHostParts, LOCK_WAIT_HEADER, startHttpHost } from "../../../bench/host/http-host.ts";
import type { Site } from "../../../config/scenario.ts";
import { smallScenario } from "../small-scenario.ts";

let host: HttpHost | undefined;

afterEach(async () => {
  await host?.close(1_000);
  host = undefined;
});

async function startSite(site: Partial<Site>): Promise<HttpHost> {
  const settings = hostSettings(smallScenario({ site, run: { timeScale: 1 } }), [], null);
  return start(settings, {});
}

async function start(settings: HostSettings, parts: Partial<HttpHostParts>): Promise<HttpHost> {
  host = await startHttpHost({
    settings,
    clock: machineClock,
    delay: (ms) => sleep(ms),
    openStore: () => Promise.reject(new Error("no other store is expected")),
    roundsPerMs: 1000,
    log: null,
    runAgeMs: () => 0,
    fault(error) {
      throw error;
    },
    ...parts,
  });
  return host;
}

async function get({ port }: HttpHost, query: string, cookie?: string) {
  const headers = cookie === undefined ? undefined : { cookie };
  const response = await fetch(`http://127.0.0.1:${port}/page.aspx?${query}`, { headers });
  return {
    status: response.status,
    reason: response.statusText,
    body: await response.text(),
    setCookie: response.headers.get("set-cookie"),
    lockWaitMs: Number(response.headers.get(LOCK_WAIT_HEADER) ?? 0),
  };
}

const change = "session=read-write&changes=1&bytes=100";

describe("the site over HTTP", () => {
  test("a new session's cookie has the attributes ASP.NET gives it, and brings the session back", async () => {
    const site = await startSite({});
    const first = await get(site, change);
    expect(first.setCookie).toMatch(/^ASP\.NET_SessionId=[a-z0-5]{24}; path=\/; HttpOnly; SameSite=Lax$/);
    const again = await get(site, change, first.setCookie?.split(";")[0]);
    expect(again).toMatchObject({ status: 200, setCookie: null });
    expect(site.counts()).toMatchObject({ arrivals: 1, started: 1, refused: 0 });
    expect(site.stored()).toBe(1);
  });

  test("what is stored adds up to the very moment asked for, whatever time the asking takes", async () => {
    const site = await startSite({});
    await get(site, change);
    const fromMs = machineClock();
    const before = site.counts(fromMs).storedSessionMs;
    expect(site.counts(fromMs + 1_000).storedSessionMs - before).toBeCloseTo(1_000, 6);
  });

  test("who finds the session locked waits in steps of the poll interval, one after another", async () => {
    const site = await startSite({});
    const cookie = (await get(site, change)).setCookie?.split(";")[0];
    const writers = await Promise.all([1, 2].map(() => get(site, `${change}&wait=60`, cookie)));
    const waits = writers.map((reply) => reply.lockWaitMs).sort((a, b) => a - b);
    expect(writers.map((reply) => reply.status)).toEqual([200, 200]);
    expect(waits[0]).toBe(0);
    expect(waits[1]).toBeGreaterThanOrEqual(499);
    expect(site.counts()).toMatchObject({ lockWaits: 1 });
    expect(site.counts().lockPolls).toBeGreaterThanOrEqual(1);
  });

  test("at the cap a newcomer gets 500 Server Too Busy and an old hand is served", async () => {
    const site = await startSite({ sessionsMax: 2 });
    const cookie = (await get(site, change)).setCookie?.split(";")[0];
    await get(site, change);
    expect(await get(site, change)).toMatchObject({
      status: 500,
      reason: "Server Too Busy",
      body: "Server Too Busy\n",
    });
    expect(await get(site, change, cookie)).toMatchObject({ status: 200 });
    expect(site.counts()).toMatchObject({ arrivals: 3, started: 2, refused: 1 });
  });

  test("many newcomers at once never overshoot the cap, while their pages still run", async () => {
    const site = await startSite({ sessionsMax: 3 });
    const replies = await Promise.all(Array.from({ length: 12 }, () => get(site, `${change}&wait=30`)));
    expect(replies.filter((reply) => reply.status === 200)).toHaveLength(3);
    expect(site.stored()).toBe(3);
    expect(site.counts()).toMatchObject({ arrivals: 12, started: 3, refused: 9 });
  });

  test("in mode Off no page has a session", async () => {
    const site = await startSite({ mode: "Off" });
    expect(await get(site, change)).toMatchObject({ status: 200, setCookie: null });
    expect(site.counts()).toMatchObject({ arrivals: 0, started: 0 });
  });

  test("classic ASP reports no store calls: it has no store to call", async () => {
    const site = await startSite({ technology: "asp" });
    await get(site, change);
    expect(site.counts().started).toBe(1);
    expect(site.counts().storeCalls.setAndReleaseItemExclusive).toBe(0);
  });

  test.each(["", "session=maybe", "session=none&cpu=-1", "session=none&bytes=1e12", "session=none&wait=x"])(
    "a query that no page understands (%j) is a bad request, not a fault",
    async (query) => {
      expect(await get(await startSite({}), query)).toMatchObject({ status: 400 });
    },
  );

  test("closing lets a request under way finish, and then nobody listens", async () => {
    const site = await startSite({});
    const slow = get(site, "session=none&wait=200");
    await get(site, "session=none");
    await site.close(5_000);
    expect(await slow).toMatchObject({ status: 200 });
    await expect(get(site, "session=none")).rejects.toThrow();
  });
});
