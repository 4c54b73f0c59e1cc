import { describe, expect, test } from "vitest";
import { closedFormsOf, formsOf } from "../../../sim/analytic/closed-forms.ts";
import { erlangB } from "../../../sim/analytic/erlang.ts";
import { slidingSession } from "../../../sim/analytic/sliding-session.ts";
import { scenarioOf } from "../../scenario-of.ts";

/** Of the formulas given, but for those that say that nothing strikes the site. */
function keysOf(forms: object): string[] {
  return Object.keys(forms).filter((key) => key !== "lostShare" && key !== "failedShare");
}

test("Erlang B agrees with printed tables", () => {
  // Source: tables of the Erlang loss formula (ITU-D Teletraffic Engineering Handbook); 8.108 erl on 15 lines is 1 %.
  expect(erlangB(10, 10)).toBeCloseTo(0.2146, 4);
  expect(erlangB(15, 8.108)).toBeCloseTo(0.01, 5);
  expect(erlangB(117, 100)).toBeLessThan(0.01);
  expect(erlangB(116, 100)).toBeGreaterThan(0.01);
  expect(erlangB(70_000, 73_500)).toBeCloseTo(0.04789, 5);
  expect([erlangB(0, 5), erlangB(3, 0)]).toEqual([1, 0]);
});

test("a session of exponential think times far below the timeout lives for its visit and the timeout", () => {
  const session = slidingSession({
    requestsMean: 10,
    thinkMs: { kind: "exponential", mean: 30_000 },
    timeoutMs: 1_200_000,
    sweepMs: 20_000,
    revives: false,
    logoutShare: 0,
    singleShare: 0.1,
  });
  expect(session.sessionsPerVisit).toBeCloseTo(1, 12);
  expect(session.liveMsPerVisit).toBeCloseTo(9 * 30_000 + 1_200_000, 3);
  expect(session.storedMsPerVisit).toBeCloseTo(9 * 30_000 + 1_210_000, 3);
});

test("think times that all exceed the timeout make a session of every request", () => {
  const session = slidingSession({
    requestsMean: 4,
    thinkMs: { kind: "constant", value: 100_000 },
    timeoutMs: 60_000,
    sweepMs: 0,
    revives: false,
    logoutShare: 0,
    singleShare: 0,
  });
  expect(session).toEqual({ sessionsPerVisit: 4, storedMsPerVisit: 240_000, liveMsPerVisit: 240_000 });
});

