import { describe, expect, test } from "vitest";
import type { ClientRequest, Reply } from "../../../../bench/drivers/http/http-client.ts";
import { UNANSWERED } from "../../../../bench/drivers/journeys/journey-record.ts";
import { createJourneyDriver, DROPPED, IN_FLIGHT_MAX } from "../../../../bench/drivers/journeys/journeys.ts";
import { takesCookies } from "../../../../bench/host/ids/browser-definitions.ts";
import { createPace } from "../../../../bench/pace.ts";
import type { Scenario } from "../../../../config/scenario.ts";
import { percentileMs } from "../../../../metrics/latency-histogram.ts";
import { createFakeTime } from "../../fake-time.ts";
import { type Changes, smallScenario } from "../../small-scenario.ts";

const BUSY = "Server Too Busy";
const ok = { kind: "answered", status: 200, reason: "OK", setCookies: [], location: null, lockWaitMs: 0 } as const;
const refused: Reply = { ...ok, status: 500, reason: BUSY };

interface Sent extends ClientRequest {
  readonly atMs: number;
}

/** Visitors against a site that is a function, in fake time. */
function setUp(
  changes: Changes,
  answer: (request: Sent, index: number) => Reply | { afterMs: number; reply: Reply },
  port: () => number | Promise<number> = () => 80,
) {
  const time = createFakeTime();
  const sent: Sent[] = [];
  const scenario: Scenario = smallScenario({
    ...changes,
    workload: { logoutShare: 0, withoutCookiesShare: 0, ...changes.workload },
    run: { warmupMs: 0, timeScale: 10, ...changes.run },
  });
  let inFlight = 0;
  const pace = createPace({
    clock: time.clock,
    wakeAfter: (ms, wake) => time.at(time.clock() + ms, wake),
    wakeSoon: (wake) => time.at(time.clock() + 0.05, wake),
    nap: () => undefined,
  });
  const driver = createJourneyDriver({
    scenario,
    pace,
    clock: time.clock,
    startsAtMs: 0,
    refusalReason: BUSY,
    port,
    inFlight: () => inFlight,
    async send(request) {
      sent.push({ ...request, atMs: time.clock() });
      inFlight++;
      const answered = answer(sent[sent.length - 1], sent.length - 1);
      if ("afterMs" in answered) await time.delay(answered.afterMs);
      inFlight--;
      return "afterMs" in answered ? answered.reply : answered;
    },
  });
  return { time, sent, driver, pace };
}

const trace = (...atMs: number[]) => ({ kind: "trace", atMs }) as const;
const fixed = (value: number) => ({ kind: "fixed", value }) as const;
const constant = (value: number) => ({ kind: "constant", value }) as const;
const moments = (sent: readonly Sent[]) => sent.map((request) => Math.round(request.atMs));

describe("open loop", () => {
  test("visits begin when they should, however slow the site is, in compressed time", async () => {
    const { time, sent, driver } = setUp(
      { workload: { arrivals: trace(1_000, 2_000, 3_000), requestsPerVisit: fixed(1) } },
      () => ({ afterMs: 5_000, reply: ok }),
    );
    void driver.run();
    await time.advance(1_000);
    expect(moments(sent)).toEqual([100, 200, 300]);
    expect(driver.counts.completed).toBe(0);
  });

  test("response time runs from the due moment and service time from the real start: a stall is in the one and not in the other", async () => {
    const { time, driver } = setUp({ workload: { arrivals: trace(1_000), requestsPerVisit: fixed(1) } }, () => ({
      afterMs: 20,
      reply: ok,
    }));
    const run = driver.run();
    await time.advance(50);
    time.stall(350);
    await time.advance(100);
    await run;
    expect(percentileMs(driver.histograms.response, 100)).toBeCloseTo(320, 0);
    expect(percentileMs(driver.histograms.service, 100)).toBeCloseTo(20, 0);
    expect(percentileMs(driver.histograms.startLag, 100)).toBeCloseTo(300, 0);
    expect(driver.counts.lateStarts).toBe(1);
  });

  test("more than can wait for answers is dropped and counted, never sent", async () => {
    const { time, sent, driver } = setUp(
      {
        workload: {
          arrivals: trace(...Array.from({ length: IN_FLIGHT_MAX + 3 }, () => 10)),
          requestsPerVisit: fixed(1),
        },
      },
      () => ({ afterMs: 1e6, reply: ok }),
    );
    void driver.run();
    await time.advance(2);
    expect(sent).toHaveLength(IN_FLIGHT_MAX);
    expect(driver.counts.failures).toEqual({ [DROPPED]: 3 });
  });
});

