import { afterEach, describe, expect, test } from "vitest";
import { machineClock } from "../../../bench/clock.ts";
import type { HttpHost, HttpHostParts } from "../../../bench/host/http-host.ts";
import type { Site } from "../../../config/scenario.ts";
import { createFakeTime } from "../fake-time.ts";
import { until } from "../processes.ts";
import { smallScenario } from "../small-scenario.ts";
import { closeHosts, get, startTestHost } from "./test-host.ts";

afterEach(closeHosts);

async function startSite(site: Partial<Site>, parts: Partial<HttpHostParts> = {}): Promise<HttpHost> {
  return (await startTestHost(smallScenario({ site, run: { timeScale: 1 } }), parts)).host;
}

const change = "session=read-write&changes=1&bytes=100";

/** Fails once, after the host is up. */
function failingClock(): () => number {
  let reads = 0;
  return () => {
    reads++;
    if (reads === 3) throw new Error("the clock stopped");
    return machineClock();
  };
}

describe("the site over HTTP", () => {
  test("a new session's cookie has the attributes ASP.NET gives it, and brings the session back", async () => {
    const site = await startSite({});
    const first = await get(site, change);
    expect(first.setCookie).toMatch(/^ASP\.NET_SessionId=[a-z0-5]{24}; path=\/; HttpOnly; SameSite=Lax$/);
    const again = await get(site, change, first.cookie);
    expect(again).toMatchObject({ status: 200, setCookie: null });
    expect(site.counts()).toMatchObject({ arrivals: 1, started: 1, refused: 0 });
    expect(await site.census()).toMatchObject({ stored: 1 });
  });

  test("what is stored adds up to the very moment asked for, whatever time the asking takes", async () => {
    const site = await startSite({});
    await get(site, change);
    const fromMs = machineClock();
    const before = site.counts(fromMs).storedSessionMs;
    expect(site.counts(fromMs + 1_000).storedSessionMs - before).toBeCloseTo(1_000, 6);
  });

  test("who finds the session locked waits in steps of 500 ms from its first try: three writers make a staircase", async () => {
    const time = createFakeTime();
    const site = await startSite({}, { clock: time.clock, delay: time.delay });
    const { cookie } = await get(site, change);
    const order: number[] = [];
    const writers: ReturnType<typeof get>[] = [];
    for (const writer of [0, 1, 2]) {
      const reply = get(site, `${change}&wait=300`, cookie);
      void reply.then(() => order.push(writer));
      writers.push(reply);
      await until("it is in its page or waits", () => site.counts().storeCalls.getItemExclusive === writer + 1);
    }
    await time.advance(300);
    await writers[0];
    await time.advance(500);
    await writers[1];
    await time.advance(500);
    const replies = await Promise.all(writers);
    expect(replies.map(({ status, lockWaitMs }) => [status, lockWaitMs])).toEqual([
      [200, 0],
      [200, 500],
      [200, 1_000],
    ]);
    expect(order).toEqual([0, 1, 2]);
    expect(site.counts()).toMatchObject({ lockWaits: 2, lockPolls: 3, lockBreaks: 0 });
  });

  test("read-only pages of one session do not wait for each other: both are in their page at once", async () => {
    let inside = 0;
    let bothInside: () => void = () => undefined;
    const meeting = new Promise<void>((resolve) => {
      bothInside = resolve;
    });
    const delay = () => {
      if (++inside === 2) bothInside();
      return meeting;
    };
    const site = await startSite({}, { delay });
    const { cookie } = await get(site, change);
    const replies = await Promise.all([1, 2].map(() => get(site, "session=read-only&wait=1", cookie)));
    expect(replies.map(({ status, lockWaitMs }) => [status, lockWaitMs])).toEqual([
      [200, 0],
      [200, 0],
    ]);
    expect(site.counts()).toMatchObject({ lockWaits: 0, lockPolls: 0 });
  });

  test("at the cap a newcomer gets 500 Server Too Busy and an old hand is served", async () => {
    const site = await startSite({ sessionsMax: 2 });
    const cookie = (await get(site, change)).cookie;
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
    expect(await site.census()).toMatchObject({ stored: 3 });
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

  test("a page may set the timeout of its session", async () => {
    const site = await startSite({ timeoutMs: 60_000, expirySweepMs: 0 });
    const { cookie } = await get(site, change);
    expect(await get(site, "session=read-write&timeout=2", cookie)).toMatchObject({ status: 200 });
    expect(site.counts().storeCalls).toMatchObject({ setAndReleaseItemExclusive: 2, releaseItemExclusive: 0 });
  });

  test("a fault of ours is told to who runs the host, and the visitor gets an answer all the same", async () => {
    const faults: unknown[] = [];
    const site = await startSite({}, { clock: failingClock(), fault: (error) => faults.push(error) });
    expect(await get(site, "session=none")).toMatchObject({ status: 500, reason: "internal fault" });
    expect(faults).toHaveLength(1);
  });

  test.each([
    "",
    "session=maybe",
    "session=none&cpu=-1",
    "session=none&bytes=1e12",
    "session=none&wait=x",
    "session=none&timeout=0",
  ])("a query that no page understands (%j) is a bad request, not a fault", async (query) => {
    expect(await get(await startSite({}), query)).toMatchObject({ status: 400 });
  });

  test("closing lets a request under way finish, and then nobody listens", async () => {
    const site = await startSite({});
    const slow = get(site, "session=none&wait=200");
    await get(site, "session=none");
    await site.close(5_000);
    expect(await slow).toMatchObject({ status: 200 });
    await expect(get(site, "session=none")).rejects.toThrow();
  });
});
