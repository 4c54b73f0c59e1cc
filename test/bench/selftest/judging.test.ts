import { describe, expect, test } from "vitest";
import { judgeClocks, judgeMachine } from "../../../bench/selftest/clocks.ts";
import { judgeClosedLoop } from "../../../bench/selftest/closed-loop.ts";
import { judgePacing } from "../../../bench/selftest/pacing.ts";
import { expectedStallP99Ms, judgeStall } from "../../../bench/selftest/stall.ts";

describe("the pacing check", () => {
  const good = {
    starts: 10_000,
    slotShareMax: 1.2,
    lagP50Ms: 0.001,
    lagP99Ms: 0.4,
    lagMaxMs: 30,
    busyShare: 0.2,
  };

  test.each([
    [{}, true],
    [{ slotShareMax: 2 }, true],
    [{ slotShareMax: 2.01 }, false],
    [{ lagP50Ms: 0.051 }, false],
    [{ lagP99Ms: 5.1 }, false],
  ])("%o: held %s", (change, held) => {
    expect(judgePacing("pacing", { ...good, ...change }).held).toBe(held);
  });
});

describe("the stall check", () => {
  const good = {
    starts: 300,
    samples: 300,
    failed: 0,
    stallMs: 500,
    responseP99Ms: 475,
    serviceP99Ms: 4,
    expectedP99Ms: expectedStallP99Ms(500, 3_000),
  };

  test("a hundredth of the starts waits longer than the stall less a hundredth of the run", () => {
    expect(expectedStallP99Ms(500, 3_000)).toBe(470);
    expect(expectedStallP99Ms(10, 3_000)).toBe(0);
  });

  test.each([
    [{}, true],
    [{ samples: 299 }, false],
    [{ responseP99Ms: 250 }, false],
    [{ serviceP99Ms: 470 }, false],
  ])("%o: held %s", (change, held) => {
    expect(judgeStall({ ...good, ...change }).held).toBe(held);
  });
});

describe("the closed loop checks", () => {
  test("judged by the median of the rounds' ratios; wrk is told and not judged", () => {
    const [autocannon, wrk] = judgeClosedLoop({
      connections: 32,
      ours: [900, 100, 800],
      autocannon: [1_000, 1_000, 1_000],
      wrk: [2_000, 2_000, 2_000],
    });
    expect(autocannon).toMatchObject({ held: true, figures: { ratio: 0.8, ratioMin: 0.1, ratioMax: 0.9 } });
    expect(wrk).toMatchObject({ held: null, figures: { ratio: 0.4 } });
  });

  test("below 0.8 of autocannon is not held, and without wrk it says how to get it", () => {
    const [autocannon, wrk] = judgeClosedLoop({ connections: 32, ours: [790], autocannon: [1_000], wrk: [] });
    expect(autocannon.held).toBe(false);
    expect(wrk.said).toContain("apt-get install wrk");
    expect(wrk.figures.ratio).toBeNull();
  });
});

test("a tool that saw requests fail is no figure, and not held", () => {
  const [check, ...others] = judgeClosedLoop(new Error("wrk: Socket errors: timeout 3"));
  expect(check).toMatchObject({ held: false, said: "wrk: Socket errors: timeout 3", figures: {} });
  expect(others).toEqual([]);
});

describe("the checks of the machine", () => {
  test("a coarse clock and late timers are not held", () => {
    const good = { resolutionMs: 0.0002, idleDelayP50Ms: 0.1, idleDelayP99Ms: 0.3, idleDelayMaxMs: 9 };
    expect(judgeClocks(good).held).toBe(true);
    expect(judgeClocks({ ...good, resolutionMs: 1 }).held).toBe(false);
    expect(judgeClocks({ ...good, idleDelayP99Ms: 6 }).held).toBe(false);
  });

  test("other work on the machine is not held and is named; what the machine does not tell is said so", () => {
    const quiet = {
      loopDelayP99Ms: 1,
      clockStepMs: 0.4,
      otherLoadShare: 0.01,
      stealShare: 0,
      swappedPages: 0,
      siteProcessors: null,
    };
    expect(judgeMachine(quiet, 0.2).held).toBe(true);
    const busy = judgeMachine({ ...quiet, otherLoadShare: 0.8 }, 7);
    expect(busy.held).toBe(false);
    expect(busy.said).toContain("80.0 %");
    expect(judgeMachine({ ...quiet, otherLoadShare: null, stealShare: null }, 0).said).toContain("not known here");
  });
});