describe("a journey", () => {
  test("the next page view is due one think time after the end of the one before, compressed", async () => {
    const { time, sent, driver } = setUp(
      { workload: { arrivals: trace(0), requestsPerVisit: fixed(3), thinkMs: constant(3_000) } },
      () => ({ afterMs: 40, reply: ok }),
    );
    const run = driver.run();
    await time.advance(2_000);
    await run;
    expect(moments(sent)).toEqual([0, 340, 680]);
    expect(driver.counts).toMatchObject({ visits: 1, requests: 3, completed: 3, failed: 0 });
  });

  test("parallel requests follow the page, together, and the view ends with the last of them", async () => {
    const { time, sent, driver } = setUp(
      {
        workload: {
          arrivals: trace(0),
          requestsPerVisit: fixed(2),
          thinkMs: constant(1_000),
          parallel: { share: 1, requests: 3, spacingMs: 0 },
        },
      },
      (_request, index) => ({ afterMs: index === 2 ? 500 : 10, reply: ok }),
    );
    const run = driver.run();
    await time.advance(2_000);
    await run;
    expect(moments(sent)).toEqual([0, 10, 10, 10, 610, 620, 620, 620]);
  });

  test("spaced parallel requests start one after another without waiting for answers, in real milliseconds", async () => {
    const { time, sent, driver } = setUp(
      {
        workload: {
          arrivals: trace(0),
          requestsPerVisit: fixed(1),
          parallel: { share: 1, requests: 3, spacingMs: 20 },
        },
      },
      () => ({ afterMs: 100, reply: ok }),
    );
    const run = driver.run();
    await time.advance(1_000);
    await run;
    expect(moments(sent)).toEqual([0, 100, 120, 140]);
    expect(driver.counts.completed).toBe(4);
  });

  test("cookies are sent back as they were set; who takes none sends none; each visitor has an address of his own", async () => {
    const giveCookie = { ...ok, setCookies: ["ASP.NET_SessionId=abc; path=/; HttpOnly"] };
    for (const [withoutCookiesShare, expected] of [
      [0, ["", "ASP.NET_SessionId=abc", "", "ASP.NET_SessionId=abc"]],
      [1, ["", "", "", ""]],
    ] as const) {
      const { time, sent, driver } = setUp(
        {
          workload: {
            arrivals: trace(0, 10_000),
            requestsPerVisit: fixed(2),
            thinkMs: constant(100),
            withoutCookiesShare,
          },
        },
        () => giveCookie,
      );
      const run = driver.run();
      await time.advance(5_000);
      await run;
      expect(sent.map((request) => request.cookies)).toEqual(expected);
      expect(sent.map((request) => request.clientAddress)).toEqual(["10.0.0.1", "10.0.0.1", "10.0.0.2", "10.0.0.2"]);
    }
  });

  test("only the last page of a visit that logs out abandons, and only where it may write", async () => {
    const page = { share: 1, changedShare: 1, cpuMs: constant(0), waitMs: constant(0) };
    for (const [session, expected] of [
      ["read-write", [false, true]],
      ["read-only", [false, false]],
    ] as const) {
      const { time, sent, driver } = setUp(
        {
          workload: {
            arrivals: trace(0),
            requestsPerVisit: fixed(2),
            logoutShare: 1,
            pages: [{ ...page, name: "page", session }],
          },
        },
        () => ok,
      );
      const run = driver.run();
      await time.advance(3_000);
      await run;
      expect(sent.map((request) => request.path.includes("abandon=1"))).toEqual(expected);
    }
  });
});