describe("no closed form of sessions is offered", () => {
  const scenario = (site: string, workload = "", run = "") =>
    scenarioOf(`
site: { ${site} }
workload: { arrivals: 1, ${workload} }
run: { durationMinutes: 300, ${run.includes("fidelity") ? "" : "fidelity: population,"} ${run.includes("warmup") ? "" : "warmupMinutes: 60,"} ${run} }`);
  test("beside one that is, for a plain site", () => {
    expect(keysOf(closedFormsOf(scenario("")))).toContain("storedSessionsMean");
    expect(closedFormsOf(scenario("sessionsMax: 1000")).refusedShare.name).toBe("Erlang B");
  });
  test.each([
    ["a worker recycle", scenario("recycleEveryMinutes: 30")],
    ["pages without session state", scenario("", "pages: [{ name: a, share: 1, session: none }]")],
    ["clients without cookies", scenario("", "withoutCookiesShare: 0.5")],
    ["a farm without affinity", scenario("servers: 2, affinity: false")],
    [
      "arrivals that come regularly",
      scenarioOf("workload: { arrivals: { kind: constant, perSecond: 1 } }\nrun: { fidelity: population }"),
    ],
    [
      "pages that take a good part of a visit",
      scenario("timeoutMinutes: 1", "pages: [{ name: a, share: 1, cpuMs: 1, waitMs: 1000 }]", "fidelity: requests"),
    ],
    [
      "short waits in much compressed time",
      scenario(
        "coresPerWorker: 4",
        "pages: [{ name: a, share: 1, cpuMs: 0.1, waitMs: 50 }]",
        "fidelity: requests, timeScale: 100",
      ),
    ],
    [
      "an overloaded store",
      scenarioOf(`
site: { mode: StateServer, coresPerWorker: 1024 }
workload: { arrivals: 2000, pages: [{ name: a, share: 1, cpuMs: 0.1 }] }
run: { durationMinutes: 300, warmupMinutes: 60 }`),
    ],
    ["requests sent after the logout", scenario("", "logoutShare: 0.5, parallel: { share: 0.5, requests: 1 }")],
    ["slides that go unrecorded", scenario("timeoutMinutes: 1, expirySlideMinSeconds: 60", "thinkSeconds: 10")],
    ["overloaded cores", scenario("", "pages: [{ name: a, share: 1, cpuMs: 1000 }]", "fidelity: requests")],
  ])("for %s", (_, disturbed) => {
    const ofSessions = /^(stored|live|refused|memory|session)/;
    expect(keysOf(closedFormsOf(disturbed)).filter((key) => ofSessions.test(key))).toEqual([]);
  });
  test("but the visits, at a cap that fills at once and is given back all together", () => {
    const alike = "requestsPerVisit: 3, thinkSeconds: 1";
    expect(keysOf(closedFormsOf(scenario("sessionsMax: 600", alike, "warmupMinutes: 150")))).toEqual([
      "visitsPerSecond",
    ]);
    const unlike = "requestsPerVisit: { kind: geometric, mean: 10 }, thinkSeconds: { kind: exponential, mean: 60 }";
    expect(closedFormsOf(scenario("sessionsMax: 600", unlike, "warmupMinutes: 150")).refusedShare.name).toBe(
      "Erlang B",
    );
  });
  test("but the visits, at a cap that visitors meet more than once", () => {
    const visits = ["visitsPerSecond"];
    const returns = "requestsPerVisit: 2, thinkSeconds: { kind: exponential, mean: 1200 }";
    expect(keysOf(closedFormsOf(scenario("sessionsMax: 1000", returns, "warmupMinutes: 250")))).toEqual(visits);
    const retry = "whenRefused: { kind: retry, afterSeconds: 5, attemptsMax: 3 }";
    expect(keysOf(closedFormsOf(scenario("sessionsMax: 1000", retry)))).toEqual(visits);
  });
  test("for refusals when those refused come back, or places are given back in large batches", () => {
    const retry = scenario("sessionsMax: 1000", "whenRefused: { kind: retry, afterSeconds: 5, attemptsMax: 3 }");
    expect(closedFormsOf(retry).refusedShare).toBeUndefined();
    expect(closedFormsOf(scenario("sessionsMax: 1000, mode: SQLServer")).refusedShare).toBeUndefined();
  });
});

