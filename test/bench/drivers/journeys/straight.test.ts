import { afterEach, describe, expect, test } from "vitest";
import { openStraightSite, type StraightSite } from "../../../../bench/drivers/journeys/straight.ts";
import { hostSettings } from "../../../../bench/host/host-settings.ts";
import { runBench } from "../../../../bench/run-bench.ts";
import { assertConserved } from "../../../../metrics/summarise.ts";
import { benchOptions } from "../../bench-options.ts";
import { childrenOf } from "../../processes.ts";
import { type Changes, smallScenario } from "../../small-scenario.ts";

const opened: StraightSite[] = [];

afterEach(async () => {
  for (const { client, site } of opened.splice(0)) {
    client.close();
    await site.close(0);
  }
});

async function open(changes: Changes = {}, silenceMaxMs = 5_000, connections: readonly string[] = []) {
  const straight = await openStraightSite(hostSettings(smallScenario(changes), connections, null), silenceMaxMs);
  opened.push(straight);
  return straight;
}

function ask({ client }: StraightSite, query: string, cookies = "") {
  return client.send({ port: 0, path: `/page.aspx?${query}`, cookies, clientAddress: "10.0.0.1", userAgent: "test" });
}

const WRITE = "session=read-write&changes=1&bytes=100";

function cookieOf(reply: Awaited<ReturnType<typeof ask>>): string {
  return reply.kind === "answered" ? reply.setCookies[0]!.split(";")[0]! : "";
}

describe("a request straight at the session module", () => {
  test("brings a cookie, and with it finds its session again", async () => {
    const straight = await open();
    const first = await ask(straight, WRITE);
    expect(first).toMatchObject({ kind: "answered", status: 200, location: null, lockWaitMs: 0 });
    expect(cookieOf(first)).toMatch(/^ASP\.NET_SessionId=[a-z0-5]{24}$/);
    expect(await ask(straight, WRITE, cookieOf(first))).toMatchObject({ status: 200, setCookies: [] });
    expect(await straight.site.sample(false)).toMatchObject({ stored: 1, counts: { started: 1, arrivals: 1 } });
  });

  test("is refused at the cap with the words of HTTP", async () => {
    const straight = await open({ site: { sessionsMax: 1 } });
    await ask(straight, WRITE);
    expect(await ask(straight, WRITE)).toMatchObject({ status: 500, reason: "Server Too Busy" });
  });

  test("waits while another has its session, poll by poll, and says how long", async () => {
    const straight = await open({ site: { lockPollMs: 20 } });
    const cookie = cookieOf(await ask(straight, WRITE));
    const [, second] = await Promise.all([
      ask(straight, `${WRITE}&wait=60`, cookie),
      ask(straight, "session=read-only", cookie),
    ]);
    expect(second).toMatchObject({ status: 200, lockWaitMs: expect.toSatisfy((ms: number) => ms > 0) });
    expect((await straight.site.sample(false))?.counts).toMatchObject({ lockWaits: 1 });
  });

  test("is sent on with its session in the address where the site takes no cookies", async () => {
    const straight = await open({ site: { cookieless: "UseUri" } });
    expect(await ask(straight, WRITE)).toMatchObject({
      status: 302,
      location: expect.stringMatching(/^\/\(S\([a-z0-5]{24}\)\)\/page\.aspx\?/),
    });
  });

  test("fails by the kind of the store's failure when there is no store", async () => {
    const straight = await open({ site: { mode: "Custom" }, store: { provider: "redis" } }, 5_000, [
      "redis://127.0.0.1:1",
    ]);
    expect(await ask(straight, WRITE)).toMatchObject({ status: 500, reason: "session store unreachable" });
  });

  test("that has no outcome for too long counts as unanswered, and so does one that the end cuts off", async () => {
    const straight = await open({}, 30);
    const waiting = ask(straight, "session=none&wait=60000");
    expect(straight.client.inFlight()).toBe(1);
    expect(await waiting).toEqual({ kind: "broken", failure: "no answer in time" });
    const cut = ask(straight, "session=none&wait=60000");
    straight.client.close();
    expect(await cut).toEqual({ kind: "broken", failure: "cut off" });
    expect(straight.client.inFlight()).toBe(0);
  });
});

describe("a run straight at the store", () => {
  const short = { durationMs: 15_000, drainMs: 60_000, timeScale: 40 };
  const straightly = benchOptions({ through: "provider" });

  test("meets the visitors that come over HTTP, and they meet the same sessions", async () => {
    const scenario = smallScenario({ run: short });
    const straight = await runBench(scenario, straightly);
    const http = await runBench(scenario, benchOptions());
    const { visits, requests, completed, failed } = http.counters;
    expect(straight.counters).toMatchObject({ visits, requests, completed, failed });
    expect(straight.counters.storeCalls.resetItemTimeout).toBe(http.counters.storeCalls.resetItemTimeout);
    expect(straight.counters.started).toBeGreaterThan(10);
    assertConserved(straight.counters);
  });

  test("says that generator and session module share a process, and gives no figure of a host's process", async () => {
    const before = await childrenOf(process.pid);
    let during: readonly number[] = [];
    const onProgress = async () => {
      during = await childrenOf(process.pid);
    };
    const { audit, figures, series } = await runBench(
      smallScenario({ run: short }),
      benchOptions({ through: "provider", onProgress }),
    );
    expect(audit.findings.join()).toContain("share one process");
    const known = Object.fromEntries(figures.map(({ key, value }) => [key, value]));
    expect(known).toMatchObject({ coreUtilisation: null, memoryMeanBytes: null });
    expect(known.storedSessionsMean).toBeGreaterThan(0);
    expect(new Set([...series.columns.cpuShare!, ...series.columns.rssBytes!])).toEqual(new Set([null]));
    expect(during).toEqual(before);
  });

  test.each([
    ["sqlite", "SQLServer", null],
    ["sealed-cookie", "Custom", null],
    ["express-session", "Custom", "memorystore"],
    ["state-server", "StateServer", null],
  ] as const)("drives %s (%s)", async (provider, mode, module) => {
    const scenario = smallScenario({ site: { mode, timeoutMs: 60_000 }, store: { provider, module }, run: short });
    const { counters, complete } = await runBench(scenario, straightly);
    expect(complete).toBe(true);
    expect(counters).toMatchObject({ failed: 0, refused: 0 });
    expect(counters.started).toBeGreaterThan(10);
    expect(counters.requests).toBe(counters.completed);
  });

  test("refuses what only processes of a site can do: recycles, a struck worker, a log, several generators", async () => {
    const scenario = smallScenario({
      site: { recycleEveryMs: 60_000 },
      faults: [{ kind: "kill-worker", atMs: 1_000, downMs: 0 }],
    });
    const refused = runBench(scenario, benchOptions({ through: "provider", generators: 2, logFile: "/tmp/x.log" }));
    await expect(refused).rejects.toMatchObject({
      problems: [
        { at: "faults", given: "kill-worker" },
        { at: "site.recycleEveryMinutes", given: "1" },
        { at: "--generators", given: "2" },
        { at: "--log" },
      ],
    });
  });
});