describe("redirects", () => {
  const arrivals = trace(0);
  const sendTo = (location: string, setCookies: string[] = []): Reply => ({ ...ok, status: 302, location, setCookies });
  const segmentOf = ({ path }: Sent) => /^(\/\(.*\))?\/[^/]*$/.exec(path)?.[1] ?? "";

  test("are followed at once, belong to the request that got them, and their segment stays in the next addresses", async () => {
    const { time, sent, driver } = setUp(
      { workload: { arrivals, requestsPerVisit: fixed(2), thinkMs: constant(1_000) } },
      ({ path }, index) => ({ afterMs: 10, reply: index === 0 ? sendTo(`/(S(abc))${path}`) : ok }),
    );
    const run = driver.run();
    await time.advance(1_000);
    await run;
    expect(moments(sent)).toEqual([0, 10, 120]);
    expect(sent.map(segmentOf)).toEqual(["", "/(S(abc))", "/(S(abc))"]);
    expect(sent[1].path).toBe(`/(S(abc))${sent[0].path}`);
    expect(driver.counts).toMatchObject({ requests: 2, completed: 2, redirects: 1 });
    expect(percentileMs(driver.histograms.response, 100)).toBeCloseTo(20, 0);
  });

  test("a new segment takes the place of the old", async () => {
    const { time, sent, driver } = setUp(
      { workload: { arrivals, requestsPerVisit: fixed(3), thinkMs: constant(100) } },
      ({ path }, index) => {
        if (index === 0) return sendTo(`/(S(old))${path}`);
        return index === 2 ? sendTo(path.replace("old", "new")) : ok;
      },
    );
    const run = driver.run();
    await time.advance(1_000);
    await run;
    expect(sent.map(segmentOf)).toEqual(["", "/(S(old))", "/(S(old))", "/(S(new))", "/(S(new))"]);
  });

  test("cookies set on the way are taken along", async () => {
    const { time, sent, driver } = setUp({ workload: { arrivals, requestsPerVisit: fixed(1) } }, ({ path }, index) =>
      index === 0 ? sendTo(`${path}&once=1`, ["met=1; path=/"]) : ok,
    );
    const run = driver.run();
    await time.advance(1_000);
    await run;
    expect(sent.map((request) => request.cookies)).toEqual(["", "met=1"]);
  });

  test.each([
    ["in a circle", 6, "too many redirects", (path: string) => sendTo(path)],
    ["to another site", 1, "http 302", () => sendTo("http://elsewhere.example/")],
    ["to nowhere", 1, "http 302", () => ({ ...ok, status: 302 })],
  ] as const)("%s are a failure", async (_name, requests, failure, answer) => {
    const { time, sent, driver } = setUp({ workload: { arrivals, requestsPerVisit: fixed(1) } }, ({ path }) =>
      answer(path),
    );
    const run = driver.run();
    await time.advance(1_000);
    await run;
    expect(sent).toHaveLength(requests);
    expect(driver.counts).toMatchObject({ requests: 1, completed: 0, failed: 1, failures: { [failure]: 1 } });
  });

  test("who takes no cookies calls himself a device without them where the site goes by that", async () => {
    for (const cookieless of ["UseCookies", "UseDeviceProfile"] as const) {
      const { time, sent, driver } = setUp(
        { site: { cookieless }, workload: { arrivals, requestsPerVisit: fixed(1), withoutCookiesShare: 1 } },
        () => ok,
      );
      const run = driver.run();
      await time.advance(1_000);
      await run;
      expect(takesCookies(sent[0].userAgent)).toBe(cookieless === "UseCookies");
    }
  });
});

describe("while no worker takes requests", () => {
  test("they wait for the next one, and the wait is in their response time", async () => {
    let started: (port: number) => void = () => undefined;
    const next = new Promise<number>((resolve) => {
      started = resolve;
    });
    const { time, sent, driver } = setUp(
      { workload: { arrivals: trace(0), requestsPerVisit: fixed(1) } },
      () => ok,
      () => next,
    );
    const run = driver.run();
    await time.advance(300);
    expect(sent).toEqual([]);
    started(8080);
    await time.advance(1);
    await run;
    expect(sent[0]).toMatchObject({ port: 8080 });
    expect(percentileMs(driver.histograms.response, 100)).toBeCloseTo(300, -1);
  });

  test("who still waits when the run ends was never there", async () => {
    const { time, sent, driver } = setUp(
      { workload: { arrivals: trace(0), requestsPerVisit: fixed(1) } },
      () => ok,
      () => new Promise(() => undefined),
    );
    const run = driver.run();
    await time.advance(300);
    driver.end();
    await run;
    await time.advance(1);
    expect(sent).toEqual([]);
    expect(driver.counts).toMatchObject({ visits: 1, requests: 0, failed: 0, cut: 1 });
  });
});