describe("a site that is not in balance", () => {
  const filling = (site: string, workload: string, run = "warmupMinutes: 0") =>
    closedFormsOf(
      scenarioOf(`
site: { ${site} }
workload: { ${workload} }
run: { fidelity: population, durationMinutes: 240, ${run} }`),
    );
  test("has formulas of its own: four hours from empty, and a warm-up shorter than visits last", () => {
    const forms = filling("expirySweepSeconds: 0", "arrivals: 50");
    // λ(t − E[S_e]) once all of S is past: 50/s × (S t − E[S²]/2)/t, and S is 1200 s and, for nine in ten, an exponential rest of 300 s.
    const [stay, square] = [1470, 1200 ** 2 + 2 * 1200 * 270 + 0.9 * 2 * 300 ** 2];
    expect(forms.storedSessionsMean.value).toBeCloseTo((50 * (stay * 14_400 - square / 2)) / 14_400, 5);
    expect(forms.liveSessionsMean.value).toBeCloseTo(forms.storedSessionsMean.value, 9);
    // Requests of those who came in the last minutes are still to come: 9 × 300 s of arrivals at 50/s.
    expect(forms.requestsPerSecond.value).toBeCloseTo(500 - (50 * 9 * 300) / 14_400, 5);
    expect(keysOf(forms)).not.toContain("sessionLifetimeMeanSeconds");
    expect(forms.visitsPerSecond.value).toBe(50);
  });
  test("counts who comes while the rate climbs, from the end of the warm-up on", () => {
    const ramp = "arrivals: { kind: ramp, fromPerSecond: 0, toPerSecond: 12, overMinutes: 120 }";
    // From 60 to 120 minutes 9/s on average, 12/s from there to 240.
    expect(filling("", ramp, "warmupMinutes: 60").visitsPerSecond.value).toBeCloseTo((9 * 60 + 12 * 120) / 180, 12);
  });
  test("has them with a cap too that is never met", () => {
    const [free, spared] = [filling("", "arrivals: 50"), filling("sessionsMax: 80000", "arrivals: 50")];
    expect(spared.storedSessionsMean).toEqual(free.storedSessionsMean);
    expect(keysOf(spared)).not.toContain("refusedShare");
    expect(keysOf(filling("sessionsMax: 74000", "arrivals: 50"))).toEqual(["visitsPerSecond"]);
  });
  test("has the visits alone, and no error, at loads beyond all sense", () => {
    expect(keysOf(filling("sessionsMax: 5, timeoutMinutes: 525600", "arrivals: 1000000"))).toEqual(["visitsPerSecond"]);
  });
  test("counts who comes in a burst, and who is still there", () => {
    const burst = "arrivals: { kind: burst, perSecond: 1, burstPerSecond: 11, burstAtMinutes: 200, burstMinutes: 10 }";
    const [calm, busy] = [filling("", "arrivals: 1"), filling("", burst)];
    expect(busy.visitsPerSecond.value).toBeCloseTo(1 + 6000 / 14_400, 9);
    // 6,000 more visits, each there from 200 to 210 minutes and on to the end, unless it is over by then.
    const more = ((busy.storedSessionsMean.value - calm.storedSessionsMean.value) * 14_400) / 6000;
    expect(more).toBeGreaterThan(1470 - 60);
    expect(more).toBeLessThan(1480);
  });
  test("has the visits alone with a cap, with other counts of requests, and with logouts", () => {
    for (const forms of [
      filling("sessionsMax: 1000", "arrivals: 1"),
      filling("", "arrivals: 1, requestsPerVisit: 40"),
      filling("", "arrivals: 1, logoutShare: 0.5, thinkSeconds: { kind: exponential, mean: 300 }"),
    ]) {
      expect(keysOf(forms)).toEqual(["visitsPerSecond"]);
    }
  });
  test("has the requests too where visits are short beside what is measured", () => {
    const forms = filling("", "arrivals: 1, requestsPerVisit: 4", "warmupMinutes: 10");
    expect(keysOf(forms)).toEqual(["visitsPerSecond", "requestsPerSecond"]);
    expect(forms.requestsPerSecond.value).toBe(4);
  });
});

test("nothing but the visits is told of a site whose queues only grow", () => {
  const slow = "pages: [{ name: a, share: 1, cpuMs: 1000 }]";
  const scenario = scenarioOf(`workload: { arrivals: 1, ${slow} }\nrun: { durationMinutes: 300, warmupMinutes: 60 }`);
  expect(keysOf(closedFormsOf(scenario))).toEqual(["visitsPerSecond", "lockWaitShare"]);
  expect(formsOf(scenario).withheld.responseMeanMs).toBe("a queue grows without end");
});

test("requests sent in parallel are counted at a cap as without one, for those who get in", () => {
  const requests = (cap: string) => {
    const workload = "{ arrivals: 1, requestsPerVisit: 3, parallel: { share: 0.5, requests: 4 } }";
    const run = "{ fidelity: population, durationMinutes: 300, warmupMinutes: 60 }";
    return closedFormsOf(scenarioOf(`site: { ${cap} }\nworkload: ${workload}\nrun: ${run}`)).requestsPerSecond.value;
  };
  expect(requests("")).toBeCloseTo(9, 12);
  expect(requests("sessionsMax: 100000")).toBeCloseTo(9, 12);
  expect(requests("sessionsMax: 0")).toBeCloseTo(1, 12);
});