describe("what goes wrong", () => {
  test("who is refused leaves, or tries again as often as the workload says", async () => {
    const arrivals = trace(0);
    const leaving = setUp({ workload: { arrivals, requestsPerVisit: fixed(3) } }, () => refused);
    const left = leaving.driver.run();
    await leaving.time.advance(5_000);
    await left;
    expect(leaving.driver.counts).toMatchObject({ requests: 1, refusedSeen: 1, completed: 0, failed: 0 });

    const whenRefused = { kind: "retry", afterMs: constant(2_000), attemptsMax: 2 } as const;
    const retrying = setUp({ workload: { arrivals, requestsPerVisit: fixed(3), whenRefused } }, () => refused);
    const gaveUp = retrying.driver.run();
    await retrying.time.advance(5_000);
    await gaveUp;
    expect(moments(retrying.sent)).toEqual([0, 200, 400]);
  });

  test("whose page failed asks for the same page again as often as the workload says, or leaves at once", async () => {
    const failed: Reply = { ...ok, status: 500, reason: "session store unreachable" };
    const workload = { arrivals: trace(0), requestsPerVisit: fixed(2), thinkMs: constant(10_000) };
    const whenFailed = { kind: "retry", afterMs: constant(2_000), attemptsMax: 2 } as const;
    const retrying = setUp({ workload: { ...workload, whenFailed } }, (_, index) => (index === 2 ? ok : failed));
    const gaveUp = retrying.driver.run();
    await retrying.time.advance(5_000);
    await gaveUp;
    // Twice at the first page until it comes; the second has as many attempts of its own.
    expect(moments(retrying.sent)).toEqual([0, 200, 400, 1400, 1600, 1800]);
    expect(retrying.sent[2]?.path).toBe(retrying.sent[0]?.path);

    const leaving = setUp({ workload: { ...workload, whenFailed: { kind: "leave" } } }, () => failed);
    const left = leaving.driver.run();
    await leaving.time.advance(5_000);
    await left;
    expect(leaving.driver.counts).toMatchObject({ requests: 1, failed: 1 });
  });

  test("failures are counted by kind, and the visitor goes on", async () => {
    const replies: Reply[] = [
      { kind: "broken", failure: "connection refused" },
      { ...ok, status: 500, reason: "request timed out" },
      { ...ok, status: 404, reason: "Not Found" },
      ok,
    ];
    const { time, driver } = setUp(
      { workload: { arrivals: trace(0), requestsPerVisit: fixed(4), thinkMs: constant(10) } },
      (_request, index) => replies[index],
    );
    const run = driver.run();
    await time.advance(5_000);
    await run;
    expect(driver.counts).toMatchObject({ requests: 4, completed: 1, failed: 3 });
    expect(driver.counts.failures).toEqual({ "connection refused": 1, "request timed out": 1, "http 404": 1 });
    expect(driver.histograms.response.totalCount).toBe(1);
  });

  test("at the end nobody goes on; who was still walking is counted as cut, and so is no request the end broke off", async () => {
    const { time, sent, driver } = setUp(
      { workload: { arrivals: trace(0, 500), requestsPerVisit: fixed(9), thinkMs: constant(2_000) } },
      (_request, index) => (index < 3 ? ok : { afterMs: 10, reply: { kind: "broken", failure: "connection reset" } }),
    );
    const run = driver.run();
    await time.advance(255);
    driver.end();
    await run;
    await time.advance(5_000);
    expect(sent).toHaveLength(4);
    expect(driver.counts).toMatchObject({ cut: 2, requests: 3, completed: 3, failed: 0 });
  });

  test("who has waited for five seconds when the run ends has failed: a site that hangs does not look like one that answers", async () => {
    const { time, driver } = setUp(
      { workload: { arrivals: trace(0, 10_000, 59_000), requestsPerVisit: fixed(1) } },
      (_request, index) =>
        index === 0 ? ok : { afterMs: 7_000 - index * 1_000, reply: { kind: "broken", failure: "cut off" } },
    );
    const run = driver.run();
    await time.advance(5_950);
    driver.end();
    await run;
    await time.advance(10_000);
    expect(driver.counts).toMatchObject({ requests: 2, completed: 1, failed: 1, failures: { [UNANSWERED]: 1 } });
    expect(driver.outcomes.failed).toEqual([{ dueSlot: 10, endedSlot: 70, failure: UNANSWERED, count: 1 }]);
  });
});
